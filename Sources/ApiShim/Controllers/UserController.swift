import Foundation
import HTTPTypes
import Hummingbird
import OpsCore

/// `/api/user/…`: decisions about registrations, and new passwords.
struct UserController: Sendable {
    private struct Done: Encodable {
        var message: String
    }

    private struct ResetRequest: Decodable {
        var email: String
    }

    private struct ResetChange: Decodable {
        var password: String
        var passwordConfirm: String

        enum CodingKeys: String, CodingKey {
            case password
            case passwordConfirm = "password_confirm"
        }
    }

    let flows: AccountFlows

    func addRoutes(to routes: ShimRoutes) {
        routes.requiring(.curator).put("/api/user/approval", use: decide)
        routes.requiring(.administrator).delete("/api/user/delete", use: delete)
        routes.throttled
            .post("/api/user/password/reset/request", use: requestReset)
            .put("/api/user/password/reset/request", use: requestResetByForm)
        routes.anyone.post("/api/user/password/reset/change", use: changePassword)
        routes.requiring(.viewer).put("/api/user/password/update", use: updatePassword)
    }

    // MARK: - Registrations

    private func decide(_ request: Request, _ context: ShimContext) async throws -> Response {
        let id = try request.userID()
        guard let isApproved = request.uri.queryParameters["status_approval"].flatMap({ Self.truth($0) }) else {
            throw HTTPError(.badRequest, message: "status_approval must be TRUE or FALSE")
        }
        context.audit.subject = "\(id) \(isApproved ? "approved" : "rejected")"
        return try ShimJSON.response(await flows.decide(id, isApproved: isApproved, by: context.signedIn()))
    }

    /// An account that is not there is a 404 here, not a 409 as for decisions: so the application's own API has it.
    private func delete(_ request: Request, _ context: ShimContext) async throws -> Response {
        let id = try request.userID()
        context.audit.subject = "\(id)"
        do {
            try await flows.delete(id)
        } catch let error as AccountError where error.kind == .unknownAccount {
            throw OperationError(.notFound, error.code, error.message)
        }
        return try ShimJSON.response(Done(message: "User successfully deleted."))
    }

    /// The words that R takes for a truth value.
    private static func truth(_ text: Substring) -> Bool? {
        switch text.lowercased() {
        case "true", "t": true
        case "false", "f": false
        default: nil
        }
    }

    // MARK: - Passwords

    private func requestReset(_ request: Request, _: ShimContext) async throws -> Response {
        let given = try await JSONBody.decode(ResetRequest.self, from: request)
        return try ShimJSON.response(Done(message: await flows.requestReset(email: given.email)))
    }

    private func requestResetByForm(_ request: Request, _: ShimContext) async throws -> Response {
        let email = request.uri.queryParameters["email_request"].map(String.init) ?? ""
        return try ShimJSON.response(Done(message: await flows.requestReset(email: email)))
    }

    /// The token is looked at before the body: without a link nothing else matters.
    private func changePassword(_ request: Request, _ context: ShimContext) async throws -> Response {
        guard let header = request.headers[.authorization] else {
            throw HTTPError(
                .unauthorized, headers: ErrorAnswer.challenge, message: "the link's token is needed here")
        }
        let token = try BearerToken.text(of: header)
        context.audit.subject = "\(try await flows.checkResetLink(token))"
        let given = try await JSONBody.decode(ResetChange.self, from: request)
        try await flows.changePassword(
            token: token, to: Secret(given.password), repeated: Secret(given.passwordConfirm))
        return try ShimJSON.response(Done(message: "Password successfully changed."), status: .created)
    }

    private func updatePassword(_ request: Request, _ context: ShimContext) async throws -> Response {
        let update = try await JSONBody.decode(UpdateBody.self, from: request).update
        context.audit.subject = "\(update.userID)"
        try await flows.updatePassword(update, by: context.signedIn())
        return try ShimJSON.response(Done(message: "Password successfully changed."), status: .created)
    }
}

/// The body of a change of password; the admin app sends the id as a number or as text.
private struct UpdateBody: Decodable {
    let update: PasswordUpdate

    private enum Key: String, CodingKey {
        case id = "user_id_pass_change"
        case old = "old_pass"
        case new = "new_pass_1"
        case repeated = "new_pass_2"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let number = try? values.decode(Int.self, forKey: .id)
        guard let id = try number ?? Int(values.decode(String.self, forKey: .id)) else {
            throw DecodingError.dataCorruptedError(forKey: .id, in: values, debugDescription: "not a number")
        }
        update = PasswordUpdate(
            userID: id, old: Secret(try values.decodeIfPresent(String.self, forKey: .old) ?? ""),
            new: Secret(try values.decode(String.self, forKey: .new)),
            repeated: Secret(try values.decode(String.self, forKey: .repeated)))
    }
}

extension Request {
    fileprivate func userID() throws -> Int {
        guard let id = uri.queryParameters["user_id"].flatMap({ Int($0) }) else {
            throw HTTPError(.badRequest, message: "user_id must be a whole number")
        }
        return id
    }
}
