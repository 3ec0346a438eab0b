import HTTPTypes
import Hummingbird
import OpsCore

/// `/api/admin/smtp/…`, for administrators: whether mail can be sent, stage by stage.
struct MailController: Sendable {
    private struct Order: Decodable {
        var to: String
    }

    let settings: MailSettings

    func addRoutes(to routes: ShimRoutes) {
        routes.requiring(.administrator)
            .get("/api/admin/smtp/test", use: test)
            .post("/api/admin/smtp/send", use: send)
    }

    /// Sends nothing. A server that cannot be used is a finding, not a failure of the request.
    private func test(_: Request, _: ShimContext) async throws -> Response {
        try ShimJSON.response(try await SMTPProbe(settings).run())
    }

    private func send(_ request: Request, _ context: ShimContext) async throws -> Response {
        let order = try await JSONBody.decode(Order.self, from: request)
        let recipient: MailAddress
        do {
            recipient = try MailAddress(parsing: order.to)
        } catch let error as MailError {
            throw OperationError(.badRequest, "INVALID_ADDRESS", error.message)
        }
        context.audit.subject = recipient.address
        return try ShimJSON.response(
            try await SMTPProbe(settings, .init(recipient: recipient, sends: true)).run())
    }
}
