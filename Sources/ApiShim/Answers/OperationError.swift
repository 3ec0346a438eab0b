import Foundation
import HTTPTypes
import OpsCore

/// An operation that was refused or failed: answered as `{error: CODE, message, …}`.
///
/// A handler throws it; what is wrong with the request as such is an `HTTPError` instead, which is answered as a problem.
struct OperationError: Error {
    let status: HTTPResponse.Status
    /// A stable upper-case name, such as `BACKUP_IN_PROGRESS`.
    let code: String
    let message: String
    /// Further fields of the body, by their names there.
    var fields: [String: JSONScalar] = [:]
    var headers: HTTPFields = [:]

    init(
        _ status: HTTPResponse.Status, _ code: String, _ message: String, fields: [String: JSONScalar] = [:],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields
        self.headers = headers
    }

    /// The body.
    var body: [String: JSONScalar] {
        fields.merging(["error": .text(code), "message": .text(message)]) { $1 }
    }

    /// What an account operation says to its caller.
    init(_ error: AccountError) {
        self.init(Self.status(of: error.kind), error.code, error.message, headers: Self.headers(of: error.kind))
    }

    private static func headers(of kind: AccountError.Kind) -> HTTPFields {
        if kind == .overloaded { return [.retryAfter: "5"] }
        return status(of: kind) == .unauthorized ? ErrorAnswer.challenge : [:]
    }

    private static func status(of kind: AccountError.Kind) -> HTTPResponse.Status {
        switch kind {
        case .notConfigured, .weakKey, .overloaded: .serviceUnavailable
        case .badToken, .expiredToken, .wrongCredentials, .sessionEnded, .roleTooLow: .unauthorized
        case .badInput: .badRequest
        case .invalidRegistration: .notFound
        case .notAllowed: .forbidden
        case .duplicate, .unknownAccount, .alreadyActive, .notApproved, .inUse, .badPassword, .usedLink: .conflict
        case .hashFailed: .internalServerError
        }
    }
}

/// A value in the body of an ``OperationError``.
enum JSONScalar: Encodable, Equatable {
    case text(String)
    case number(Int)
    case null

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .null: try container.encodeNil()
        }
    }
}
