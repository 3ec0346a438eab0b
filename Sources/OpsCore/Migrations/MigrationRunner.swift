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

    /// - Throws: ``Stop``. A transaction that the file left open is rolled back and reported as a failure, because the
    ///   work in it would be lost with the session.
    mutating func run(on session: MariaDBHandle) throws {
        var last: (ScriptStatement, Int)?
        try MigrationScript.forEachStatement(of: script.file, dialect: session.dialect) { statement, dialect in
            let index = done.count + 1
            do {
                try statement.text.withUnsafeBytes { _ = try session.execute(bytes: $0) }
            } catch let error as DatabaseError {
                throw stop(statement, index, error)
            }
            done.append(.init(index: index, line: statement.line))
            if !session.isInTransaction { committedCount = done.count }
            dialect = session.dialect
            last = (statement, index)
        }
        if let (statement, index) = last, session.isInTransaction {
            throw stop(
                statement, index,
                DatabaseError(
                    kind: .other,
                    message: "the file ends with an open transaction, which was rolled back; end it with COMMIT"))
        }
    }

    private func stop(_ statement: ScriptStatement, _ index: Int, _ error: DatabaseError) -> Stop {
        Stop(
            position: .init(line: statement.line, column: statement.column, kind: .other), index: index,
            statement: String(decoding: statement.text.prefix(2000), as: UTF8.self),
            committed: Array(done.prefix(committedCount)), cause: error)
    }
}

extension MariaDBHandle {
    /// How the session reads literals at this moment.
    var dialect: ScriptDialect { ScriptDialect(ansiQuotes: ansiQuotes, noBackslashEscapes: noBackslashEscapes) }
}
