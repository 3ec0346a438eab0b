import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Connections that are lost in the middle of a migration: the report says what the server did, whatever that was.
@Suite struct MigrateConnectionTests {
    private static let files = ["001_a.sql": "CREATE TABLE a (i INT);\nINSERT INTO a SELECT SLEEP(6);"]
    private static let sleeping = "INSERT INTO a SELECT SLEEP%"

    /// A database that the tool reaches through a relay, and the test directly.
    private struct Site: Sendable {
        let database: DatabaseSettings
        let folder: String
        let relay: TCPRelay
        let watcher: DatabaseConnection

        var relayed: DatabaseSettings {
            var settings = database
            (settings.socket, settings.host, settings.port) = (nil, "127.0.0.1", relay.port)
            return settings
        }

        /// Waits for a statement, and tells from which port its session comes.
        func port(ofStatementLike pattern: String) async throws -> Int {
            var host: String?
            try await eventually {
                host = try await watcher.query(
                    """
                    SELECT HOST FROM information_schema.PROCESSLIST
                    WHERE DB = \(database.database) AND INFO LIKE \(pattern)
                    """
                ).first?.text(0)
                return host != nil
            }
            return try #require(host?.split(separator: ":").last.flatMap { Int($0) })
        }

        /// Waits until the server has no session of the tool any more.
        func untilAllAreGone() async throws {
            try await eventually {
                try await watcher.query(
                    """
                    SELECT 1 FROM information_schema.PROCESSLIST
                    WHERE DB = \(database.database) AND ID <> CONNECTION_ID()
                    """
                ).isEmpty
            }
        }

        func count(_ table: String) async throws -> Int? {
            try await watcher.query("SELECT COUNT(*) FROM \(identifier: table)").first?.int(0)
        }
    }

    private static func with(
        _ files: [String: String], on target: TestTarget, _ body: (Site) async throws -> Void
    ) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                let relay = try TCPRelay(to: database.port)
                defer { relay.stop() }
                let watcher = try await DatabaseConnection(database)
                try await body(Site(database: database, folder: folder, relay: relay, watcher: watcher))
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aConnectionThatIsLostDuringTheLastStatementLeavesNothingOfIt(_ target: TestTarget) async throws {
        try await Self.with(Self.files, on: target) { site in
            let outcome = try await Tool(database: site.relayed).run("migrate", "--dir", site.folder) { _ in
                site.relay.cut(try await site.port(ofStatementLike: Self.sleeping))
            }
            #expect(outcome.exitCode == 69)
            #expect(outcome.errorOutput.contains("001_a.sql:2:1: statement 2 of 2 failed: "), "\(outcome.errorOutput)")
            #expect(outcome.errorOutput.contains("committed and in force: statement 1 of 2\n"))
            #expect(outcome.errorOutput.contains("- run sysndd-ctl migrate again: it goes on with statement 2\n"))
            try await site.untilAllAreGone()
            #expect(try await site.count("a") == 0)
            #expect(try await site.count("schema_version") == 0)
            let tool = Tool(database: site.database)
            #expect(try await tool.run("migrate", "status", "--exit-code", "--dir", site.folder).exitCode == 3)
            #expect(try await tool.run("migrate", "--dir", site.folder).exitCode == 0)
            #expect(try await site.count("a") == 1)
        }
    }

    @Test(arguments: TestTarget.all)
    func aFileThatTheServerRecordedBeforeTheConnectionWasLostIsToldAsApplied(_ target: TestTarget) async throws {
        try await Self.with(Self.files, on: target) { site in
            let outcome = try await Tool(database: site.relayed).run("migrate", "--dir", site.folder) { _ in
                let port = try await site.port(ofStatementLike: Self.sleeping)
                site.relay.mute(port)
                try await eventually { try await site.count("schema_version") == 1 }
                site.relay.cut(port)
            }
            #expect(outcome.exitCode == 69)
            #expect(outcome.errorOutput.contains("the file was recorded, and then: "), "\(outcome.errorOutput)")
            #expect(outcome.errorOutput.contains("the schema is that of 001_a.sql\n"))
            #expect(outcome.errorOutput.contains("- run sysndd-ctl migrate again: it goes on behind 001_a.sql\n"))
            let tool = Tool(database: site.database)
            #expect(try await tool.run("migrate", "status", "--exit-code", "--dir", site.folder).exitCode == 0)
            let again = try await tool.run("migrate", "--dir", site.folder)
            #expect(again.output == "nothing to do: the database is up to date\n")
            #expect(try await site.count("a") == 1)
        }
    }

    @Test(arguments: TestTarget.all)
    func whatNobodyKnowsIsNotClaimed(_ target: TestTarget) async throws {
        try await Self.with(Self.files, on: target) { site in
            let outcome = try await Tool(database: site.relayed).run("migrate", "--dir", site.folder) { _ in
                _ = try await site.port(ofStatementLike: Self.sleeping)
                site.relay.stop()
            }
            #expect(outcome.exitCode == 69)
            #expect(outcome.errorOutput.contains("whether it was done is not known"), "\(outcome.errorOutput)")
            #expect(outcome.errorOutput.contains("- run sysndd-ctl migrate again: it finds out what was done"))
            let again = try await Tool(database: site.database).run(
                "migrate", "--dir", site.folder, "--lock-timeout", "60")
            #expect(again.exitCode == 0, "\(again.errorOutput)")
            #expect(try await site.count("a") == 1)
        }
    }

    /// The server may go on with a change of the schema; the intent tells the next run what became of it.
    @Test(arguments: TestTarget.all)
    func anIntentStaysWhenTheConnectionIsLost(_ target: TestTarget) async throws {
        let files = ["001_a.sql": "ALTER TABLE a ADD COLUMN j INT;\nINSERT INTO a (j) VALUES (1);"]
        try await Self.with(files, on: target) { site in
            let blocker = try await DatabaseConnection(site.database)
            try await blocker.execute("CREATE TABLE a (i INT)")
            try await blocker.execute("LOCK TABLES a READ")
            let outcome = try await Tool(database: site.relayed).run("migrate", "--dir", site.folder) { _ in
                let port = try await site.port(ofStatementLike: "ALTER TABLE a ADD COLUMN j%")
                site.relay.mute(port)
                try await blocker.execute("UNLOCK TABLES")
                try await eventually {
                    try await !site.watcher.query("SHOW COLUMNS FROM a LIKE 'j'").isEmpty
                }
                site.relay.cut(port)
            }
            #expect(outcome.exitCode == 69, "\(outcome.errorOutput)")
            let done = try await Tool(database: site.database).run("migrate", "--dir", site.folder)
            #expect(done.exitCode == 0, "\(done.errorOutput)")
            #expect(try await site.count("a") == 1)
        }
    }

    @Test(arguments: TestTarget.all)
    func aServerThatDoesNotAnswerInTimeIsUnreachable(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            var impatient = database
            impatient.readTimeout = .seconds(3)
            let files = ["001_a.sql": "CREATE TABLE a (i INT);\nSELECT SLEEP(600);"]
            try await TestFolder.with(files: files) { folder in
                let start = ContinuousClock.now
                let error = await #expect(throws: MigrationRunError.self) {
                    try await Migrator(database: impatient, directory: folder).up()
                }
                #expect(error?.exitStatus == .unreachable)
                #expect(error?.result.failure?.statementIndex == 2)
                #expect(ContinuousClock.now - start < .seconds(60))
                let watcher = try await DatabaseConnection(database)
                #expect(try await !watcher.isRunning(like: "SELECT SLEEP%"))
            }
        }
    }

    @Test func aMessageThatIsAnsweredInPartIsALostConnection() async throws {
        let connection = try await DatabaseConnection(TestTarget.embedded.settings(), selectingDatabase: false)
        try await connection.run { session in
            try session.setBatching(true)
            let batch = Array("DO 1; DO 2".utf8).withUnsafeBytes { session.batch(bytes: $0) }
            #expect(batch.failure(of: 2) == nil)
            #expect(batch.failure(of: 3)?.isConnectionLost == true)
        }
    }

    /// The files' session has nothing to do while the backup is made.
    @Test func theSessionOutlivesALongBackup() async throws {
        let server = try await TestServer.start(settings: ["wait-timeout": "5"])
        do {
            try await Self.migrateBehindALongBackup(server.endpoint.rootSettings)
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    private static func migrateBehindALongBackup(_ settings: DatabaseSettings) async throws {
        var database = settings
        database.database = "migrated"
        let root = try await DatabaseConnection(database, selectingDatabase: false)
        try await root.execute("CREATE DATABASE migrated")
        var options = MigrationOptions()
        options.makeBackup = { [database] _ in
            let idle = try await DatabaseConnection(database)
            #expect(try await idle.run { $0.isEnded(within: .seconds(30)) })
            return "backup.sql.gz"
        }
        try await TestFolder.with(files: ["001_a.sql": "CREATE TABLE a (i INT);"]) { folder in
            let result = try await Migrator(database: database, directory: folder).up(options)
            #expect(result.totalApplied == 1)
        }
    }

    @Test(arguments: TestTarget.all)
    func aFailureBeforeTheFirstStatementNamesTheBackup(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            var options = MigrationOptions()
            options.makeBackup = { [database] _ in
                let root = try await DatabaseConnection(database)
                let sessions = try await root.query("SELECT work_sessions FROM sysndd_ctl_lease").first?.text(0)
                // The journal's session, and the files'.
                let work = try #require(sessions?.split(separator: ",").last)
                try await root.execute(SQLQuery(unquoted: "KILL CONNECTION \(work)"))
                return "backup.sql.gz"
            }
            try await TestFolder.with(files: ["001_a.sql": "CREATE TABLE a (i INT);"]) { folder in
                let error = await #expect(throws: MigrationRunError.self) {
                    try await Migrator(database: database, directory: folder).up(options)
                }
                #expect(error?.exitStatus == .unreachable)
                #expect(error?.hint?.contains("sysndd-ctl restore backup.sql.gz") == true)
            }
        }
    }
}
