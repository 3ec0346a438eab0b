import Foundation

/// The server's user-level lock that keeps two migration runs apart: `GET_LOCK`, under the name that SysNDD's older
/// runner uses too.
///
/// It lives on a session of its own that does nothing else, so the time for which that session has been idle is the
/// time for which the lock has been held, and a file that resets its session cannot free it.
struct MigrationLock: Sendable {
    /// The session that holds the lock.
    struct Holder: Sendable, Equatable, CustomStringConvertible {
        var connectionID: Int
        var user: String?
        var host: String?
        /// Seconds that the session has been idle or in its current statement.
        var seconds: Int?
        var statement: String?

        var description: String {
            let account = user.map { " (\($0)@\(host ?? "?"))" } ?? ""
            let since = seconds.map { ", since \(Date(timeIntervalSinceNow: -Double($0)).formatted(.iso8601))" } ?? ""
            return "connection \(connectionID)\(account)\(since)"
                + (statement.map { ", running: \($0.prefix(200))" } ?? "")
        }
    }

    static let name = "sysndd_migration"

    private let connection: DatabaseConnection

    /// Takes the lock, runs `body`, and gives the lock back.
    /// - Parameter timeout: how long to wait for another holder; whole seconds.
    /// - Throws: ``MigrationLockError`` when it is held for longer than that; what `body` throws.
    static func with<Value: Sendable>(
        _ settings: DatabaseSettings, timeout: Duration, _ body: (MigrationLock) async throws -> Value
    ) async throws -> Value {
        let connection = try await DatabaseConnection(settings)
        let seconds = Int(timeout.components.seconds)
        try await connection.run { session in
            try session.execute("SET SESSION wait_timeout = 2147483")
            guard try session.query("SELECT GET_LOCK(\(name), \(seconds))").first?.int(0) == 1 else {
                throw MigrationLockError(waited: seconds, holder: try Holder(reading: session))
            }
        }
        do {
            let value = try await body(MigrationLock(connection: connection))
            await Self.release(connection)
            return value
        } catch {
            await Self.release(connection)
            throw error
        }
    }

    /// Freeing is a courtesy: the server frees the lock with the session, whatever happens here. It is done in a task of
    /// its own because the caller's may be cancelled.
    private static func release(_ connection: DatabaseConnection) async {
        await Task { _ = try? await connection.query("SELECT RELEASE_LOCK(\(name))") }.value
    }

    /// Makes sure that the lock is still held, seen from another session.
    func check(from session: MariaDBHandle) throws {
        let holder = try session.query("SELECT IS_USED_LOCK(\(Self.name))").first?.int(0)
        guard holder == Int(connection.connectionID) else {
            throw MigrationError(
                "LOCK_LOST", "the migration lock was lost: its session ended while the migration ran",
                hint: "run sysndd-ctl migrate again", exit: .failed)
        }
    }
}

extension MigrationLock.Holder {
    /// The present holder; nil when the lock is free.
    init?(reading session: MariaDBHandle) throws {
        guard let id = try session.query("SELECT IS_USED_LOCK(\(MigrationLock.name))").first?.int(0) else { return nil }
        connectionID = id
        // Without the PROCESS privilege only the account's own sessions are seen; the id alone is still worth telling.
        let row = try session.query(
            "SELECT USER AS u, HOST AS h, TIME AS t, INFO AS i FROM information_schema.PROCESSLIST WHERE ID = \(id)"
        ).first
        user = row?.text("u")
        host = row?.text("h")
        seconds = row?.int("t")
        statement = row?.text("i")
    }
}

/// Another migration runs, and did not end in the time that the caller was ready to wait.
struct MigrationLockError: OperatorError {
    let waited: Int
    let holder: MigrationLock.Holder?

    var code: String { "MIGRATION_LOCKED" }
    var message: String {
        "another migration holds the lock \(MigrationLock.name), waited \(waited) s: "
            + (holder?.description ?? "it was freed just now")
    }
    var hint: String? { "wait for it and run again, or wait longer with --lock-timeout" }
    var exitStatus: ExitStatus { .busy }
}
