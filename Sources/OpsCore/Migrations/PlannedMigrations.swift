/// Every statement that a run would execute, as `migrate plan` prints it.
public struct PlannedMigrations: Codable, Sendable, Equatable {
    /// One statement.
    public struct Statement: Codable, Sendable, Equatable {
        /// Counts from 1 in its file.
        public let index: Int
        public let line: Int
        public let column: Int
        /// The text as it would be sent; one above 64 KiB is cut.
        public let sql: String
        public let kind: StatementKind
        /// What it would lock or copy; null where that is not known.
        @EncodedAsNull public var effect: String?
    }

    /// One file.
    public struct File: Codable, Sendable, Equatable {
        public let file: String
        public let version: Int
        public let statements: [Statement]
    }

    /// The files to run, in order.
    public let pending: [File]

    /// - Parameter files: each with the number of its statements that are done and are not run again.
    init(_ files: [(MigrationFile, done: Int)], dialect: ScriptDialect) throws {
        pending = try files.map { file, done in
            var statements: [Statement] = []
            try MigrationScript.forEachStatement(of: file, dialect: dialect) { statement, _ in
                if statement.index > done { statements.append(Statement(statement)) }
            }
            return File(file: file.name, version: file.version, statements: statements)
        }
    }
}

extension PlannedMigrations.Statement {
    init(_ statement: ScriptStatement) {
        index = statement.index
        line = statement.line
        column = statement.column
        sql = String(decoding: statement.text.prefix(64 << 10), as: UTF8.self)
        kind = StatementKind(of: statement.text)
        effect = StatementEffect(of: sql)?.text
    }
}
