import Foundation
import Subprocess
import TestSupport
import Testing

@testable import OpsCore

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// `backup show`, `extract` and `diff`, as processes and on real servers.
@Suite struct BackupContentsCommandTests {
    private static let tables = [
        "CREATE TABLE gene (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(50), f FLOAT)",
        "INSERT INTO gene (t, f) VALUES ('it''s; a \\\\ test', 5592405.5), (NULL, 0.1), ('🧬', 3)",
        "CREATE TABLE note (id INT PRIMARY KEY, t TEXT)", "INSERT INTO note VALUES (1, 'x'), (2, 'y')",
        "CREATE VIEW v AS SELECT id FROM gene",
    ]

    private func withBackup(
        on target: TestTarget, _ body: (BackupScope, Tool, String) async throws -> Void
    ) async throws {
        try await BackupScope.with(on: target) { scope in
            for statement in Self.tables { try await scope.execute(statement) }
            let file = try await scope.backup.create().file
            let tool = Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder])
            try await body(scope, tool, file)
        }
    }

    @Test func showTellsWhatIsInABackup() async throws {
        try await withBackup(on: .embedded) { scope, tool, file in
            let shown = try await tool.run("backup", "show", "latest", "--format", "json")
            #expect(shown.exitCode == 0, "\(shown.errorOutput)")
            let json = try shown.json()
            #expect(
                Set(json.keys) == [
                    "file", "kind", "size_bytes", "created_at", "tool", "database", "server", "snapshot", "table_count",
                    "rows", "inflated_bytes", "complete", "problem", "verified_at", "proven_at", "restore_ms", "tables",
                    "objects",
                ])
            #expect(json["file"] as? String == URL(filePath: file).lastPathComponent)
            #expect(json["rows"] as? Int == 5)
            let tables = try #require(json["tables"] as? [[String: Any]])
            #expect(Set(tables.compactMap { $0["name"] as? String }) == ["gene", "note"])
            let text = try await tool.run("backup", "show", file)
            #expect(text.output.contains("table  gene  3 rows"))
            #expect(text.output.contains("view  v"))
            #expect(try await tool.run("backup", "show", "manual_2000-01-01_00-00-00.sql.gz").exitCode == 65)
            #expect(try await tool.run("backup", "show", "../x").exitCode != 0)
        }
    }

    @Test func aNameWithALineFeedStaysOnItsLine() async throws {
        try await withBackup(on: .embedded) { scope, tool, first in
            try await scope.execute("CREATE TABLE `a\u{1B}\nb` (id INT PRIMARY KEY)")
            let file = try await scope.backup.create().file
            let shown = try await tool.run("backup", "show", file)
            #expect(shown.output.contains("\ntable  a??b  0 rows"))
            let changed = try await tool.run("backup", "diff", first, file)
            #expect(changed.output.contains("added  table a??b, 0 rows"))
            let extracted = try await tool.run("backup", "extract", file, "--table", "a\u{1B}\nb")
            #expect(extracted.exitCode == 0, "\(extracted.errorOutput)")
        }
    }

    @Test(arguments: TestTarget.all)
    func anExtractedTableHasItsTriggers(_ target: TestTarget) async throws {
        try await withBackup(on: target) { scope, tool, _ in
            try await scope.execute(
                "CREATE TRIGGER own BEFORE INSERT ON gene FOR EACH ROW SET NEW.t = CONCAT(NEW.t, ';', NEW.f)",
                "CREATE TRIGGER other BEFORE INSERT ON note FOR EACH ROW SET NEW.t = 'x'")
            if !target.isMySQL {
                try await scope.execute(
                    "CREATE SEQUENCE own_numbers START WITH 7", "CREATE SEQUENCE other_numbers",
                    "ALTER TABLE gene ADD COLUMN n INT DEFAULT (NEXT VALUE FOR own_numbers)")
            }
            let file = try await scope.backup.create().file
            let extracted = try await tool.run("backup", "extract", file, "--table", "gene")
            #expect(extracted.exitCode == 0, "\(extracted.errorOutput)")
            #expect(extracted.errorOutput.contains("the sequence `own_numbers`") == !target.isMySQL)
            try await TestDatabase.with(on: target) { copy in
                try await SchemaOracle(target: target).restore(Array(extracted.output.utf8), into: copy)
                let schema = try await DatabaseConnection(copy).schema()
                let names = schema.objects.map(\.name).filter { !$0.isEmpty }
                #expect(names == (target.isMySQL ? [] : ["own_numbers"]) + ["gene", "own"])
                let source = try await DatabaseConnection(scope.database).schema()
                #expect(schema.differences(from: source).allSatisfy { $0.change == .removed })
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func anExtractedTableGoesThroughTheClientAndIsTheSame(_ target: TestTarget) async throws {
        try await withBackup(on: target) { scope, tool, _ in
            let extracted = try await tool.run("backup", "extract", "latest", "--table", "gene")
            #expect(extracted.exitCode == 0, "\(extracted.errorOutput)")
            try await TestDatabase.with(on: target) { copy in
                try await SchemaOracle(target: target).restore(Array(extracted.output.utf8), into: copy)
                let sums = try await BackupScope.checksums(copy)
                #expect(Array(sums.keys) == ["gene"])
                #expect(try await sums["gene"] == BackupScope.checksums(scope.database)["gene"])
            }
            let missing = try await tool.run("backup", "extract", "latest", "--table", "Gene ")
            #expect(missing.exitCode == 65)
            #expect(missing.output == "")
        }
    }

    /// A dump of the usual tool, its table taken out and loaded by its client.
    @Test func aTableOfADumpMadeByTheServersOwnToolIsTheSame() async throws {
        try await withBackup(on: .embedded) { scope, tool, _ in
            let dump = try await SchemaOracle(target: .embedded).dump(scope.database, [])
            try Data(dump.utf8).write(to: URL(filePath: scope.folder + "/old.sql"))
            let extracted = try await tool.run("backup", "extract", "old.sql", "--table", "note")
            #expect(extracted.exitCode == 0, "\(extracted.errorOutput)")
            try await TestDatabase.with { copy in
                try await SchemaOracle(target: .embedded).restore(Array(extracted.output.utf8), into: copy)
                let sums = try await BackupScope.checksums(copy)
                #expect(Array(sums.keys) == ["note"])
                #expect(try await sums["note"] == BackupScope.checksums(scope.database)["note"])
            }
        }
    }

    @Test func aReaderThatGoesAwayIsAFailure() async throws {
        try await withBackup(on: .embedded) { scope, _, file in
            try await scope.execute(
                "CREATE TABLE big (id INT PRIMARY KEY, t LONGTEXT)", "INSERT INTO big VALUES (1, REPEAT('z', 3000000))")
            let large = try await scope.backup.create().file
            let result = try await Subprocess.run(
                .path("/bin/bash"),
                arguments: [
                    "-c", "set -o pipefail; \"$1\" backup extract \"$2\" --table big | head -c 10 >/dev/null", "-",
                    Tool.path,
                    large,
                ], output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
            #expect(!result.terminationStatus.isSuccess)
            #expect(FileManager.default.fileExists(atPath: file))
        }
    }

    @Test(arguments: TestTarget.all)
    func diffTellsWhatHappenedSinceABackup(_ target: TestTarget) async throws {
        try await withBackup(on: target) { scope, tool, first in
            let same = try await tool.run("backup", "diff", "latest", "--format", "json")
            #expect(same.exitCode == 0, "\(same.errorOutput)")
            #expect(try same.json()["identical"] as? Bool == true)

            try await scope.execute(
                "INSERT INTO gene (t) VALUES ('new')", "UPDATE note SET t = 'z' WHERE id = 2", "DROP VIEW v",
                "CREATE TABLE extra (id INT PRIMARY KEY)")
            let live = try await tool.run("backup", "diff", first, "--format", "json")
            let second = try await scope.backup.create().file
            let stored = try await tool.run("backup", "diff", first, second, "--format", "json")
            for outcome in [live, stored] {
                #expect(outcome.exitCode == 0, "\(outcome.errorOutput)")
                let json = try outcome.json()
                #expect(json["identical"] as? Bool == false)
                let tables = try #require(json["tables"] as? [[String: Any]])
                #expect(tables.map { $0["name"] as? String } == ["extra", "gene", "note"])
                #expect(tables.map { $0["change"] as? String } == ["added", "changed", "changed"])
                #expect(tables.map { $0["definition_changed"] as? Bool } == [false, false, false])
                #expect(tables.map { $0["rows_after"] as? Int } == [0, 4, 2])
                let objects = try #require(json["objects"] as? [[String: Any]])
                #expect(objects.map { $0["change"] as? String } == ["removed"])
            }
            let text = try await tool.run("backup", "diff", first, second)
            #expect(text.output.contains("changed  table gene, 3 -> 4 rows"))
            #expect(text.output.contains("changed  table note, 2 rows, not the same ones"))
            #expect(text.output.contains("removed  view v"))
            #expect(try await tool.run("backup", "diff", second).output.contains("no difference"))
        }
    }
}
