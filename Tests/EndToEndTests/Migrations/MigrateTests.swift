import Foundation
import OpsCore
import TestSupport
import Testing

/// The command `migrate` on real servers: what it does when all is well.
@Suite struct MigrateTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "migrations").path

    @Test(arguments: TestTarget.all)
    func theRepositorysMigrationsApplyAndASecondRunChangesNothing(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let tool = Tool(database: database)
            let first = try await tool.run("migrate", "--dir", Self.repository, "--format", "json")
            #expect(first.exitCode == 0, "\(first.errorOutput)")
            let result = try first.json()
            #expect(result["total_applied"] as? Int == 9)
            #expect(result["pending"] as? Int == 0)
            #expect(result["fast_path"] as? Bool == false)
            #expect(result["lock_acquired"] as? Bool == true)
            let files = try #require(result["applied"] as? [[String: Any]])
            #expect(files.map { $0["version"] as? Int } == Array(0...8))
            #expect(Set(files[0].keys) == ["file", "version", "statements", "duration_ms"])

            let before = try await Self.schema(database)
            let second = try await tool.run("migrate", "up", "--dir", Self.repository, "--format", "json")
            #expect(second.exitCode == 0)
            #expect(try second.json()["fast_path"] as? Bool == true)
            #expect(try second.json()["lock_acquired"] as? Bool == false)
            #expect(try await Self.schema(database) == before)
            let told = try await tool.run("migrate", "--dir", Self.repository)
            #expect(told.output == "nothing to do: the database is up to date\n")

            let status = try await tool.run("migrate", "status", "--exit-code", "--dir", Self.repository)
            #expect(status.exitCode == 0)
            #expect(status.output.contains("9 applied, 0 pending, 0 failed"))
        }
    }

    @Test(arguments: TestTarget.all)
    func aLedgerMadeByAnotherRunnerIsAdoptedAndThatRunnerStillWorksOnIt(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let connection = try await DatabaseConnection(database)
            try await connection.execute(
                """
                CREATE TABLE schema_version (filename VARCHAR(255) PRIMARY KEY,
                    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, success BOOLEAN DEFAULT TRUE)
                """)
            try await connection.execute("INSERT INTO schema_version (filename) VALUES ('000_a.sql')")
            let files = ["000_a.sql": "CREATE TABLE a (i INT);", "001_b.sql": "CREATE TABLE b (i INT);"]
            try await TestFolder.with(files: files) { folder in
                let outcome = try await Tool(database: database).run("migrate", "--dir", folder, "--format", "json")
                #expect(outcome.exitCode == 0, "\(outcome.errorOutput)")
                #expect(try outcome.json()["total_applied"] as? Int == 1)
            }
            // The older runner writes the file's name alone; a checksum is filled in once its file is seen.
            try await connection.execute("INSERT INTO schema_version (filename) VALUES ('002_c.sql')")
            let rows = try await connection.query("SELECT filename, success, checksum FROM schema_version ORDER BY 1")
            #expect(rows.map { $0.text("filename") } == ["000_a.sql", "001_b.sql", "002_c.sql"])
            #expect(rows.allSatisfy { $0.bool("success") })
            #expect(rows.map { $0.text("checksum")?.count } == [64, 64, nil])
        }
    }

    @Test(arguments: TestTarget.all)
    func sixteenRunnersAtOnceApplyEachFileOnce(_ target: TestTarget) async throws {
        let files = Dictionary(
            uniqueKeysWithValues: (1...6).map { number in
                ("00\(number)_t.sql", "CREATE TABLE t\(number) (i INT); INSERT INTO t\(number) VALUES (\(number));")
            })
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                let migrator = Migrator(database: database, directory: folder)
                let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<16 { group.addTask { try await migrator.up().totalApplied } }
                    return try await group.reduce(0, +)
                }
                #expect(applied == 6)
                let connection = try await DatabaseConnection(database)
                for number in 1...6 {
                    let count = try await connection.query(SQLQuery(unquoted: "SELECT COUNT(*) FROM t\(number)"))
                    #expect(count.first?.int(0) == 1)
                }
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func whatAFileSetsDoesNotReachTheNextOne(_ target: TestTarget) async throws {
        let files = [
            "001_sets.sql": """
            SET @leak = 42; SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'; SET foreign_key_checks = 0;
            SET SESSION time_zone = '+05:00'; SET autocommit = 0; CREATE TEMPORARY TABLE leak (i INT);
            CREATE TABLE "first" (i INT); INSERT INTO "first" VALUES (1); COMMIT;
            """,
            "003_locks.sql": "CREATE TABLE locks (i INT, lock_name VARCHAR(50)); SELECT GET_LOCK(DATABASE(), 10);",
            "004_free.sql": "INSERT INTO locks SELECT IS_USED_LOCK(DATABASE()), 'a query';",
            "005_locks.sql": "INSERT INTO locks SELECT GET_LOCK(DATABASE(), 10) + 9, 'itself';",
            "006_free.sql": "INSERT INTO locks SELECT IS_USED_LOCK(DATABASE()), 'a change of rows';",
            "007_number.sql": "INSERT INTO locks VALUES (LAST_INSERT_ID(42), 'itself');",
            "008_number.sql": "INSERT INTO locks SELECT NULLIF(LAST_INSERT_ID(), 0), 'a number';",
            "002_asks.sql": """
            CREATE TABLE asked (leak INT, mode INT, fk INT, ac INT, tz INT, t VARCHAR(10));
            INSERT INTO asked SELECT @leak IS NULL, @@sql_mode LIKE '%ANSI_QUOTES%', @@foreign_key_checks, @@autocommit,
                @@time_zone = '+05:00', "text";
            """,
        ]
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                _ = try await Migrator(database: database, directory: folder).up()
                let connection = try await DatabaseConnection(database)
                let row = try #require(try await connection.query("SELECT * FROM asked").first)
                #expect((0...5).map { row.text($0) } == ["1", "0", "1", "1", "0", "text"])
                let left = try await connection.query(
                    "SELECT lock_name FROM locks WHERE lock_name <> 'itself' AND i IS NOT NULL")
                #expect(left.map { $0.text(0) } == [])
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aPlanShowsEveryStatementAndChangesNothing(_ target: TestTarget) async throws {
        let files = ["001_a.sql": "CREATE TABLE a (i INT);\nINSERT INTO a VALUES (1);\n  SET @x = 1; CALL nothing();"]
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                let outcome = try await Tool(database: database).run(
                    "migrate", "plan", "--dir", folder, "--format", "json")
                #expect(outcome.exitCode == 0)
                let file = try #require((try outcome.json()["pending"] as? [[String: Any]])?.first)
                let statements = try #require(file["statements"] as? [[String: Any]])
                #expect(statements.map { $0["kind"] as? String } == ["ddl", "dml", "session", "other"])
                #expect(statements.map { $0["line"] as? Int } == [1, 2, 3, 3])
                #expect(statements.map { $0["column"] as? Int } == [1, 1, 3, 15])
                #expect(statements[0]["sql"] as? String == "CREATE TABLE a (i INT)")
                #expect(statements[3]["effect"] is NSNull)
                #expect(try await Self.schema(database).isEmpty)
            }
        }
    }

    @Test func statusTellsPendingByItsExitCode() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["001_a.sql": "DO 0;"]) { folder in
                let tool = Tool(database: database)
                let status = try await tool.run("migrate", "status", "--exit-code", "--dir", folder, "--format", "json")
                #expect(status.exitCode == 2)
                #expect(try status.json()["pending"] as? Int == 1)
                #expect(try await tool.run("migrate", "status", "--dir", folder).exitCode == 0)
                #expect(try await Self.schema(database).isEmpty)
            }
        }
    }

    @Test func aNumberBelowTheNewestAppliedOneNeedsAFlag() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["005_b.sql": "CREATE TABLE b (i INT);"]) { folder in
                let tool = Tool(database: database)
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)
                try Data("CREATE TABLE a (i INT);".utf8).write(to: URL(filePath: folder + "/001_a.sql"))
                let refused = try await tool.run("migrate", "--dir", folder)
                #expect(refused.exitCode == 65)
                #expect(refused.errorOutput.contains("001_a.sql"))
                let allowed = try await tool.run("migrate", "--dir", folder, "--allow-out-of-order")
                #expect(allowed.exitCode == 0)
                #expect(try await Self.schema(database) == ["a", "b"] + Self.ownTables)
            }
        }
    }

    /// What a run leaves of the toolkit's own.
    static let ownTables = ["schema_version", "schema_version_step", "sysndd_ctl_lease"]

    static func schema(_ database: DatabaseSettings) async throws -> [String] {
        try await DatabaseConnection(database).query(
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1"
        ).compactMap { $0.text(0) }
    }
}
