import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The checks of a whole server, each proven both ways on a server of its own.
@Suite(.serialized) struct ServerCheckTests {
    /// A server with good values, and an account that may change them.
    private func withServer(
        _ settings: [String: String] = [:],
        _ body: (PreflightSupport, DatabaseConnection) async throws -> Void
    ) async throws {
        let good = [
            "log-bin": "binlog", "server-id": "1", "sync-binlog": "1", "innodb-flush-log-at-trx-commit": "1",
            "default-time-zone": "+00:00", "max-connections": "151",
        ]
        let server = try await TestServer.start(settings: good.merging(settings) { $1 })
        do {
            var root = server.endpoint.rootSettings
            root.database = server.endpoint.databaseName
            try await body(PreflightSupport(root), DatabaseConnection(root))
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    @Test func globalSettingsAreJudged() async throws {
        try await withServer { support, connection in
            func change(_ statement: String, _ id: String, _ status: CheckStatus, back: String) async throws {
                #expect(try await support.status(id) == .pass, "\(id) before \(statement)")
                try await connection.execute(SQLQuery(unquoted: statement))
                let result = try await support.run(id)
                #expect(result.status == status, "\(statement): \(result.observed)")
                #expect(result.remedy?.isEmpty == false)
                try await connection.execute(SQLQuery(unquoted: back))
                #expect(try await support.status(id) == .pass, "\(id) after \(back)")
            }
            let mode = try #require(try await connection.query("SELECT @@GLOBAL.sql_mode").first?.text(0))
            try await change(
                "SET GLOBAL sql_mode = ''", "DB-020", .fail, back: "SET GLOBAL sql_mode = '\(mode)'")
            try await change(
                "SET GLOBAL innodb_flush_log_at_trx_commit = 2", "DB-024", .warn,
                back: "SET GLOBAL innodb_flush_log_at_trx_commit = 1")
            try await change(
                "SET GLOBAL innodb_flush_log_at_trx_commit = 0", "DB-024", .fail,
                back: "SET GLOBAL innodb_flush_log_at_trx_commit = 1")
            try await change(
                "SET GLOBAL sync_binlog = 0", "DB-024", .warn, back: "SET GLOBAL sync_binlog = 1")
            try await change(
                "SET GLOBAL max_connections = 20", "DB-030", .fail, back: "SET GLOBAL max_connections = 151")
            try await change(
                "SET GLOBAL max_connections = 48", "DB-030", .warn, back: "SET GLOBAL max_connections = 151")
            try await change("SET GLOBAL wait_timeout = 60", "DB-031", .fail, back: "SET GLOBAL wait_timeout = 28800")
            try await change(
                "SET GLOBAL max_allowed_packet = 1048576", "DB-031", .fail,
                back: "SET GLOBAL max_allowed_packet = 16777216")
            try await change("SET GLOBAL read_only = 1", "DB-050", .fail, back: "SET GLOBAL read_only = 0")
        }
    }

    @Test func aModeOfTheSessionsOnlyIsAWarning() async throws {
        try await withServer { support, connection in
            // init_connect is for accounts without SUPER.
            try await connection.execute("CREATE USER plain IDENTIFIED BY 'plain-password-1'")
            try await connection.execute("GRANT SELECT ON *.* TO plain")
            var plain = support
            plain.database.user = "plain"
            plain.database.password = Secret("plain-password-1")
            #expect(try await plain.status("DB-020") == .pass)
            try await connection.execute(
                "SET GLOBAL init_connect = 'SET SESSION sql_mode = CONCAT(@@sql_mode, '',ANSI_QUOTES'')'")
            let result = try await plain.run("DB-020")
            #expect(result.status == .warn, "\(result.observed)")
            #expect(result.observed.contains("ANSI_QUOTES"))
        }
    }

    @Test func timeZones() async throws {
        try await withServer { support, connection in
            let empty = try await support.run("DB-022")
            #expect(empty.status == .warn)
            #expect(empty.observed.contains("Europe/Berlin"))
            for statement in [
                "INSERT INTO mysql.time_zone (Time_zone_id) VALUES (1), (2)",
                "INSERT INTO mysql.time_zone_name VALUES ('UTC', 1), ('Europe/Berlin', 2)",
                "INSERT INTO mysql.time_zone_transition_type VALUES (1, 0, 0, 0, 'UTC'), (2, 0, 3600, 0, 'CET')",
            ] { try await connection.execute(SQLQuery(unquoted: statement)) }
            let loaded = try await support.run("DB-022")
            #expect(loaded.status == .pass, "\(loaded.observed)")
            try await connection.execute("SET GLOBAL time_zone = '+05:00'")
            let other = try await support.run("DB-022")
            #expect(other.status == .warn)
            #expect(other.observed == "the server's zone is +05:00")
        }
    }

    @Test func refusedConnectionsAreRemembered() async throws {
        try await withServer { support, connection in
            #expect(try await support.status("DB-033") == .pass)
            try await connection.execute("SET GLOBAL max_connections = 10")
            var held: [DatabaseConnection] = []
            while held.count < 20 {
                guard let one = try? await DatabaseConnection(support.database) else { break }
                held.append(one)
            }
            #expect(held.count < 20)
            held = []
            try await connection.execute("SET GLOBAL max_connections = 151")
            let result = try await support.run("DB-033")
            #expect(result.status == .fail, "\(result.observed)")
        }
    }

    /// The server takes the size of a table from its statistics, which it reads when it starts.
    @Test func aLargeTableNeedsABufferPoolAndRoomForACopy() async throws {
        let server = try await TestServer.start(
            settings: ["innodb-stats-persistent": "ON", "innodb-stats-auto-recalc": "OFF"])
        do {
            var root = server.endpoint.rootSettings
            root.database = server.endpoint.databaseName
            let support = PreflightSupport(root)
            let connection = try await DatabaseConnection(root)
            try await connection.execute("CREATE TABLE large (i INT PRIMARY KEY)")
            try await connection.execute("ANALYZE TABLE large")
            #expect(try await support.status("DB-032") == .pass)
            #expect(try await support.status("MIG-107") == .pass)
            // 16 TiB in pages of 16 KiB.
            try await connection.execute(
                "UPDATE mysql.innodb_table_stats SET clustered_index_size = 1 << 30 WHERE table_name = 'large'")
            try await server.server.stop()
            _ = try await server.server.start()
            let pool = try await support.run("DB-032")
            #expect(pool.status == .warn, "\(pool)")
            let room = try await support.run("MIG-107")
            #expect(room.status == .fail, "\(room)")
            #expect(room.observed.contains("the largest table, large, has"), "\(room)")
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    @Test func aBufferPoolThatLeavesNoMemoryFails() async throws {
        let memory = try #require(MachineMemory.bytes())
        // The server keeps only the addresses for what it does not use.
        try await withServer(["innodb-buffer-pool-size": "\(memory / 10 * 9)"]) { support, _ in
            let result = try await support.run("DB-032")
            #expect(result.status == .fail, "\(result)")
            #expect(result.remedy?.hasPrefix("SET GLOBAL innodb_buffer_pool_size = ") == true)
        }
    }

    @Test func theBufferPoolIsHeldAgainstDataAndMemory() {
        func status(pool: Int, data: Int, memory: Int?) -> CheckStatus {
            DatabaseChecks.Memory.judge(
                .init(bufferPool: pool << 20, data: data << 20, memory: memory.map { $0 << 20 })
            ).status
        }
        #expect(status(pool: 128, data: 100, memory: 4096) == .pass)
        #expect(status(pool: 128, data: 2048, memory: 4096) == .warn)
        #expect(status(pool: 1024, data: 2048, memory: 4096) == .pass)
        #expect(status(pool: 3500, data: 100, memory: 4096) == .fail)
        #expect(status(pool: 3500, data: 100, memory: nil) == .pass)
    }

    @Test func aReplicaThatStandsStillFails() async throws {
        try await withServer { support, connection in
            #expect(try await support.status("DB-052") == .skip)
            try await connection.execute(
                "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, MASTER_USER = 'x', MASTER_PASSWORD = 'y'")
            let stopped = try await support.run("DB-052")
            #expect(stopped.status == .fail)
            #expect(stopped.observed.contains("stands still"))
        }
    }

    @Test func aReplicaThatRunsPassesUntilItIsStopped() async throws {
        try await withServer { source, root in
            try await root.execute("CREATE USER replica IDENTIFIED BY 'replica-password-1'")
            try await root.execute("GRANT REPLICATION SLAVE ON *.* TO replica")
            try await withServer(["server-id": "2"]) { support, connection in
                try await connection.execute(
                    """
                    CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = \(source.database.port),
                        MASTER_USER = 'replica', MASTER_PASSWORD = 'replica-password-1', MASTER_USE_GTID = slave_pos
                    """)
                try await connection.execute("START SLAVE")
                try await eventually(within: .seconds(60)) { try await support.status("DB-052") == .pass }
                try await fallBehind(by: 100, source: root, replica: connection) {
                    try await eventually(within: .seconds(60)) { try await support.status("DB-052") == .warn }
                }
                try await fallBehind(by: 700, source: root, replica: connection) {
                    try await eventually(within: .seconds(60)) { try await support.status("DB-052") == .fail }
                }
                try await eventually(within: .seconds(60)) { try await support.status("DB-052") == .pass }
                try await connection.execute("STOP SLAVE")
                #expect(try await support.status("DB-052") == .fail)
            }
        }
    }

    /// A change of long ago, which the replica cannot make because a session holds the table.
    private func fallBehind(
        by seconds: Int, source: DatabaseConnection, replica: DatabaseConnection, _ body: () async throws -> Void
    ) async throws {
        try await source.execute("CREATE TABLE IF NOT EXISTS late (i INT PRIMARY KEY AUTO_INCREMENT)")
        try await eventually(within: .seconds(60)) { (try? await replica.execute("LOCK TABLES late WRITE")) != nil }
        // By rows: the time that a statement took would be counted in.
        try await source.execute("SET SESSION binlog_format = 'ROW'")
        try await source.execute("SET timestamp = UNIX_TIMESTAMP() - \(seconds)")
        try await source.execute("INSERT INTO late VALUES ()")
        try await source.execute("SET timestamp = DEFAULT")
        try await body()
        try await replica.execute("UNLOCK TABLES")
    }

    /// As it will be, once its end of life is over.
    @Test(arguments: TestTarget.all)
    func theVersionOfEveryServerIsOverSomeDay(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            var support = PreflightSupport(database)
            #expect(try await support.status("DB-010") == .pass)
            let server = try await DatabaseConnection(database).serverInfo()
            support.now = { Date(timeIntervalSinceNow: 20 * 365 * 86_400) }
            let later = try await support.run("DB-010")
            if EndOfLife.of(server)?.date == nil {
                #expect(later.status == .pass && later.observed.contains("not on record"), "\(later)")
            } else {
                #expect(later.status == .fail && later.remedy?.isEmpty == false, "\(later)")
            }
        }
    }

    /// Nobody at all may log in to the private server without a password.
    @Test func thePrivateServerHasNoAccountWithoutPassword() async throws {
        try await withServer { support, _ in
            let accounts = try await support.run("SEC-303")
            #expect(accounts.status == .pass, "\(accounts)")
        }
    }

    @Test func lagIsJudgedBySeconds() {
        func status(_ lag: Int?) -> CheckStatus {
            DatabaseChecks.Replica.judge([.init(isReading: true, isApplying: true, lag: lag, error: "")]).status
        }
        #expect(status(0) == .pass)
        #expect(status(61) == .warn)
        #expect(status(601) == .fail)
        #expect(status(nil) == .fail)
    }

    @Test func aGaleraNodeMustBeReadyPrimaryAndSynced() {
        func status(_ ready: String, _ cluster: String, _ state: String) -> CheckStatus {
            DatabaseChecks.Galera.judge(.init(isReady: ready, clusterStatus: cluster, state: state, size: "3")).status
        }
        #expect(status("ON", "Primary", "Synced") == .pass)
        #expect(status("OFF", "Primary", "Synced") == .fail)
        #expect(status("ON", "non-Primary", "Synced") == .fail)
        #expect(status("ON", "Primary", "Donor/Desynced") == .fail)
    }

    @Test func functionsOfMigrationsNeedATrustingServer() async throws {
        let text = "CREATE DEFINER = CURRENT_USER FUNCTION f() RETURNS INT DETERMINISTIC NO SQL RETURN 1;"
        try await TestFolder.with(files: ["001_table.sql": "CREATE TABLE a (i INT);", "002_function.sql": text]) {
            folder in
            try await withServer { support, connection in
                try await connection.execute("CREATE USER plain IDENTIFIED BY 'plain-password-1'")
                try await connection.execute("GRANT ALL ON \(identifier: support.database.database).* TO plain")
                var plain = support
                plain.environment["MIGRATIONS_DIR"] = folder
                #expect(try await plain.status("DB-060") == .pass)
                plain.database.user = "plain"
                plain.database.password = Secret("plain-password-1")
                let refused = try await plain.run("DB-060")
                #expect(refused.status == .fail, "\(refused.observed)")
                #expect(refused.observed.hasSuffix("002_function.sql"))
                // What the check says is what the server does.
                let session = try await DatabaseConnection(plain.database)
                await #expect(throws: DatabaseError.self) {
                    try await session.execute("CREATE FUNCTION f() RETURNS INT DETERMINISTIC NO SQL RETURN 1")
                }
                try await connection.execute("SET GLOBAL log_bin_trust_function_creators = ON")
                #expect(try await plain.status("DB-060") == .pass)
                try await session.execute("CREATE FUNCTION f() RETURNS INT DETERMINISTIC NO SQL RETURN 1")
            }
        }
    }

    @Test func onlyStatementsThatCreateCount() {
        let kinds = ["FUNCTION", "TRIGGER"]
        #expect(MigrationTexts.creates(kinds, "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @x = 1"))
        #expect(MigrationTexts.creates(kinds, "create or replace definer=`a`@`b` function f() returns int return 1"))
        #expect(!MigrationTexts.creates(kinds, "CREATE TABLE trigger_log (function_name INT)"))
        #expect(!MigrationTexts.creates(kinds, "CREATE PROCEDURE p() SELECT 'CREATE FUNCTION'"))
        #expect(!MigrationTexts.creates(kinds, "INSERT INTO a VALUES ('CREATE FUNCTION f')"))
        #expect(!MigrationTexts.creates(kinds, "DROP FUNCTION f"))
    }
}
