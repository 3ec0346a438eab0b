extension MigrationRunner {
    /// What failed, with what stays of the statements before it.
    struct Stop: Error {
        /// Number of the statement; one more than there are for a post-condition.
        var index: Int
        var line: Int
        var column: Int
        var statement: String
        /// So many statements of the file are committed.
        var committed: Int
        var cause: any OperatorError
        /// Rows for the journal of statements that ran before, and were not taken back.
        var pending: [MigrationJournal.Entry] = []
        /// Name of the backup that was made before.
        var backup: String?
        var outcome = Outcome.stopped
        /// What was changed in tables without transactions was not taken back.
        var leavesRows = false

        /// Stands in the place of a statement where the file could not be written into the ledger.
        static let recording = "(recording the file in schema_version)"
    }

    /// What became of the statement at which a file stopped.
    enum Outcome: Sendable {
        case stopped
        /// The file was recorded all the same, before the failure was seen.
        case recorded
        /// The connection was lost, and nobody tells what the server did.
        case unknown
    }
}

extension MigrationRunner.Stop {
    typealias Outcome = MigrationRunner.Outcome

    /// A statement failed.
    init(_ statement: ScriptStatement, _ cause: any OperatorError, _ runner: MigrationRunner) {
        self.init(
            index: statement.index, line: statement.line, column: statement.column,
            statement: String(decoding: statement.text.prefix(2000), as: UTF8.self), cause, runner)
    }

    init(
        index: Int, line: Int, column: Int = 1, statement: String, _ cause: any OperatorError, _ runner: MigrationRunner
    ) {
        self.index = index
        self.line = line
        self.column = column
        self.statement = statement
        self.cause = cause
        committed = max(runner.durable, runner.transactionStart ?? runner.executed)
        if let start = runner.transactionStart { committed = min(start, committed) }
        pending = runner.pendingEntries(through: committed)
        backup = runner.journal.backup
    }

    /// Before the first statement of a file.
    init(before script: MigrationScript, _ cause: any OperatorError, backup: String?) {
        let first = script.statements[0]
        index = 1
        line = first.line
        column = first.column
        statement = ""
        committed = 0
        self.cause = cause
        self.backup = backup
    }

    static func openTransaction(in runner: MigrationRunner) -> Self {
        let count = runner.script.statements.count
        let last = runner.script.statements[count - 1]
        return Self(
            index: count, line: last.line, column: last.column, statement: "",
            DatabaseError(
                kind: .other,
                message: "the file ends with an open transaction, which was rolled back; end it with COMMIT"), runner)
    }
}
