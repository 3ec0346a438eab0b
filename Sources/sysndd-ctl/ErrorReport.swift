import Foundation
import OpsCore

/// How a failed command ends: the same value as text or JSON.
struct ErrorReport: Encodable {
    private struct Body: Encodable {
        var code: String
        var message: String
        @EncodedAsNull var hint: String?
    }

    private enum Key: String, CodingKey { case error }

    private let body: Body
    /// What a migration run did before it failed.
    private let partial: MigrationResult?
    let exitStatus: ExitStatus

    init(_ error: any Error) {
        partial = (error as? MigrationRunError)?.result
        switch error {
        case let error as any OperatorError:
            body = Body(code: error.code, message: error.message, hint: error.hint)
            exitStatus = error.exitStatus
        case is CancellationError:
            body = Body(code: "INTERRUPTED", message: "stopped by a signal before anything more was done", hint: nil)
            exitStatus = .interrupted
        default:
            body = Body(code: "FAILED", message: "\(error)", hint: nil)
            exitStatus = .failed
        }
    }

    /// Wrong usage of the command line.
    init(usage message: String, help: String) {
        partial = nil
        body = Body(code: "WRONG_USAGE", message: message, hint: help)
        exitStatus = .usage
    }

    func encode(to encoder: any Encoder) throws {
        try partial?.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(body, forKey: .error)
    }

    var text: String {
        "sysndd-ctl: \(body.message)" + (body.hint.map { "\n\($0)" } ?? "")
    }
}
