import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import DevStack
@testable import OpsCore

/// The shim under more load than its connections can bear, and told to stop in the middle of it.
@Suite(.serialized) struct ServeLoadTests {
    private static let poolSize = 5
    private static let poolTimeout = 4
    /// What asks the database, over the pool.
    private static let path = "/api/admin/audit"

    private struct Shim: Sendable {
        let port: UInt16
        let pid: Int32
        let token: String
        let database: DatabaseSettings

        func get(_ path: String = ServeLoadTests.path) -> Result<PlainHTTP.Answer, PlainHTTP.NoAnswer> {
            let http = PlainHTTP(port: port)
            do { return .success(try http.get(path, token: token)) } catch { return .failure(error) }
        }

        /// Statements of others that wait for the locked table.
        func waiting(_ session: DatabaseConnection) async throws -> Int {
            try await session.query(
                """
                SELECT COUNT(*) FROM information_schema.PROCESSLIST
                WHERE DB = \(database.database) AND STATE LIKE '%metadata lock%' AND INFO LIKE '%sysndd_ctl_audit%'
                    AND ID <> CONNECTION_ID()
                """
            ).first?.int(0) ?? 0
        }
    }

    /// A shim as a process, whose audit trail is there.
    private func withShim(_ body: @escaping @Sendable (Shim) async throws -> Void) async throws -> Tool.Outcome {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["001_a.sql": "CREATE TABLE a (i INT PRIMARY KEY);"]) { folder in
                let tool = Tool(
                    database: database,
                    environment: [
                        "JWT_SECRET": "a key of the tests, 32 bytes long", "DB_POOL_SIZE": "\(Self.poolSize)",
                        "DB_POOL_TIMEOUT": "\(Self.poolTimeout)",
                    ])
                let token = try await tool.run("token", "--role", "Administrator", "--expires", "15m").output
                let pool = DatabasePool(database, PoolSettings())
                try await AuditLog(pool: pool, database: database.database).write(
                    AuditRecord(
                        account: "ada", role: "Viewer", action: "GET /", subject: "", address: "::1", status: 200,
                        requestID: "1"))
                await pool.close()
                let port = try FreePort.find()
                return try await tool.run(
                    "serve", "--port", "\(port)", "--dir", folder, "--auto-migrate", "--log-level", "critical"
                ) { pid in
                    try await eventually(within: .seconds(60)) {
                        await LocalHTTP.status(of: "/readyz", port: port) == 200
                    }
                    let shim = Shim(
                        port: port, pid: pid, token: token.trimmingCharacters(in: .newlines), database: database)
                    try await body(shim)
                    kill(pid, SIGTERM)
                }
            }
        }
    }

    /// Nobody is refused before the time to wait is over; then each is told to come back; and once the database answers
    /// again, everybody is served.
    @Test func twoHundredClientsOnAPoolOfFive() async throws {
        let outcome = try await withShim { shim in
            let blocker = try await DatabaseConnection(shim.database)
            let watcher = try await DatabaseConnection(shim.database)
            try await blocker.execute("LOCK TABLES sysndd_ctl_audit WRITE")
            let done = Tally()
            async let asked = PlainHTTP.onThreads(200) { _ in
                let answer = shim.get()
                done.add()
                return answer
            }
            try await eventually(within: .seconds(60)) { try await shim.waiting(watcher) == Self.poolSize }
            // What needs no database is served meanwhile.
            try await eventually(within: .seconds(60)) {
                await LocalHTTP.status(of: "/livez", port: shim.port) == 200
            }
            try await eventually(within: .seconds(60)) { done.count == 200 - Self.poolSize }
            try await blocker.execute("UNLOCK TABLES")
            let answers = try await asked.map { try $0.get() }
            let statuses = Dictionary(grouping: answers, by: \.status).mapValues(\.count)
            #expect(statuses == [200: Self.poolSize, 503: 200 - Self.poolSize])
            let refused = answers.filter { $0.status == 503 }
            let soonest = refused.map(\.seconds).min() ?? 0
            #expect(soonest >= Double(Self.poolTimeout) - 0.2, "refused after \(soonest) s")
            #expect(refused.allSatisfy { $0.headers["retry-after"] == "5" })

            // As many as are served within the time to wait on a slow machine too.
            let recovered = await PlainHTTP.onThreads(40) { _ in shim.get() }
            let after = try Dictionary(grouping: recovered.map { try $0.get().status }, by: { $0 }).mapValues(\.count)
            #expect(after == [200: 40])
            #expect(try await shim.waiting(watcher) == 0)
        }
        #expect(outcome.exitCode == 0)
    }

    /// Every request that had been sent before the signal is answered, those that wait for the database too.
    @Test func aSignalUnderLoadDropsNoRequestAndEndsInTime() async throws {
        let told = Moment()
        let outcome = try await withShim { shim in
            let blocker = try await DatabaseConnection(shim.database)
            let watcher = try await DatabaseConnection(shim.database)
            try await blocker.execute("LOCK TABLES sysndd_ctl_audit WRITE")
            async let slow = PlainHTTP.onThreads(Self.poolSize) { _ in shim.get() }
            try await eventually(within: .seconds(60)) { try await shim.waiting(watcher) == Self.poolSize }
            // Clients that ask again and again until nobody answers any more.
            let served = Tally()
            async let fast = PlainHTTP.onThreads(8) { _ in Self.askUntilTheEnd(shim, served) }
            try await eventually(within: .seconds(60)) { served.count > 200 }
            // Before, so that nothing sent until then can have been sent after the signal.
            told.set()
            kill(shim.pid, SIGTERM)
            try await eventually(within: .seconds(60)) { await LocalHTTP.status(of: "/livez", port: shim.port) == nil }
            try await blocker.execute("UNLOCK TABLES")
            let held = try await slow.map { try $0.get().status }
            #expect(held == Array(repeating: 200, count: Self.poolSize))
            let signal = try #require(told.value)
            let runs = await fast
            for run in runs {
                #expect(run.statuses == [200])
                let isDropped = run.unanswered.map { $0 < signal } ?? false
                #expect(!isDropped, "a request was dropped that had been sent before the signal")
            }
            try await eventually(within: .seconds(60)) { ProcessStatus(pid: shim.pid)?.hasEnded ?? true }
            let took = ContinuousClock.now - signal
            #expect(took < .seconds(10), "\(took)")
        }
        #expect(outcome.exitCode == 0, "\(outcome.errorOutput)")
    }

    /// What waits to be accepted when the signal comes is not turned away. How long the port is open can only be more under
    /// load.
    @Test func thePortIsOpenForAMomentAfterTheSignal() async throws {
        let outcome = try await withShim { shim in
            let signal = ContinuousClock.now
            kill(shim.pid, SIGTERM)
            try await eventually(within: .seconds(60)) { await LocalHTTP.status(of: "/livez", port: shim.port) == nil }
            let open = ContinuousClock.now - signal
            #expect(open >= .milliseconds(250), "\(open)")
        }
        #expect(outcome.exitCode == 0, "\(outcome.errorOutput)")
    }

    /// A statement that does not end holds the process up only for so long.
    @Test func whatNeverEndsDoesNotKeepTheProcess() async throws {
        let told = Moment()
        let outcome = try await withShim { shim in
            let blocker = try await DatabaseConnection(shim.database)
            let watcher = try await DatabaseConnection(shim.database)
            try await blocker.execute("LOCK TABLES sysndd_ctl_audit WRITE")
            async let slow = PlainHTTP.onThreads(Self.poolSize) { _ in shim.get() }
            try await eventually(within: .seconds(60)) { try await shim.waiting(watcher) == Self.poolSize }
            kill(shim.pid, SIGTERM)
            told.set()
            _ = await slow
            try await eventually(within: .seconds(60)) { ProcessStatus(pid: shim.pid)?.hasEnded ?? true }
            let took = ContinuousClock.now - (told.value ?? .now)
            print("a request that never ends: the process ended \(took) after the signal")
            // Eight seconds for the requests, and what a busy machine adds to ending them.
            #expect(took < .seconds(20), "\(took)")
            try await blocker.execute("UNLOCK TABLES")
        }
        #expect(outcome.exitCode != nil, "\(outcome.errorOutput)")
    }

    private struct Run: Sendable {
        var statuses: Set<Int> = []
        /// When the request was sent that got no answer; nil when none could be sent any more.
        var unanswered: ContinuousClock.Instant?
    }

    private static func askUntilTheEnd(_ shim: Shim, _ served: Tally) -> Run {
        var run = Run()
        let http = PlainHTTP(port: shim.port)
        while true {
            do {
                run.statuses.insert(try http.get("/api/health/").status)
                served.add()
            } catch {
                run.unanswered = error.sent
                return run
            }
        }
    }
}

/// Counts across threads.
private final class Tally: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}

/// A point in time that one task sets and others read.
private final class Moment: Sendable {
    private let state = Mutex<ContinuousClock.Instant?>(nil)

    var value: ContinuousClock.Instant? { state.withLock { $0 } }

    func set() { state.withLock { $0 = .now } }
}
