import Foundation
import Glibc
import OpsCore
import TestSupport
import Testing

/// The command `migrate` when something is wrong: message, exit code, and what stays as it was.
@Suite struct MigrateFailureTests {
    private struct BadFile: Sendable, CustomTestStringConvertible {
        var name = "001_bad.sql"
        var content: [UInt8]
        var expected: String
        var testDescription: String { expected }

        init(_ text: String, _ expected: String, name: String = "001_bad.sql") {
            self.init(bytes: Array(text.utf8), expected, name: name)
        }

        init(bytes: [UInt8], _ expected: String, name: String = "001_bad.sql") {
            content = bytes
            self.expected = expected
            self.name = name
        }
    }

    private static let badFiles = [
        BadFile("", "001_bad.sql holds no statement"),
        BadFile("-- only a comment\n", "001_bad.sql holds no statement"),
        BadFile("SELECT 1;\nSELECT 'open;\n", "001_bad.sql:2:8"),
        BadFile("SELECT 1;\n\n/* open\n", "001_bad.sql:3:1"),
        BadFile(
            "SELECT 1;\nDELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END\n", "001_bad.sql:2:1: the delimiter"),
        BadFile(bytes: Array("SELECT 1;\nSELECT '".utf8) + [0xFF, 0xFE] + Array("';".utf8), "001_bad.sql:2:9"),
        BadFile("CREATE TABLE x (i INT);\n\\! touch /tmp/x\n", "001_bad.sql:2:1"),
        BadFile("CREATE TABLE x (i INT);", "nonumber.sql has no number", name: "nonumber.sql"),
        BadFile("CREATE TABLE x (i INT);", "000_good.sql and 00_twice.sql", name: "00_twice.sql"),
        BadFile("CREATE TABLE x (i INT);", "is too large", name: "99999999999999999999_x.sql"),
    ]

    @Test(arguments: badFiles)
    private func aBadFileIsRefusedBeforeAnythingIsChanged(_ bad: BadFile) async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["000_good.sql": "CREATE TABLE good (i INT);"]) { folder in
                try Data(bad.content).write(to: URL(filePath: folder + "/" + bad.name))
                let outcome = try await Tool(database: database).run("migrate", "--dir", folder)
                #expect(outcome.exitCode == 65)
                #expect(outcome.errorOutput.contains(bad.expected), "\(outcome.errorOutput)")
                #expect(outcome.output.isEmpty)
                #expect(try await MigrateTests.schema(database).isEmpty)
            }
        }
    }

    @Test func aMissingAndAnEmptyFolderAreRefused() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with { folder in
                let tool = Tool(database: database)
                let missing = try await tool.run("migrate", "--dir", folder + "/nowhere")
                #expect(missing.exitCode == 65)
                #expect(missing.errorOutput.contains("does not exist"))
                let empty = try await tool.run("migrate", "--dir", folder, "--format", "json")
                #expect(empty.exitCode == 65)
                let error = try #require(empty.json()["error"] as? [String: Any])
                #expect(error["code"] as? String == "MIGRATIONS_FOLDER_EMPTY")
                #expect(Set(error.keys) == ["code", "message", "hint"])
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func anErrorInStatementThreeOfSevenTellsWhatIsCommitted(_ target: TestTarget) async throws {
        let text = """
            CREATE TABLE a (i INT PRIMARY KEY);
            INSERT INTO a VALUES (1);
              INSERT INTO a VALUES (1);
            CREATE TABLE b (i INT);
            CREATE TABLE c (i INT);
            CREATE TABLE d (i INT);
            CREATE TABLE e (i INT);
            """
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["000_ok.sql": "CREATE TABLE ok (i INT);", "001_bad.sql": text]) {
                folder in
                let outcome = try await Tool(database: database).run("migrate", "--dir", folder, "--format", "json")
                #expect(outcome.exitCode == 1)
                let result = try outcome.json()
                #expect((result["applied"] as? [[String: Any]])?.map { $0["file"] as? String } == ["000_ok.sql"])
                #expect(result["total_applied"] as? Int == 1)
                #expect(result["pending"] as? Int == 1)
                let failure = try #require(result["failure"] as? [String: Any])
                #expect(failure["file"] as? String == "001_bad.sql")
                #expect(failure["line"] as? Int == 3)
                #expect(failure["column"] as? Int == 3)
                #expect(failure["statement_index"] as? Int == 3)
                #expect(failure["statement_count"] as? Int == 7)
                #expect(failure["statement"] as? String == "INSERT INTO a VALUES (1)")
                #expect(failure["code"] as? Int == 1062)
                #expect(failure["sqlstate"] as? String == "23000")
                #expect((failure["committed"] as? [[String: Any]])?.map { $0["index"] as? Int } == [1, 2])
                #expect(
                    (failure["choices"] as? [String])?.first?.hasPrefix("correct 001_bad.sql from statement 3 on")
                        == true)
                #expect(failure["schema_after"] as? String == "000_ok.sql")
                #expect(failure["schema_before"] as? String == "001_bad.sql")
                #expect((result["error"] as? [String: Any])?["code"] as? String == "MIGRATION_FAILED")
                #expect(try await MigrateTests.schema(database) == ["a", "ok"] + MigrateTests.ownTables)
                let rows = try await DatabaseConnection(database).query("SELECT filename FROM schema_version")
                #expect(rows.map { $0.text(0) } == ["000_ok.sql"])

                let told = try await Tool(database: database).run("migrate", "--dir", folder)
                #expect(told.errorOutput.contains("001_bad.sql:3:3: statement 3 of 7 failed"))
                #expect(
                    told.errorOutput.contains(
                        """
                        committed and in force: statement 1, 2 of 7
                        the schema stands between 000_ok.sql and 001_bad.sql

                        """))
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aFailureInsideATransactionLeavesItsStatementsUncommitted(_ target: TestTarget) async throws {
        let text = """
            CREATE TABLE a (i INT PRIMARY KEY) ENGINE=InnoDB;
            START TRANSACTION;
            INSERT INTO a VALUES (1);
            INSERT INTO nowhere VALUES (1);
            COMMIT;
            """
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["001_bad.sql": text]) { folder in
                let outcome = try await Tool(database: database).run("migrate", "--dir", folder, "--format", "json")
                let failure = try #require(outcome.json()["failure"] as? [String: Any])
                #expect((failure["committed"] as? [[String: Any]])?.map { $0["index"] as? Int } == [1])
                #expect(try await DatabaseConnection(database).query("SELECT * FROM a").isEmpty)
            }
        }
    }

    @Test func aFileThatLeavesATransactionOpenIsAFailure() async throws {
        let text = "CREATE TABLE a (i INT) ENGINE=InnoDB;\nSTART TRANSACTION;\nINSERT INTO a VALUES (1);\n"
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["001_open.sql": text]) { folder in
                let outcome = try await Tool(database: database).run("migrate", "--dir", folder)
                #expect(outcome.exitCode == 1)
                #expect(outcome.errorOutput.contains("end it with COMMIT"))
                let rows = try await DatabaseConnection(database).query("SELECT * FROM schema_version")
                #expect(rows.isEmpty)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aHeldLockIsReportedWithItsHolder(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["001_a.sql": "CREATE TABLE a (i INT);"]) { folder in
                let holder = try await DatabaseConnection(database)
                // Other tests migrate on this server at the same time, under the same name.
                #expect(try await holder.query("SELECT GET_LOCK('sysndd_migration', 60)").first?.int(0) == 1)
                let tool = Tool(database: database)
                let outcome = try await tool.run("migrate", "--dir", folder, "--lock-timeout", "0")
                #expect(outcome.exitCode == 75)
                #expect(outcome.errorOutput.contains("connection \(holder.connectionID) (\(database.user)@"))
                #expect(outcome.errorOutput.contains(", idle for "))
                #expect(try await MigrateTests.schema(database).isEmpty)
                let status = try await tool.run("migrate", "status", "--dir", folder, "--format", "json")
                #expect((try status.json()["lock"] as? [String: Any])?["locked"] as? Bool == true)
                _ = try await holder.query("SELECT RELEASE_LOCK('sysndd_migration')")
                #expect(try await tool.run("migrate", "--dir", folder, "--lock-timeout", "60").exitCode == 0)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func controlCInTheMiddleStopsTheStatementAndTellsWhatStays(_ target: TestTarget) async throws {
        // Some 10^10 rows: nobody waits for its end.
        let join = ["a", "b", "c", "d"].map { "information_schema.COLLATIONS \($0)" }.joined(separator: ", ")
        let text = "CREATE TABLE a (i BIGINT);\nINSERT INTO a SELECT COUNT(*) FROM \(join);\n"
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["001_slow.sql": text]) { folder in
                let watcher = try await DatabaseConnection(database)
                let outcome = try await Tool(database: database).run("migrate", "--dir", folder, "--format", "json") {
                    pid in
                    try await watcher.untilStatement(like: "INSERT INTO a SELECT COUNT%")
                    kill(pid, SIGINT)
                }
                #expect(outcome.exitCode == 130)
                let failure = try #require(outcome.json()["failure"] as? [String: Any])
                #expect(failure["statement_index"] as? Int == 2)
                #expect((failure["committed"] as? [[String: Any]])?.map { $0["index"] as? Int } == [1])
                #expect(
                    failure["choices"] as? [String] == ["run sysndd-ctl migrate again: it goes on with statement 2"])
                try await eventually { try await !watcher.isRunning(like: "INSERT INTO a SELECT COUNT%") }
                #expect(try await watcher.query("SELECT * FROM schema_version").isEmpty)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func anAccountWithoutTheRightIsNotPermitted(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let root = try await DatabaseConnection(database)
            let name = "reader_" + String(UInt32.random(in: 0 ... .max), radix: 36)
            try await root.execute("CREATE USER \(name)@'%' IDENTIFIED BY 'Reader-pass-1'")
            try await root.execute("GRANT SELECT ON \(identifier: database.database).* TO \(name)@'%'")
            var reader = database
            reader.user = name
            reader.password = Secret("Reader-pass-1")
            try await TestFolder.with(files: ["001_a.sql": "CREATE TABLE a (i INT);"]) { folder in
                let outcome = try await Tool(database: reader).run("migrate", "--dir", folder)
                #expect(outcome.exitCode == 77, "\(outcome.errorOutput)")
                #expect(!outcome.errorOutput.contains("Reader-pass-1"))
            }
            try await root.execute("DROP USER \(name)@'%'")
        }
    }

    @Test(arguments: TestTarget.all)
    func anAccountThatLacksARightInTheMiddleIsNotPermitted(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let root = try await DatabaseConnection(database)
            let name = "builder_" + String(UInt32.random(in: 0 ... .max), radix: 36)
            try await root.execute("CREATE USER \(name)@'%' IDENTIFIED BY 'Builder-pass-1'")
            try await root.execute(
                """
                GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON \(identifier: database.database).* TO \(name)@'%'
                """)
            var builder = database
            builder.user = name
            builder.password = Secret("Builder-pass-1")
            try await TestFolder.with(files: ["000_ok.sql": "CREATE TABLE ok (i INT);"]) { folder in
                #expect(try await Tool(database: database).run("migrate", "--dir", folder).exitCode == 0)
                try Data("CREATE TABLE a (i INT);\nALTER TABLE a ADD COLUMN j INT;".utf8).write(
                    to: URL(filePath: folder + "/001_a.sql"))
                let outcome = try await Tool(database: builder).run("migrate", "--dir", folder)
                #expect(outcome.exitCode == 77, "\(outcome.errorOutput)")
                #expect(outcome.errorOutput.contains("sysndd-ctl grants --role migrate"))
                #expect(outcome.errorOutput.contains("run sysndd-ctl migrate again: it goes on with statement 2\n"))
                #expect(try await Tool(database: database).run("migrate", "--dir", folder).exitCode == 0)
            }
            try await root.execute("DROP USER \(name)@'%'")
        }
    }

    @Test(arguments: TestTarget.all)
    func aFileThatWasNotBegunIsPendingAfterAStop(_ target: TestTarget) async throws {
        let files = ["001_a.sql": "CREATE TABLE a (i INT);", "002_b.sql": "CREATE TABLE b (i INT);"]
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                let migrator = Migrator(database: database, directory: folder)
                let error = await #expect(throws: MigrationRunError.self) {
                    try await migrator.up(MigrationOptions()) { event in
                        guard case .started(_, 2, _, _) = event else { return }
                        withUnsafeCurrentTask { $0?.cancel() }
                    }
                }
                #expect(error?.exitStatus == .interrupted)
                #expect(error?.result.applied.map(\.file) == ["001_a.sql"])
                #expect(error?.result.failure?.schemaAfter == "001_a.sql")
                #expect(error?.result.failure?.schemaBefore == nil)
                let status = try await Tool(database: database).run("migrate", "status", "--exit-code", "--dir", folder)
                #expect(status.exitCode == 2, "\(status.output)")
                #expect(try await migrator.up().totalApplied == 1)
            }
        }
    }
}
