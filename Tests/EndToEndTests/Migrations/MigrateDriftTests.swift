import Foundation
import OpsCore
import TestSupport
import Testing

/// What `migrate` makes of files that do not fit the ledger any more.
@Suite struct MigrateDriftTests {
    private static func write(_ text: String, _ folder: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }

    @Test(arguments: TestTarget.all)
    func aCommentIsNotedAndAChangedStatementRefusedUntilItIsAccepted(_ target: TestTarget) async throws {
        let files = ["001_a.sql": "CREATE TABLE a (i INT);\nINSERT INTO a VALUES (1);\n"]
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                let tool = Tool(database: database)
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)

                try Self.write("-- one\nCREATE  TABLE a (i INT);\n\nINSERT INTO a VALUES (1);\n", folder, "001_a.sql")
                let cosmetic = try await tool.run("migrate", "--dir", folder)
                #expect(cosmetic.exitCode == 0)
                #expect(
                    cosmetic.errorOutput == "note: comments or white space of 001_a.sql changed since it was applied\n")
                let noted = try await tool.run("migrate", "status", "--exit-code", "--dir", folder)
                #expect(noted.exitCode == 0)
                #expect(noted.output.contains("cosmetic drift: 001_a.sql\n"))

                try Self.write("CREATE TABLE a (i INT);\n\nINSERT INTO a VALUES (2);\n", folder, "001_a.sql")
                let refused = try await tool.run("migrate", "--dir", folder)
                #expect(refused.exitCode == 65)
                #expect(
                    refused.errorOutput == """
                        sysndd-ctl: applied files were changed since: 001_a.sql: statement 2 on line 3 is another one now
                        put each back as it was and make the change in a new file; where the database already is as the \
                        file says now: sysndd-ctl migrate repair --accept-drift FILE

                        """)
                let status = try await tool.run("migrate", "status", "--exit-code", "--dir", folder, "--format", "json")
                #expect(status.exitCode == 3)
                let drifted = try status.json()["drifted"] as? [[String: String]]
                #expect(drifted == [["file": "001_a.sql", "kind": "semantic"]])

                let unasked = try await tool.run("migrate", "repair", "--accept-drift", "001_a.sql", "--dir", folder)
                #expect(unasked.exitCode == 64)
                let accepted = try await tool.run(
                    "migrate", "repair", "--accept-drift", "001_a.sql", "--yes", "--dir", folder)
                #expect(accepted.exitCode == 0, "\(accepted.errorOutput)")
                #expect(accepted.output == "001_a.sql counts as applied in the form that it has now\n")
                #expect(try await tool.run("migrate", "status", "--exit-code", "--dir", folder).exitCode == 0)
                #expect(try await DatabaseConnection(database).query("SELECT i FROM a").map { $0.int(0) } == [1])
            }
        }
    }

    @Test func aRenamedFileIsFoundByItsDirectiveOrItsContent() async throws {
        let files = ["008_a.sql": "CREATE TABLE a (i INT);", "009_b.sql": "CREATE TABLE b (i INT);"]
        try await TestDatabase.with { database in
            try await TestFolder.with(files: files) { folder in
                let tool = Tool(database: database)
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)
                try FileManager.default.moveItem(atPath: folder + "/008_a.sql", toPath: folder + "/018_a.sql")
                try FileManager.default.removeItem(atPath: folder + "/009_b.sql")
                let text = "-- sysndd: renamed-from 009_b.sql\nCREATE TABLE IF NOT EXISTS b (i INT);"
                try Self.write(text, folder, "019_b.sql")

                let status = try await tool.run("migrate", "status", "--exit-code", "--dir", folder)
                #expect(status.exitCode == 3)
                let renamed = try await tool.run("migrate", "--dir", folder)
                #expect(renamed.exitCode == 65)
                #expect(renamed.errorOutput.contains("019_b.sql: statement 1 on line 2 is another one now"))

                try Self.write("-- sysndd: renamed-from 009_b.sql\nCREATE TABLE b (i INT);", folder, "019_b.sql")
                let told = try await tool.run("migrate", "--dir", folder)
                #expect(told.exitCode == 0, "\(told.errorOutput)")
                #expect(told.errorOutput.contains("renamed: 008_a.sql is 018_a.sql now\n"))
                #expect(told.errorOutput.contains("renamed: 009_b.sql is 019_b.sql now\n"))
                #expect(told.output == "nothing to do: the database is up to date\n")
                let rows = try await DatabaseConnection(database).query(
                    "SELECT filename FROM schema_version ORDER BY 1")
                #expect(rows.map { $0.text(0) } == ["018_a.sql", "019_b.sql"])
                #expect(
                    try await tool.run("migrate", "--dir", folder, "--format", "json").json()["fast_path"] as? Bool
                        == true)
            }
        }
    }

    @Test func aMissingFileIsToldAndIsNoReasonToStop() async throws {
        let files = ["001_a.sql": "CREATE TABLE a (i INT);", "002_b.sql": "CREATE TABLE b (i INT);"]
        try await TestDatabase.with { database in
            try await TestFolder.with(files: files) { folder in
                let tool = Tool(database: database)
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)
                try FileManager.default.removeItem(atPath: folder + "/001_a.sql")
                let status = try await tool.run("migrate", "status", "--exit-code", "--dir", folder)
                #expect(status.exitCode == 0)
                #expect(status.output.contains("not in the folder: 001_a.sql\n"))
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aLedgerOfFiftyOneRowsGetsItsChecksums(_ target: TestTarget) async throws {
        let names = (Array(0...29) + Array(33...53)).map { ($0 < 10 ? "00" : "0") + "\($0)_old.sql" }
        let files = Dictionary(uniqueKeysWithValues: names.map { ($0, "CREATE TABLE never (i INT);") })
        try await TestDatabase.with(on: target) { database in
            let connection = try await DatabaseConnection(database)
            try await connection.execute(
                """
                CREATE TABLE schema_version (filename VARCHAR(255) PRIMARY KEY,
                    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, success BOOLEAN DEFAULT TRUE)
                """)
            for name in names { try await connection.execute("INSERT INTO schema_version (filename) VALUES (\(name))") }
            try await TestFolder.with(files: files) { folder in
                let tool = Tool(database: database)
                let adopted = try await tool.run("migrate", "--dir", folder)
                #expect(adopted.exitCode == 0, "\(adopted.errorOutput)")
                #expect(adopted.errorOutput == "adopted: 51 rows without a checksum got that of the file\n")
                #expect(adopted.output == "nothing to do: the database is up to date\n")
                let again = try await tool.run("migrate", "--dir", folder, "--format", "json")
                #expect(try again.json()["fast_path"] as? Bool == true)
                let rows = try await connection.query("SELECT COUNT(checksum), COUNT(sql_checksum) FROM schema_version")
                #expect(rows.first?.int(0) == 51)
                #expect(rows.first?.int(1) == 51)
            }
        }
    }

    @Test func aBaselineTakesFilesForAppliedWhereThereIsSomethingToAdopt() async throws {
        let files = [
            "001_a.sql": "CREATE TABLE a (i INT);", "002_b.sql": "CREATE TABLE b (i INT);",
            "003_c.sql": "CREATE TABLE c (i INT);",
        ]
        try await TestDatabase.with { database in
            try await TestFolder.with(files: files) { folder in
                let tool = Tool(database: database)
                let empty = try await tool.run("migrate", "baseline", "--to", "2", "--dir", folder, "--format", "json")
                #expect(empty.exitCode == 1)
                #expect((try empty.json()["error"] as? [String: Any])?["code"] as? String == "MIGRATION_BASELINE_EMPTY")
                let connection = try await DatabaseConnection(database)
                try await connection.execute("CREATE TABLE a (i INT)")
                #expect(try await tool.run("migrate", "baseline", "--to", "7", "--dir", folder).exitCode == 64)
                let adopted = try await tool.run("migrate", "baseline", "--to", "002", "--dir", folder)
                #expect(adopted.exitCode == 0, "\(adopted.errorOutput)")
                #expect(adopted.output == "adopted  001_a.sql\nadopted  002_b.sql\n2 adopted, 0 applied before\n")
                let again = try await tool.run("migrate", "baseline", "--to", "002", "--dir", folder)
                #expect(again.output == "0 adopted, 2 applied before\n")
                let rest = try await tool.run("migrate", "--dir", folder, "--format", "json")
                #expect(try rest.json()["total_applied"] as? Int == 1)
                #expect(try await MigrateTests.schema(database) == ["a", "c"] + MigrateTests.ownTables)
            }
        }
    }
}
