/// The right to migrate a database: the maintenance lease, and ``ServerLock`` beside it.
///
/// The journal's session holds the server lock, so the loss of that lock is noticed with the next row of the journal. The
/// lease knows both sessions: while a server still works on the statement of a process that was killed, nobody takes over.
struct MigrationLock: Sendable {
    let lease: Lease
    /// Writes the journal and looks at the schema; no file runs in it.
    let journal: DatabaseConnection
    /// The files run in it.
    let work: DatabaseConnection
    /// This run of the server.
    let server: String

    /// Takes both, runs `body`, and gives them back.
    /// - Parameters:
    ///   - timeout: how long to wait for others, in all.
    ///   - lease: one that the caller has already and keeps; nil to take it here.
    ///   - waiting: told with what others are doing when the waiting for them begins.
    /// - Throws: ``MigrationLockError`` or ``LeaseError`` when others are at work; what `body` throws.
    static func with<Value: Sendable>(
        _ settings: DatabaseSettings, work: DatabaseConnection, timeout: Duration, under lease: Lease? = nil,
        waiting: @escaping @Sendable (String) -> Void = { _ in },
        _ body: @escaping @Sendable (MigrationLock) async throws -> Value
    ) async throws -> Value {
        let end = ContinuousClock.now + timeout
        let journal = try await DatabaseConnection(besides: work)
        let server = try await journal.run { session in
            try session.execute("SET SESSION wait_timeout = 2147483, lock_wait_timeout = 60")
            try session.setBatching(true)
            if try !ServerInfo(asking: session).isGalera {
                _ = try ServerLock.take(for: settings.database, until: end, waited: timeout, waiting: waiting, session)
            }
            return try LeaseServer(asking: session).run
        }
        let locked: @Sendable (Lease) async throws -> Value = { lease in
            try await lease.cover([journal, work])
            let lock = MigrationLock(lease: lease, journal: journal, work: work, server: server)
            return try await work.near { try await body(lock) }
        }
        if let lease { return try await locked(lease) }
        let left = max(.zero, ContinuousClock.now.duration(to: end))
        return try await Lease.with(
            settings, owner: LeaseOwner(operation: "migrate"), wait: left, waiting: { waiting("\($0)") }, locked)
    }

    /// Runs `body` in a transaction of the journal's session that is committed only under the lease.
    func record(_ body: @Sendable (MariaDBHandle) throws -> Void) async throws {
        try await journal.run { session in
            try LeaseConflict.retrying {
                try session.execute("START TRANSACTION")
                do {
                    try body(session)
                    try lease.confirm(session)
                    try session.execute("COMMIT")
                } catch {
                    _ = try? session.execute("ROLLBACK")
                    throw error
                }
            }
        }
    }

    /// The same for statements that are known beforehand, in one round trip.
    func record(_ changes: [SQLQuery]) async throws {
        CrashPoint.pass()
        try await journal.run { session in
            try LeaseConflict.retrying {
                do {
                    try lease.commit(changes, begins: true, session)
                } catch {
                    _ = try? session.execute("ROLLBACK")
                    throw error
                }
            }
        }
        CrashPoint.pass()
    }
}
