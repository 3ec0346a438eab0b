/// A backup was not made; no file of it is left.
public struct BackupError: OperatorError, Equatable {
    public let code: String
    public let message: String
    public let hint: String?
    public let exitStatus: ExitStatus

    init(_ code: String, _ message: String, hint: String? = nil, exit: ExitStatus = .failed) {
        self.code = code
        self.message = message
        self.hint = hint
        exitStatus = exit
    }

    /// The numbers by which a server tells that a table is no longer what it was: 1054 unknown column, 1146 no such table,
    /// 1412 definition has changed, 1932 table does not exist in the engine.
    private static let changed: Set<UInt32> = [1054, 1146, 1412, 1932]

    /// The server refused to hand over the rows of a table.
    init(reading table: String, _ cause: DatabaseError) {
        if Self.changed.contains(cause.number) {
            self = .tableChanged("\(table) (\(cause.message))")
        } else {
            self.init(
                "TABLE_UNREADABLE", "cannot read the table \(table): \(cause.message)",
                hint: Self.hint(cause),
                exit: cause.exitStatus)
        }
    }

    private static func hint(_ cause: DatabaseError) -> String? {
        if cause.kind == .accessDenied { return "see sysndd-ctl grants --role backup" }
        guard cause.isConnectionLost else { return cause.hint }
        return cause.hint ?? "no file is left; look into the server's log, and run the backup again when it answers"
    }

    /// Tables are no longer what they were when the backup began.
    static func tablesChanged(_ differences: [SchemaDifference]) -> Self {
        tableChanged(
            differences.map { "\($0.name) (\($0.aspect?.rawValue ?? $0.change.rawValue))" }.joined(separator: ", "))
    }

    /// - Parameter what: the tables, each with what is known of its change.
    private static func tableChanged(_ what: String) -> Self {
        Self(
            "TABLE_CHANGED", "altered or dropped while the backup was made: \(what)",
            hint: "run the backup again when nobody changes tables, such as after the migration", exit: .failed)
    }

    /// The file that was read back is not the one that was written.
    static func notAsWritten(_ path: String, _ problem: ArchiveProblem) -> Self {
        Self(
            "BACKUP_NOT_AS_WRITTEN",
            "\(path) was written and then read back differently: \(problem.member): \(problem.reason); it was removed",
            hint: "check the disk and the memory of this machine", exit: .cannotWrite)
    }

    /// There is no such table in a backup.
    static func tableNotFound(_ table: String, _ file: String) -> Self {
        Self(
            "TABLE_NOT_IN_BACKUP", "\(file) holds no table \(SQLQuery.identifier(table))",
            hint: "see what it holds with: sysndd-ctl backup show \(file)", exit: .badInput)
    }

    /// A dump of several databases has a table of that name in two of them.
    static func ambiguous(_ table: String) -> Self {
        Self(
            "TABLE_AMBIGUOUS", "the dump holds a table \(SQLQuery.identifier(table)) in more than one database",
            exit: .badInput)
    }

    /// The end of a dump is not there, so a part of the table may not be either.
    static func incomplete(_ file: String, _ reason: String?) -> Self {
        Self("BACKUP_INCOMPLETE", "\(file) is not complete: \(reason ?? "its end is missing")", exit: .badInput)
    }
}
