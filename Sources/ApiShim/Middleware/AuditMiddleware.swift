import HTTPTypes
import Hummingbird
import OpsCore
import Synchronization

/// What a handler adds to the audit of its request.
final class AuditNote: Sendable {
    private let text = Mutex("")

    /// What the request was about.
    var subject: String {
        get { text.withLock { $0 } }
        set { text.withLock { $0 = newValue } }
    }
}

/// Writes down who asked for what change, and what came of it.
///
/// A change that an unknown caller was refused is left to the access log, so nobody can fill the table. Where the row
/// cannot be written the log has it, and the answer stays as it is.
struct AuditMiddleware: RouterMiddleware {
    private static let reading: Set<HTTPRequest.Method> = [.get, .head, .options, .trace]

    let audit: AuditLog
    /// Whose word on where a request comes from is taken.
    let proxies: [IPNetwork]

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        guard !Self.reading.contains(request.method) else { return try await next(request, context) }
        do {
            let response = try await next(request, context)
            await note(request, context, response.status.code)
            return response
        } catch {
            await note(request, context, ErrorAnswer.status(of: error).code)
            throw error
        }
    }

    private func note(_ request: Request, _ context: ShimContext, _ status: Int) async {
        guard context.identity != nil || status < 300 else { return }
        let record = AuditRecord(
            account: context.identity?.userName ?? "", role: context.identity?.userRole.rawValue ?? "",
            action: "\(request.method) \(context.endpointPath ?? request.uri.path)", subject: context.audit.subject,
            address: context.client(of: request, trusting: proxies) ?? "", status: status, requestID: context.id)
        do {
            // In a task of its own: the client may have gone.
            try await Task { try await audit.write(record) }.value
        } catch {
            context.logger.error(
                "audit row not written",
                metadata: [
                    "account": "\(record.account)", "action": "\(record.action)", "subject": "\(record.subject)",
                    "status": "\(status)", "error": "\(error)",
                ])
        }
    }
}
