/// A mark of a server's state that changes with every commit: two that are equal mean that nothing was committed in
/// between.
struct SnapshotStamp: Sendable, Equatable {
    private let source: String
    private let text: String

    /// The best mark that the account may read; nil when there is none.
    ///
    /// A commit becomes visible at a slightly different moment than it is counted, so the caller lets a few milliseconds
    /// pass on either side of what it compares.
    init?(of session: MariaDBHandle, server: ServerInfo) {
        let mark = Self.innodbCounter(session) ?? (server.flavour == .mysql ? Self.executedTransactions(session) : nil)
        guard let mark else { return nil }
        self = mark
    }

    private init(source: String, text: String) {
        self.source = source
        self.text = text
    }

    /// InnoDB's counter gives a number to every transaction that begins to write, and another when it commits. Reading it
    /// needs PROCESS.
    private static func innodbCounter(_ session: MariaDBHandle) -> SnapshotStamp? {
        let status = (try? session.query("SHOW ENGINE INNODB STATUS"))?.first?.text(2)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("Trx id counter ") }
        return line.map { SnapshotStamp(source: "innodb", text: String($0)) }
    }

    /// MySQL's set of global transaction ids. `log_status` needs BACKUP_ADMIN and waits for commits under way; the
    /// variable needs nothing. Without ids both stay empty and say nothing.
    private static func executedTransactions(_ session: MariaDBHandle) -> SnapshotStamp? {
        guard (try? session.query("SELECT @@GLOBAL.gtid_mode"))?.first?.text(0) == "ON" else { return nil }
        let status = try? session.query("SELECT LOCAL FROM performance_schema.log_status")
        let set = status ?? (try? session.query("SELECT @@GLOBAL.gtid_executed"))
        return set?.first?.text(0).map { SnapshotStamp(source: "gtid", text: $0) }
    }
}
