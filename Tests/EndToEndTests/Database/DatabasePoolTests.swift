import DevStack
import Foundation
import OpsCore
import TestSupport
import Testing

@Suite struct DatabasePoolTests {
    private actor Usage {
        var connections: Set<UInt> = []
        var now = 0
        var most = 0

        func begin(_ connection: UInt) {
            connections.insert(connection)
            now += 1
            most = max(most, now)
        }

        func end() { now -= 1 }
    }

    private func pool(_ maximum: Int, wait: Duration = .seconds(5), idle: Duration = .seconds(60)) async throws
        -> DatabasePool
    {
        var settings = try await TestTarget.embedded.settings()
        settings.database = "mysql"
        return DatabasePool(settings, PoolSettings(maximumConnections: maximum, waitTimeout: wait), idleTime: idle)
    }

    @Test func neverMoreConnectionsThanTheMaximumAndAllAreReused() async throws {
        let pool = try await pool(3, wait: .seconds(60))
        let usage = Usage()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await pool.withConnection { connection in
                        await usage.begin(connection.connectionID)
                        _ = try await connection.query("SELECT SLEEP(0.005)")
                        await usage.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(await usage.connections.count <= 3)
        #expect(await usage.most == 3)
        let statistics = await pool.statistics
        #expect(statistics.maximum == 3)
        #expect(statistics.active == 0)
        #expect(statistics.waiting == 0)
        #expect(statistics.total <= 3)
    }

    @Test func aCallerWaitsForItsTurnAndThenIsTold() async throws {
        let pool = try await pool(1, wait: .milliseconds(200))
        try await pool.withConnection { _ in
            let error = await #expect(throws: DatabaseError.self) { try await pool.withConnection { _ in } }
            #expect(error?.kind == .poolTimeout)
            #expect(error?.exitStatus == .busy)
            #expect(await pool.statistics.waiting == 0)
        }
        try await pool.withConnection { _ = try await $0.query("SELECT 1") }
    }

    @Test func aCancelledCallerLeaksNoConnection() async throws {
        let pool = try await pool(2)
        for _ in 0..<20 {
            let working = Task { try await pool.withConnection { _ = try await $0.query("SELECT SLEEP(60)") } }
            try await eventually { await pool.statistics.active > 0 }
            working.cancel()
            _ = await working.result
        }
        let holder = Task {
            try await pool.withConnection { first in
                try await pool.withConnection { second in
                    let waiting = Task { try await pool.withConnection { _ in } }
                    try await eventually { await pool.statistics.waiting == 1 }
                    waiting.cancel()
                    await #expect(throws: CancellationError.self) { try await waiting.value }
                    #expect(first.connectionID != second.connectionID)
                }
            }
        }
        try await holder.value
        #expect(await pool.statistics.active == 0)
        #expect(await pool.statistics.waiting == 0)
    }

    @Test func aConnectionThatTheServerEndedIsReplaced() async throws {
        let pool = try await pool(1)
        let first = try await pool.withConnection { $0.connectionID }
        let killer = try await DatabaseConnection(TestTarget.embedded.settings(), selectingDatabase: false)
        try await killer.execute(SQLQuery(unquoted: "KILL \(first)"))
        let second = try await pool.withConnection { connection in
            _ = try await connection.query("SELECT 1")
            return connection.connectionID
        }
        #expect(first != second)
    }

    @Test func anOpenTransactionNeverReachesTheNextCaller() async throws {
        try await TestDatabase.with { settings in
            let pool = DatabasePool(settings, PoolSettings(maximumConnections: 1))
            try await pool.withConnection { connection in
                try await connection.execute("CREATE TABLE t (a INT) ENGINE=InnoDB")
                try await connection.execute("START TRANSACTION")
                try await connection.execute("INSERT INTO t VALUES (1)")
            }
            let rows = try await pool.withConnection { try await $0.query("SELECT * FROM t").count }
            #expect(rows == 0)
        }
    }

    @Test func nothingThatACallerHasSetReachesTheNextOne() async throws {
        let pool = try await pool(1)
        let first = try await pool.withConnection { connection in
            try await connection.execute("SET @left = 1, SESSION sql_mode = 'ANSI_QUOTES', NAMES latin1")
            try await connection.execute("CREATE TEMPORARY TABLE left_over (a INT)")
            try await connection.execute("USE information_schema")
            return connection.connectionID
        }
        try await pool.withConnection { connection in
            #expect(connection.connectionID == first)
            let row = try await connection.query(
                "SELECT @left, @@sql_mode LIKE '%ANSI_QUOTES%', @@character_set_client, DATABASE()")[0]
            #expect((0..<4).map { row.text($0) } == [nil, "0", "utf8mb4", "mysql"])
            await #expect(throws: DatabaseError.self) { try await connection.query("SELECT * FROM left_over") }
        }
    }

    /// A server that is stopped, not ended, keeps its sockets open and answers nothing.
    @Test func aServerThatHangsHoldsNobodyUpForLongerThanTheWait() async throws {
        let server = try await TestServer.start()
        var settings = server.endpoint.rootSettings
        settings.database = "mysql"
        let pool = DatabasePool(settings, PoolSettings(maximumConnections: 1, waitTimeout: .seconds(1)))
        try await pool.withConnection { _ = try await $0.query("SELECT 1") }
        let pid = try #require(try await server.server.status().pid)
        kill(pid, SIGSTOP)
        try await eventually { try Self.isStopped(pid) }
        let start = ContinuousClock.now
        await #expect(throws: DatabaseError.self) { try await pool.withConnection { _ in } }
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(await pool.statistics.active == 0)
        kill(pid, SIGCONT)
        // One connection may come too late for the second that the pool waits.
        try await eventually {
            (try? await pool.withConnection { try await $0.query("SELECT 1") }) != nil
        }
        try await server.stop()
    }

    /// A signal stops the threads of a process one after another.
    private static func isStopped(_ pid: Int32) throws -> Bool {
        let tasks = "/proc/\(pid)/task"
        return try FileManager.default.contentsOfDirectory(atPath: tasks).allSatisfy { task in
            try String(contentsOfFile: "\(tasks)/\(task)/status", encoding: .utf8).contains("State:\tT")
        }
    }

    @Test func unusedConnectionsAreClosedAfterTheIdleTime() async throws {
        let pool = try await pool(2, idle: .milliseconds(50))
        let first = try await pool.withConnection { $0.connectionID }
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(100)
        try await eventually { clock.now > end }
        #expect(try await pool.withConnection { $0.connectionID } != first)
    }

    @Test func aClosedPoolRefusesAndLetsWaitersGo() async throws {
        let pool = try await pool(1)
        try await pool.withConnection { _ in
            let waiting = Task { try await pool.withConnection { _ in } }
            try await eventually { await pool.statistics.waiting == 1 }
            await pool.close()
            await #expect(throws: DatabaseError.self) { try await waiting.value }
        }
        await #expect(throws: DatabaseError.self) { try await pool.withConnection { _ in } }
        #expect(await pool.statistics.total == 0)
    }
}
