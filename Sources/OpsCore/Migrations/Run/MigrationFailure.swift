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

extension MigrationFailure {
    init(_ stop: MigrationRunner.Stop, of script: MigrationScript) {
        let cause = stop.cause as? DatabaseError
        self.init(
            file: script.file.name, line: stop.line, column: stop.column, statementIndex: stop.index,
            statementCount: script.statements.count, statement: stop.statement, code: Int(cause?.number ?? 0),
            sqlstate: cause?.sqlState ?? "HY000", message: stop.cause.message,
            committed: (0..<stop.committed).map { .init(index: $0 + 1, line: script.statements[$0].line) },
            choices: Self.choices(stop, script)
                + (stop.backup.map { ["go back to the backup that was made before: sysndd-ctl restore \($0)"] } ?? []))
    }

    private static func choices(_ stop: MigrationRunner.Stop, _ script: MigrationScript) -> [String] {
        let name = script.file.name
        guard stop.committed > 0 else { return ["correct \(name) and run sysndd-ctl migrate again"] }
        guard stop.index <= script.statements.count else {
            return [
                "add statements at the end of \(name) that make it true, or correct the condition, then run "
                    + "sysndd-ctl migrate again: only what was added is run",
                "correct \(name), if it is written to run twice, then run sysndd-ctl migrate up --restart",
            ]
        }
        return [
            "correct \(name) from statement \(stop.committed + 1) on, then run sysndd-ctl migrate again: it goes on there",
            "correct \(name), if it is written to run twice, then run sysndd-ctl migrate up --restart",
            "do what statement \(stop.index) does by hand, then run sysndd-ctl migrate repair --mark-done "
                + "\(name):\(stop.index) and sysndd-ctl migrate",
        ]
    }
}
