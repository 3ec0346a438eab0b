/// A restore, or the proof of a backup by one, did not succeed; the message says what became of the database.
public struct RestoreError: OperatorError, Equatable {
    public let code: String
    public let message: String
    public let hint: String?
    public let exitStatus: ExitStatus

    /// Whether the database is not, or not all, what it was before: then that has to be told, also when the restore was
    /// stopped meanwhile.
    var tellsOfChange: Bool {
        [
            "RESTORE_INCOMPLETE", "RESTORE_UNDONE", "RESTORE_IN_PLACE_UNFINISHED", "RESTORE_NOT_REVERTED",
            "RESTORE_INTERRUPTED",
        ].contains(code)
    }

    init(_ code: String, _ message: String, hint: String? = nil, exit: ExitStatus = .failed) {
        self.code = code
        self.message = message
        self.hint = hint
        exitStatus = exit
    }

    /// The server refused what a member of the archive holds.
    init(loading entry: ArchiveEntry, _ cause: DatabaseError) {
        let object = entry.object.map { " of \($0)" } ?? ""
        let range = entry.range.map { ", keys \($0)" } ?? ""
        self.init(
            "RESTORE_REFUSED", "the server refused \(entry.kind.rawValue)\(object)\(range): \(cause.message)",
            hint: Self.hint(cause), exit: Self.isDiskFull(cause) ? .cannotWrite : cause.exitStatus)
    }

    /// The server could not make the indexes of a table whose rows are loaded.
    init(indexing table: String, _ cause: DatabaseError) {
        self.init(
            "RESTORE_REFUSED", "the server could not make the indexes of \(table): \(cause.message)",
            hint: Self.hint(cause), exit: Self.isDiskFull(cause) ? .cannotWrite : cause.exitStatus)
    }

    /// As the storage engine, the server and the operating system say it.
    private static func isDiskFull(_ cause: DatabaseError) -> Bool {
        [1114, 1021].contains(cause.number) || cause.number == 1030 && cause.message.contains("error 28")
    }

    static func hint(_ cause: DatabaseError) -> String? {
        switch cause.number {
        case _ where isDiskFull(cause): "the server's disk may be full: free space where its data lie, and try again"
        case 1153: "raise max_allowed_packet on the server: a row is larger than it takes"
        default: cause.kind == .accessDenied ? "see sysndd-ctl grants --role restore" : cause.hint
        }
    }

    /// What was loaded is not what the archive says.
    static func notEqual(_ differences: [String], _ path: String) -> Self {
        let list = differences.prefix(5).joined(separator: "; ")
        let more = differences.count > 5 ? " and \(differences.count - 5) more" : ""
        return Self(
            "RESTORE_NOT_EQUAL", "what was loaded from \(path) is not what it says: \(list)\(more)",
            hint: "verify the file with sysndd-ctl backup verify, or use another backup")
    }

    /// The account may not make a schema.
    static func noSchema(_ name: String, _ cause: DatabaseError) -> Self {
        Self(
            "RESTORE_NO_SCHEMA", "cannot make the schema \(name): \(cause.message)",
            hint: cause.kind == .accessDenied
                ? "see sysndd-ctl grants --role restore; without such a right, --mode in-place replaces the tables themselves"
                : cause.hint,
            exit: cause.exitStatus)
    }

    /// The server ended, or cannot be reached any more. What was begun is left as it is, for `restore resume`.
    static func serverGone(_ cause: any OperatorError) -> Self {
        Self(
            "RESTORE_INTERRUPTED", "the server went away during the restore: \(cause.message)",
            hint: "when it is back, sysndd-ctl restore status tells how far it has come, and restore resume goes on",
            exit: .unreachable)
    }
}

extension RestoreError {
    /// Others did not let go of tables in time.
    /// - Parameter outcome: what that came to.
    static func locked(_ outcome: String, _ blockers: LockBlockers, _ cause: DatabaseError) -> Self {
        Self(
            "RESTORE_TABLES_LOCKED", "the tables are in use by others\(outcome): \(cause.message)\(blockers.text)",
            hint: "end those sessions, or stop the application, and run the restore again", exit: .busy)
    }
}
