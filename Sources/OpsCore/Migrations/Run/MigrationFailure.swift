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
    /// The applied file whose state the schema has, as far as that goes; null where none is applied.
    @EncodedAsNull public var schemaAfter: String?
    /// The file, where something of it is committed or may be: the schema stands between the two.
    @EncodedAsNull public var schemaBefore: String?

    /// A statement that was committed.
    public struct Committed: Codable, Sendable, Equatable {
        public let index: Int
        public let line: Int
    }
}

extension MigrationFailure {
    /// - Parameter latest: the file that was applied last.
    init(_ stop: MigrationRunner.Stop, of script: MigrationScript, behind latest: String?) {
        let cause = stop.cause as? DatabaseError
        self.init(
            file: script.file.name, line: stop.line, column: stop.column, statementIndex: stop.index,
            statementCount: script.statements.count, statement: stop.statement, code: Int(cause?.number ?? 0),
            sqlstate: cause?.sqlState ?? "HY000", message: stop.message,
            committed: (0..<stop.committed).map { .init(index: $0 + 1, line: script.statements[$0].line) },
            choices: Self.choices(stop, script)
                + (stop.backup.map { ["go back to the backup that was made before: sysndd-ctl restore \($0)"] } ?? []),
            schemaAfter: stop.outcome == .recorded ? script.file.name : latest,
            schemaBefore: stop.isBetween ? script.file.name : nil)
    }

    private static func choices(_ stop: MigrationRunner.Stop, _ script: MigrationScript) -> [String] {
        let name = script.file.name
        let again = "run sysndd-ctl migrate again: "
        switch stop.outcome {
        case .recorded: return [again + "it goes on behind \(name)"]
        case .unknown: return [again + "it finds out what was done, and goes on there"]
        case .stopped: break
        }
        let goesOn =
            stop.committed < script.statements.count
            ? "it goes on with statement \(stop.committed + 1)" : "it goes on behind statement \(stop.committed)"
        if stop.isPassing { return [again + goesOn] }
        if (stop.cause as? DatabaseError)?.kind == .accessDenied {
            let right = "give the account the right, which sysndd-ctl grants --role migrate may name, then "
            return [right + again + goesOn] + corrections(stop, script)
        }
        return corrections(stop, script)
    }

    private static func corrections(_ stop: MigrationRunner.Stop, _ script: MigrationScript) -> [String] {
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

extension MigrationRunner.Stop {
    /// Nothing is wrong with the file.
    fileprivate var isPassing: Bool {
        guard statement != Self.recording else { return true }
        guard let error = cause as? DatabaseError else { return cause is LeaseError }
        return error.isConnectionLost || [.unreachable, .interrupted, .lockWaitTimeout, .deadlock].contains(error.kind)
    }

    fileprivate var isBetween: Bool {
        switch outcome {
        case .stopped: committed > 0
        case .recorded: false
        case .unknown: true
        }
    }

    fileprivate var message: String {
        switch outcome {
        case .stopped where leavesRows:
            "\(cause.message); what was changed in tables without transactions stays"
        case .stopped: cause.message
        case .recorded: "the file was recorded, and then: \(cause.message)"
        case .unknown: "\(cause.message); whether it was done is not known"
        }
    }
}
