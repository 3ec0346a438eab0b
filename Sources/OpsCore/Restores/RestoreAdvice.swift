/// Advice that names commands about restores. Where a restore went into another database than that of the settings, the
/// commands have to name it as well: without that, they are about the wrong one.
public struct RestoreAdvice: Sendable {
    /// What stands behind each command.
    private let option: String

    /// - Parameter database: the other database; nil for that of the settings.
    public init(into database: String?) {
        option = database.map { " --into " + Self.word($0) } ?? ""
    }

    /// For a shell.
    private static func word(_ text: String) -> String {
        text.wholeMatch(of: /[A-Za-z0-9_.-]+/) != nil ? text : "'\(text.replacing("'", with: #"'\''"#))'"
    }

    public func text(_ text: String) -> String {
        text.replacing(/restore (status|resume|undo|discard)\b/) { "\($0.output.0)\(option)" }
    }

    public func status(_ status: RestoreStatus) -> RestoreStatus {
        var status = status
        for index in status.restores.indices {
            status.restores[index].choices = status.restores[index].choices.map(text)
        }
        return status
    }

    /// Runs `body`, and lets the errors of restores advise what is right.
    public func failing<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as RestoreError {
            throw RestoreError(error.code, error.message, hint: error.hint.map(text), exit: error.exitStatus)
        }
    }
}
