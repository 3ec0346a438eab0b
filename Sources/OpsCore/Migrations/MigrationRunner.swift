/// Runs the statements of one file on a session and keeps count of what is committed.
struct MigrationRunner {
    /// The statement that failed, with what stays of those before it.
    struct Stop: Error {
        var position: MigrationScript.Statement
        var index: Int
        var statement: String
        var committed: [MigrationFailure.Committed]
        var cause: DatabaseError
    }

    let script: MigrationScript
    private var done: [MigrationFailure.Committed] = []
    private var committedCount = 0

    init(_ script: MigrationScript) { self.script = script }

    /// Runs all statements. The DML that ends the file runs in one transaction, so that it can be committed together with
    /// the file's row in the ledger.
    /// - Returns: true when that transaction is open and waits for its COMMIT.
    /// - Throws: ``Stop``, also for a transaction that the file itself left open: its work would be lost with the session.
    mutating func run(on session: MariaDBHandle) throws -> Bool {
        var ownsTransaction = false
        var last: ScriptStatement?
        try MigrationScript.forEachStatement(of: script.file, dialect: session.dialect) { statement, dialect in
            guard !Task.isCancelled else { throw stop(statement, .stoppedBySignal) }
            do {
                // A file that has switched autocommit off, or opened a transaction, commits by itself.
                if done.count == script.finalDML, session.isAutocommitting, !session.isInTransaction {
                    try session.execute("START TRANSACTION")
                    ownsTransaction = true
                }
                try statement.text.withUnsafeBytes { _ = try session.execute(bytes: $0) }
            } catch let error as DatabaseError {
                throw stop(statement, error)
            }
            done.append(.init(index: done.count + 1, line: statement.line))
            if !session.isInTransaction { committedCount = done.count }
            dialect = session.dialect
            last = statement
        }
        if let last, session.isInTransaction, !ownsTransaction {
            done.removeLast()
            throw stop(
                last,
                DatabaseError(
                    kind: .other,
                    message: "the file ends with an open transaction, which was rolled back; end it with COMMIT"))
        }
        return ownsTransaction
    }

    private func stop(_ statement: ScriptStatement, _ error: DatabaseError) -> Stop {
        Stop(
            position: .init(line: statement.line, column: statement.column, kind: .other), index: done.count + 1,
            statement: String(decoding: statement.text.prefix(2000), as: UTF8.self),
            committed: Array(done.prefix(committedCount)), cause: error)
    }
}

extension MigrationRunner.Stop {
    /// Before the first statement of a file.
    init(before script: MigrationScript, _ cause: DatabaseError) {
        self.init(position: script.statements[0], index: 1, statement: "", committed: [], cause: cause)
    }

    /// After the last statement of a file, when it could not be recorded as applied. What of its final DML is committed
    /// then is not known, so only the statements before that are said to be.
    init(recording script: MigrationScript, _ cause: DatabaseError) {
        let count = script.statements.count
        self.init(
            position: script.statements[count - 1], index: count, statement: "(recording the file in schema_version)",
            committed: (0..<script.finalDML).map { .init(index: $0 + 1, line: script.statements[$0].line) },
            cause: cause)
    }
}

extension MariaDBHandle {
    /// How the session reads literals at this moment.
    var dialect: ScriptDialect { ScriptDialect(ansiQuotes: ansiQuotes, noBackslashEscapes: noBackslashEscapes) }
}
