import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The message that ends a file, and what happens when a part of it fails: all of it is done, or nothing.
@Suite struct MigrateLastMessageTests {
    private static func with(
        _ files: [String: String], on target: TestTarget,
        _ body: (DatabaseSettings, DatabaseConnection, String) async throws -> Void
    ) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                try await body(database, DatabaseConnection(database), folder)
            }
        }
    }

    /// A database whose first file is applied, and whose ledger takes no other until the trigger is dropped.
    private static func withRefusingLedger(
        on target: TestTarget, _ body: (Tool, DatabaseConnection, String) async throws -> Void
    ) async throws {
        try await with(["001_a.sql": "CREATE TABLE a (i INT);"], on: target) { database, watcher, folder in
            let tool = Tool(database: database)
            #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)
            try await watcher.execute(
                """
                CREATE TRIGGER refused BEFORE INSERT ON schema_version FOR EACH ROW
                SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'refused by a trigger'
                """)
            try await body(tool, watcher, folder)
        }
    }

    private static func failure(_ outcome: Tool.Outcome) throws -> [String: Any] {
        try #require(outcome.json()["failure"] as? [String: Any])
    }

    private static func committed(_ failure: [String: Any]) -> [Int?]? {
        (failure["committed"] as? [[String: Any]])?.map { $0["index"] as? Int }
    }

    private static func write(_ text: String, _ name: String, _ folder: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }

    @Test(arguments: TestTarget.all)
    func aDuplicateKeyInItTakesTheWholeFileBack(_ target: TestTarget) async throws {
        let files = [
            "001_a.sql": "CREATE TABLE a (i INT PRIMARY KEY);",
            "002_rows.sql": "INSERT INTO a VALUES (1);\nINSERT INTO a VALUES (1);",
        ]
        try await Self.with(files, on: target) { database, watcher, folder in
            let outcome = try await Tool(database: database).run("migrate", "--dir", folder, "--format", "json")
            #expect(outcome.exitCode == 1)
            let failure = try Self.failure(outcome)
            #expect(failure["statement_index"] as? Int == 2)
            #expect(Self.committed(failure) == [])
            #expect(failure["schema_after"] as? String == "001_a.sql")
            #expect(failure["schema_before"] is NSNull)
            #expect(try await watcher.query("SELECT * FROM a").isEmpty)
            let rows = try await watcher.query("SELECT filename FROM schema_version")
            #expect(rows.map { $0.text(0) } == ["001_a.sql"])
        }
    }

    /// The file cannot be recorded. Nothing of the file behind it is left either.
    @Test(arguments: TestTarget.all)
    func aLedgerThatRefusesTheFileTakesItsRowsBack(_ target: TestTarget) async throws {
        try await Self.withRefusingLedger(on: target) { tool, watcher, folder in
            try Self.write("CREATE TABLE b (i INT);\nINSERT INTO b VALUES (1);", "002_b.sql", folder)
            try Self.write("CREATE TABLE c (i INT);", "003_c.sql", folder)
            let outcome = try await tool.run("migrate", "--dir", folder, "--format", "json")
            #expect(outcome.exitCode == 1)
            let failure = try Self.failure(outcome)
            #expect((failure["statement"] as? String)?.hasPrefix("(recording the file") == true)
            #expect(failure["message"] as? String == "refused by a trigger")
            #expect(Self.committed(failure) == [1])
            #expect(failure["choices"] as? [String] == ["run sysndd-ctl migrate again: it goes on with statement 2"])
            #expect(failure["schema_before"] as? String == "002_b.sql")
            #expect(try await watcher.query("SELECT * FROM b").isEmpty)
            let rows = try await watcher.query("SELECT 1 FROM schema_version_step WHERE filename = '003_c.sql'")
            #expect(rows.isEmpty)
            let told = try await tool.run("migrate", "--dir", folder)
            #expect(told.errorOutput.contains("the schema stands between 001_a.sql and 002_b.sql\n"))

            try await watcher.execute("DROP TRIGGER refused")
            #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)
            #expect(try await watcher.query("SELECT * FROM b").count == 1)
        }
    }

    /// A file that ends with a change of the schema is recorded by itself: what it did is not done again.
    @Test(arguments: TestTarget.all)
    func aLedgerThatRefusesAFileLeavesItsDefinitionsDone(_ target: TestTarget) async throws {
        try await Self.withRefusingLedger(on: target) { tool, watcher, folder in
            try Self.write("CREATE TABLE b (i INT);", "002_b.sql", folder)
            let outcome = try await tool.run("migrate", "--dir", folder, "--format", "json")
            #expect(Self.committed(try Self.failure(outcome)) == [1])
            #expect(try await tool.run("migrate", "status", "--exit-code", "--dir", folder).exitCode == 3)
            try await watcher.execute("DROP TRIGGER refused")
            let done = try await tool.run("migrate", "--dir", folder)
            #expect(done.exitCode == 0, "\(done.errorOutput)")
        }
    }

    @Test(arguments: TestTarget.all)
    func aLeaseThatIsTakenAwayMeanwhileCommitsNothing(_ target: TestTarget) async throws {
        let files = ["001_a.sql": "CREATE TABLE a (i INT);\nINSERT INTO a SELECT SLEEP(7);"]
        try await Self.with(files, on: target) { database, watcher, folder in
            let tool = Tool(database: database)
            let outcome = try await tool.run("migrate", "--dir", folder) { _ in
                try await watcher.untilStatement(like: "INSERT INTO a SELECT SLEEP%")
                let freed = try await tool.run("migrate", "unlock", "--confirm", "UNLOCK", "--dir", folder)
                #expect(freed.exitCode == 0, "\(freed.errorOutput)")
            }
            #expect(outcome.exitCode == 1)
            #expect(outcome.errorOutput.contains("the lease maintenance was lost"), "\(outcome.errorOutput)")
            #expect(try await watcher.query("SELECT * FROM a").isEmpty)
            #expect(try await watcher.query("SELECT * FROM schema_version").isEmpty)
        }
    }

    @Test(arguments: TestTarget.all)
    func aRowThatIsLockedIsWaitedForWithinTheBudget(_ target: TestTarget) async throws {
        let files = ["001_a.sql": "INSERT INTO a VALUES (1);"]
        try await Self.with(files, on: target) { database, holder, folder in
            try await holder.execute("CREATE TABLE a (i INT PRIMARY KEY) ENGINE=InnoDB")
            // So that one try of the file's session is short.
            try await holder.execute(
                """
                CREATE TRIGGER impatient BEFORE INSERT ON a FOR EACH ROW SET SESSION innodb_lock_wait_timeout = 1
                """)
            try await holder.execute("START TRANSACTION")
            try await holder.execute("INSERT INTO a VALUES (1)")
            let migrator = Migrator(database: database, directory: folder)
            let error = await #expect(throws: MigrationRunError.self) {
                try await migrator.up(MigrationOptions(lockWaitBudget: .seconds(2)))
            }
            #expect(error?.exitStatus == .busy)
            #expect(error?.hint == "- run sysndd-ctl migrate again: it goes on with statement 1")
            let run = Task { try await migrator.up(MigrationOptions(lockWaitBudget: .seconds(60))) }
            let watcher = try await DatabaseConnection(database)
            try await watcher.untilStatement(like: "INSERT INTO a VALUES%")
            try await holder.execute("ROLLBACK")
            #expect(try await run.value.totalApplied == 1)
            #expect(try await watcher.query("SELECT * FROM a").count == 1)
            #expect(try await watcher.query("SELECT * FROM schema_version").count == 1)
        }
    }

    @Test(arguments: TestTarget.all)
    func aStatementThatAServerPassesOverIsSentByItself(_ target: TestTarget) async throws {
        let files = ["!80013": "a", "M!100100": "b"].map { version, table in
            (
                "001_\(table).sql",
                """
                CREATE TABLE \(table) (i INT);
                /*\(version) ALTER TABLE \(table) ADD j INT */;
                ALTER TABLE \(table) ADD k INT;
                /*\(version) INSERT INTO \(table) (i) VALUES (1) */;
                """
            )
        }
        for (name, text) in files {
            try await Self.with([name: text, "002_z.sql": "CREATE TABLE z (i INT);"], on: target) {
                database, watcher, folder in
                let outcome = try await Tool(database: database).run("migrate", "--dir", folder)
                #expect(outcome.exitCode == 0, "\(outcome.errorOutput)")
                let table = String(name.dropFirst(4).dropLast(4))
                let isIn = target.isMySQL == (table == "a")
                let columns = try await watcher.query("SHOW COLUMNS FROM \(identifier: table)").map { $0.text(0) }
                #expect(columns == (isIn ? ["i", "j", "k"] : ["i", "k"]))
                #expect(try await watcher.query("SELECT * FROM \(identifier: table)").count == (isIn ? 1 : 0))
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aStatementMayAskForTheRowsOfTheOneBefore(_ target: TestTarget) async throws {
        let files = [
            "001_a.sql": "CREATE TABLE a (i INT); CREATE TABLE log (n INT);",
            "002_rows.sql": "INSERT INTO a VALUES (1), (2), (3);\nINSERT INTO log SELECT ROW_COUNT();",
        ]
        try await Self.with(files, on: target) { database, watcher, folder in
            _ = try await Migrator(database: database, directory: folder).up()
            let rows = try await watcher.query("SELECT n FROM log")
            #expect(rows.map { $0.int(0) } == [3])
        }
    }

    @Test(arguments: TestTarget.all)
    func whatNoTransactionTakesBackIsTold(_ target: TestTarget) async throws {
        let files = [
            "001_a.sql": "CREATE TABLE a (i INT) ENGINE=MyISAM;",
            "002_rows.sql": "INSERT INTO a VALUES (1);\nINSERT INTO nowhere VALUES (1);",
        ]
        try await Self.with(files, on: target) { database, watcher, folder in
            let outcome = try await Tool(database: database).run("migrate", "--dir", folder)
            #expect(outcome.exitCode == 1)
            #expect(
                outcome.errorOutput.contains("; what was changed in tables without transactions stays (1146"),
                "\(outcome.errorOutput)")
            #expect(try await watcher.query("SELECT * FROM a").count == 1)
        }
    }

    /// The journal's rows of them all are more than the server takes at once.
    @Test func aFileMayHaveVeryManyStatements() async throws {
        let server = try await TestServer.start(settings: ["max-allowed-packet": "256K"])
        do {
            try await Self.migrateManyRows(server.endpoint.rootSettings)
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    private static func migrateManyRows(_ settings: DatabaseSettings) async throws {
        var database = settings
        database.database = "migrated"
        let root = try await DatabaseConnection(database, selectingDatabase: false)
        try await root.execute("CREATE DATABASE migrated")
        let rows = (1...3000).map { "INSERT INTO a VALUES (\($0));\n" }.joined()
        let files = ["001_a.sql": "CREATE TABLE a (i INT);", "002_rows.sql": rows]
        try await TestFolder.with(files: files) { folder in
            #expect(try await Migrator(database: database, directory: folder).up().totalApplied == 2)
            let connection = try await DatabaseConnection(database)
            #expect(try await connection.query("SELECT COUNT(*) FROM a").first?.int(0) == 3000)
            let steps = try await connection.query(
                "SELECT COUNT(*) FROM schema_version_step WHERE filename = '002_rows.sql' AND state = 'done'")
            #expect(steps.first?.int(0) == 3000)
        }
    }
}
