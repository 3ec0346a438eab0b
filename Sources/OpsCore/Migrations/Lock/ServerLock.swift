/// The server's user-level lock `GET_LOCK('sysndd_migration')`, which SysNDD's older runner takes.
///
/// It keeps that runner away; this package's own runs are kept apart by the ``Lease``. The name is one for the whole server,
/// so a holder that works on another database is not waited for. In a Galera cluster it means nothing and is not taken.
enum ServerLock {
    static let name = "sysndd_migration"

    /// Takes the lock, which the session then holds until it ends.
    /// - Returns: false when another database's run holds it.
    /// - Throws: ``LeaseError`` when a run of this package holds it for longer than `timeout`, ``MigrationLockError`` when
    ///   somebody else does.
    static func take(
        for database: String, until end: ContinuousClock.Instant, waited: Duration,
        waiting: (String) -> Void = { _ in }, _ session: MariaDBHandle
    ) throws -> Bool {
        var isFirst = true
        while true {
            try Task.checkCancellation()
            let left = max(0, Int(ContinuousClock.now.duration(to: end).components.seconds))
            if try session.query("SELECT GET_LOCK(\(name), \(min(1, left)))").first?.int(0) == 1 { return true }
            let holder = try Holder(reading: session)
            if let other = holder?.database, other != database { return false }
            guard left > 0 || holder == nil else { throw try refusal(of: holder, database, waited, session) }
            if isFirst, let holder { waiting("\(holder)") }
            isFirst = false
        }
    }

    private static func refusal(
        of holder: Holder?, _ database: String, _ waited: Duration, _ session: MariaDBHandle
    ) throws -> any OperatorError {
        let row = try LeaseTable(database: database).row(Lease.maintenance, session)
        if let row, let owner = row.holder, row.workSessions.contains(where: { Int($0) == holder?.connectionID }) {
            return LeaseError.held(Lease.maintenance, by: owner, waited: waited)
        }
        return MigrationLockError(waited: waited, holder: holder)
    }

    /// The session that holds the lock.
    struct Holder: Sendable, Equatable, CustomStringConvertible {
        var connectionID: Int
        var user: String?
        var host: String?
        /// Its default database; nil where that is not seen.
        var database: String?
        /// Seconds that the session has been idle or in its current statement.
        var seconds: Int?
        var statement: String?

        var description: String {
            let account = user.map { " (\($0)@\(host ?? "?"))" } ?? ""
            let age = seconds.map { ", \(statement == nil ? "idle" : "busy") for \($0) s" } ?? ""
            return "connection \(connectionID)\(account)\(age)" + (statement.map { ": \($0.prefix(200))" } ?? "")
        }
    }
}

extension ServerLock.Holder {
    /// The present holder; nil when the lock is free.
    init?(reading session: MariaDBHandle) throws {
        guard let id = try session.query("SELECT IS_USED_LOCK(\(ServerLock.name))").first?.int(0) else { return nil }
        connectionID = id
        // Without the PROCESS privilege only the account's own sessions are seen; the id alone is still worth telling.
        let row = try session.query(
            """
            SELECT USER AS u, HOST AS h, DB AS d, TIME AS t, INFO AS i FROM information_schema.PROCESSLIST WHERE ID = \(id)
            """
        ).first
        user = row?.text("u")
        host = row?.text("h")
        database = row?.text("d")
        seconds = row?.int("t")
        statement = row?.text("i")
    }
}

/// Another migration runs, and did not end in the time that the caller was ready to wait.
struct MigrationLockError: OperatorError {
    let waited: Duration
    let holder: ServerLock.Holder?

    var code: String { "MIGRATION_LOCKED" }
    var message: String {
        "another migration holds the lock \(ServerLock.name), waited \(waited.milliseconds / 1000) s: "
            + (holder?.description ?? "it was freed just now")
    }
    var hint: String? { "wait for it and run again, or wait longer with --lock-timeout" }
    var exitStatus: ExitStatus { .busy }
}
