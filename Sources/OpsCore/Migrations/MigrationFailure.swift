/// Why a migration stopped, where, and what state that leaves: enough to decide what to do at three in the morning.
public struct MigrationFailure: Codable, Sendable, Equatable {
    public let file: String
    /// Where the statement begins; both count from 1.
    public let line: Int
    public let column: Int
    /// Which statement of the file, from 1.
    public let statementIndex: Int
    public let statementCount: Int
    /// The statement's text; a long one is cut.
    public let statement: String
    /// The server's error number.
    public let code: Int
    public let sqlstate: String
    public let message: String
    /// The statements of this file that are committed and stay, in order.
    public let committed: [Committed]
    /// What can be done now.
    public let choices: [String]

    /// A statement that was committed.
    public struct Committed: Codable, Sendable, Equatable {
        public let index: Int
        public let line: Int
    }
}

/// Ends a migration run that applied some files and failed in one.
public struct MigrationRunError: OperatorError {
    /// What the run did before, with the failure.
    public let result: MigrationResult
    let failure: MigrationFailure
    let cause: DatabaseError

    public var code: String { cause.kind == .interrupted ? "MIGRATION_INTERRUPTED" : "MIGRATION_FAILED" }
    public var exitStatus: ExitStatus {
        switch cause.kind {
        case .unreachable, .interrupted, .lockWaitTimeout: cause.exitStatus
        default: .failed
        }
    }
    public var message: String {
        """
        \(failure.file):\(failure.line):\(failure.column): statement \(failure.statementIndex) of \
        \(failure.statementCount) failed: \(failure.message) (\(failure.code), \(failure.sqlstate))
        \(failure.statement)
        \(committedText)
        """
    }
    public var hint: String? { failure.choices.map { "- " + $0 }.joined(separator: "\n") }

    private var committedText: String {
        let indexes = failure.committed.map { String($0.index) }
        return indexes.isEmpty
            ? "no statement of this file is committed"
            : "committed and in force: statement \(indexes.joined(separator: ", ")) of \(failure.statementCount)"
    }
}
