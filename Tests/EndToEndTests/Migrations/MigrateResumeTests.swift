import Foundation
import Glibc
import OpsCore
import TestSupport
import Testing

/// What happens after a file has stopped in its middle.
@Suite struct MigrateResumeTests {
    private static func write(_ text: String, _ folder: String, _ name: String = "001_a.sql") throws {
        try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }

    private static func values(_ database: DatabaseSettings) async throws -> [Int?] {
        try await DatabaseConnection(database).query("SELECT i FROM a ORDER BY 1").map { $0.int(0) }
    }

    private static let stopping =
        "CREATE TABLE a (i INT);\nINSERT INTO a VALUES (1);\nINSERT INTO nowhere VALUES (1);\n"

    @Test(arguments: TestTarget.all)
    func aCorrectedFileGoesOnWhereItStoppedAndADoneStatementCannotChange(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["001_a.sql": Self.stopping]) { folder in
                let tool = Tool(database: database)
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 1)
                let status = try await tool.run("migrate", "status", "--exit-code", "--dir", folder)
                #expect(status.exitCode == 3)
                #expect(status.output.contains("failed    001_a.sql\n"))

                try Self.write("CREATE TABLE a (i INT);\nINSERT INTO a VALUES (7);\nDO 0;", folder)
                let refused = try await tool.run("migrate", "--dir", folder)
                #expect(refused.exitCode == 65)
                #expect(
                    refused.errorOutput.contains(
                        "001_a.sql: statement 2, which stood on line 2, was done already and is another one now"))

                try Self.write("CREATE TABLE a (i INT);\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);", folder)
                let done = try await tool.run("migrate", "--dir", folder)
                #expect(done.exitCode == 0, "\(done.errorOutput)")
                #expect(try await Self.values(database) == [1, 2])
                #expect(try await tool.run("migrate", "status", "--exit-code", "--dir", folder).exitCode == 0)
            }
        }
    }

    @Test func restartRunsAFileFromItsStart() async throws {
        let text = "CREATE TABLE IF NOT EXISTS a (i INT);\nINSERT INTO a VALUES (1);\n"
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["001_a.sql": text + "INSERT INTO nowhere VALUES (1);"]) { folder in
                let tool = Tool(database: database)
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 1)
                try Self.write(text, folder)
                let done = try await tool.run("migrate", "up", "--restart", "--dir", folder)
                #expect(done.exitCode == 0, "\(done.errorOutput)")
                #expect(try await Self.values(database) == [1, 1])
            }
        }
    }

    @Test func aStatementCanBeMarkedDoneAndAFailureForgotten() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["001_a.sql": Self.stopping + "INSERT INTO a VALUES (3);"]) { folder in
                let tool = Tool(database: database)
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 1)
                let wrong = try await tool.run(
                    "migrate", "repair", "--mark-done", "001_a.sql:4", "--yes", "--dir", folder)
                #expect(wrong.exitCode == 64)
                #expect(wrong.errorOutput.contains("statement 4 of 001_a.sql is not the next one: 2 of 4 are done"))
                let cleared = try await tool.run(
                    "migrate", "repair", "--clear-failed", "001_a.sql", "--yes", "--dir", folder)
                #expect(cleared.exitCode == 0, "\(cleared.errorOutput)")
                #expect(cleared.output == "001_a.sql goes on with statement 3 of 4\n")
                #expect(try await tool.run("migrate", "status", "--exit-code", "--dir", folder).exitCode == 2)
                let marked = try await tool.run(
                    "migrate", "repair", "--mark-done", "001_a.sql:3", "--yes", "--dir", folder)
                #expect(marked.output == "statement 3 of 4 of 001_a.sql counts as done\n")
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)
                #expect(try await Self.values(database) == [1, 3])
                let late = try await tool.run(
                    "migrate", "repair", "--clear-failed", "001_a.sql", "--yes", "--dir", folder)
                #expect(late.exitCode == 64)
                #expect(try await tool.run("migrate", "repair", "--yes", "--dir", folder).exitCode == 64)
                let unknown = try await tool.run(
                    "migrate", "repair", "--clear-failed", "9_x.sql", "--yes", "--dir", folder)
                #expect(unknown.exitCode == 64)
            }
        }
    }

    /// Some statements commit the file's own transaction before they fail.
    @Test(arguments: TestTarget.all)
    func whatAFailingStatementCommittedIsTold(_ target: TestTarget) async throws {
        let text = """
            CREATE TABLE a (i INT) ENGINE=InnoDB;
            START TRANSACTION;
            INSERT INTO a VALUES (1);
            CREATE TABLE a (i INT);
            """
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["001_a.sql": text]) { folder in
                let tool = Tool(database: database)
                let outcome = try await tool.run("migrate", "--dir", folder, "--format", "json")
                let failure = try #require(outcome.json()["failure"] as? [String: Any])
                let committed = (failure["committed"] as? [[String: Any]])?.compactMap { $0["index"] as? Int }
                let rows = try await Self.values(database)
                #expect(committed == (rows.isEmpty ? [1] : [1, 2, 3]))
                try Self.write(text.replacing("CREATE TABLE a (i INT);", with: "COMMIT;"), folder)
                let done = try await tool.run("migrate", "--dir", folder)
                #expect(done.exitCode == 0, "\(done.errorOutput)")
                #expect(try await Self.values(database) == [1])
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aPlanLeavesOutWhatIsDone(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["001_a.sql": Self.stopping + "INSERT INTO a VALUES (3);"]) { folder in
                let tool = Tool(database: database)
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 1)
                let outcome = try await tool.run("migrate", "plan", "--dir", folder, "--format", "json")
                let file = try #require((try outcome.json()["pending"] as? [[String: Any]])?.first)
                let statements = try #require(file["statements"] as? [[String: Any]])
                #expect(statements.map { $0["index"] as? Int } == [3, 4])
            }
        }
    }

    /// A guard that asks the wrong question skips its constraint without an error.
    @Test(arguments: TestTarget.all)
    func aPostConditionThatDoesNotHoldLeavesTheFileFailed(_ target: TestTarget) async throws {
        let text = """
            -- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.TABLE_CONSTRAINTS WHERE TABLE_SCHEMA = DATABASE() AND CONSTRAINT_NAME = 'uq_a'
            CREATE TABLE a (i INT);
            SET @statement = IF((SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
                AND TABLE_NAME = 'a') = 0, 'ALTER TABLE a ADD CONSTRAINT uq_a UNIQUE (i)', 'DO 0');
            PREPARE guarded FROM @statement;
            EXECUTE guarded;
            DEALLOCATE PREPARE guarded;

            """
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["001_a.sql": text]) { folder in
                let tool = Tool(database: database)
                let failed = try await tool.run("migrate", "--dir", folder)
                #expect(failed.exitCode == 1)
                #expect(failed.errorOutput.contains("001_a.sql:1:1: the post-condition does not hold: it returned 0\n"))
                #expect(try await DatabaseConnection(database).query("SELECT 1 FROM schema_version").isEmpty)
                #expect(try await tool.run("migrate", "status", "--exit-code", "--dir", folder).exitCode == 3)

                try Self.write(text + "ALTER TABLE a ADD CONSTRAINT uq_a UNIQUE (i);\n", folder)
                let done = try await tool.run("migrate", "--dir", folder)
                #expect(done.exitCode == 0, "\(done.errorOutput)")
                let holds = try await tool.run("migrate", "verify", "--dir", folder)
                #expect(holds.exitCode == 0)
                #expect(holds.output.hasSuffix("1 of 1 post-conditions hold\n"))
                try await DatabaseConnection(database).execute("ALTER TABLE a DROP INDEX uq_a")
                let fails = try await tool.run("migrate", "verify", "--dir", folder)
                #expect(fails.exitCode == 1)
                #expect(fails.output.hasPrefix("FAILS  001_a.sql:1  it returned 0\n"))
            }
        }
    }

    @Test func aMisspeltDirectiveIsAnError() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["001_a.sql": "-- sysndd: verfy SELECT 1\nCREATE TABLE a (i INT);"]) {
                folder in
                let outcome = try await Tool(database: database).run("migrate", "--dir", folder)
                #expect(outcome.exitCode == 65)
                #expect(outcome.errorOutput.contains("001_a.sql:1: not a directive: sysndd: verfy SELECT 1"))
                #expect(try await MigrateTests.schema(database).isEmpty)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func whoBlocksALockIsTold(_ target: TestTarget) async throws {
        let text = "-- sysndd: lock-wait-timeout 1\nALTER TABLE a ADD COLUMN j INT;"
        try await TestDatabase.with(on: target) { database in
            let blocker = try await DatabaseConnection(database)
            try await blocker.execute("CREATE TABLE a (i INT) ENGINE=InnoDB")
            try await blocker.execute("START TRANSACTION")
            try await blocker.execute("INSERT INTO a VALUES (1)")
            try await TestFolder.with(files: ["001_a.sql": text]) { folder in
                var options = MigrationOptions()
                options.lockWaitBudget = .seconds(2)
                let migrator = Migrator(database: database, directory: folder)
                let error = await #expect(throws: MigrationRunError.self) { try await migrator.up(options) }
                #expect(error?.exitStatus == .busy)
                let expected = "session \(blocker.connectionID) of \(database.user) from "
                #expect(error?.message.contains(expected) == true, "\(String(describing: error?.message))")
                try await blocker.execute("ROLLBACK")
                #expect(try await migrator.up(options).totalApplied == 1)
            }
        }
    }
}
