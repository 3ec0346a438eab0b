import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// A restore makes a database what it was when the backup was made; undoing makes it what it was before the restore.
@Suite struct RestoreTests {
    @Test(arguments: TestTarget.all)
    func theCorpusComesBackAndGoesAgain(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await SchemaOracle(target: target).loadCorpus(into: scope.database)
            try await scope.execute("DROP VIEW v_broken, v_broken_2", "DROP TABLE sysndd_ctl_lease, sysndd_ctl_jobs")
            let backup = try await scope.backup.create(.init(jobs: 2))
            let atBackup = try await (state: RestoreState(scope), dump: scope.dumped())
            try await scope.execute(
                "CREATE TABLE added (id INT PRIMARY KEY)", "INSERT INTO added VALUES (1)",
                "CREATE VIEW v_added AS SELECT * FROM added", "SET SESSION foreign_key_checks = 0",
                "DELETE FROM s_json",
                "DROP TABLE s_sets", "ALTER TABLE s_latin1 ADD COLUMN added INT")
            let before = try await (state: RestoreState(scope), dump: scope.dumped())
            #expect(before.state != atBackup.state)

            let result = try await scope.restore.run(.init(file: nil, jobs: 2))
            #expect(result.restoredFrom == backup.file)
            #expect(result.tables == backup.tableCount)
            #expect(result.rows == backup.rows)
            try await expect(scope, atBackup)

            _ = try await scope.restore.undo()
            try await expect(scope, before)
            _ = try await scope.restore.discard()
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    private func expect(_ scope: BackupScope, _ expected: (state: RestoreState, dump: [Substring])) async throws {
        let found = try await (state: RestoreState(scope), dump: scope.dumped())
        #expect(found.dump.difference(from: expected.dump).prefix(10).map { "\($0)".prefix(300) } == [])
        #expect(found.state.rows == expected.state.rows)
        #expect(found.state.fingerprint == expected.state.fingerprint)
    }

    @Test(arguments: TestTarget.all)
    func everyKindOfObjectIsExchanged(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            let old = try await RestoreState(scope)
            try await scope.spoil()
            let spoilt = try await RestoreState(scope)

            let result = try await scope.restore.run(.init(file: nil))
            #expect(try await RestoreState(scope) == old)
            #expect(try await scope.scratchSchemas() == [try #require(result.undoSchema)])
            #expect(result.notes.contains { $0.contains("tables that the backup lacks: added, v") })
            #expect(try await scope.restore.status().restores.map(\.state) == ["done"])
            // Foreign keys point to the tables that are here now.
            await #expect(throws: DatabaseError.self) { try await scope.execute("INSERT INTO child VALUES (9, 77)") }

            let outcome = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == spoilt)
            #expect(try await scope.scratchSchemas() == [try #require(outcome.keptIn)])
            #expect(try await scope.restore.status().restores.map(\.state) == ["undone"])
            await #expect(throws: RestoreError.self) { try await scope.restore.undo() }
            _ = try await scope.restore.discard()
            #expect(try await scope.scratchSchemas() == [])
            await #expect(throws: RestoreError.self) { try await scope.restore.discard() }
        }
    }

    /// However fast they follow each other, and each can be undone.
    @Test func restoresAreUndoneOneAfterAnother() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)")
            var files: [String] = []
            for row in 1...3 {
                files.append(try await scope.backup.create().file)
                try await scope.execute("INSERT INTO a VALUES (\(row))")
            }
            let connection = try await DatabaseConnection(scope.database)
            func count() async throws -> Int? { try await connection.query("SELECT COUNT(*) FROM a").first?.int(0) }
            for (file, rows) in zip(files, 0...) {
                _ = try await scope.restore.run(.init(file: file))
                #expect(try await count() == rows)
            }
            for rows in [1, 0, 3] {
                _ = try await scope.restore.undo()
                #expect(try await count() == rows)
            }
            for _ in files { _ = try await scope.restore.discard() }
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// What was written since the restore can be brought back by hand until it is discarded.
    @Test func undoingKeepsWhatWasWrittenSince() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            _ = try await scope.restore.run(.init(file: nil))
            try await scope.execute("INSERT INTO parent VALUES (77, 'later')")
            let outcome = try await scope.restore.undo()
            let kept = SQLQuery(unquoted: try #require(outcome.keptIn))
            let rows = try await DatabaseConnection(scope.database).query("SELECT v FROM \(kept).parent WHERE id = 77")
            #expect(rows.first?.text(0) == "later")
        }
    }

    /// A running job and the trail of what was done survive the restore; the user's table under such a name is the user's.
    @Test func theToolkitsOwnTablesStay() async throws {
        try await BackupScope.with { scope in
            let own = "ENGINE=InnoDB COMMENT='sysndd-ctl'"
            try await scope.execute(
                "CREATE TABLE sysndd_ctl_audit (id INT PRIMARY KEY) \(own)", "INSERT INTO sysndd_ctl_audit VALUES (1)",
                "CREATE TABLE sysndd_ctl_outbox (id INT PRIMARY KEY)", "INSERT INTO sysndd_ctl_outbox VALUES (1)",
                "CREATE TABLE a (id INT PRIMARY KEY)")
            _ = try await scope.backup.create()
            try await scope.execute(
                "INSERT INTO sysndd_ctl_audit VALUES (2)", "INSERT INTO sysndd_ctl_outbox VALUES (2)",
                "CREATE TABLE sysndd_ctl_jobs (id INT PRIMARY KEY) \(own)", "INSERT INTO sysndd_ctl_jobs VALUES (3)")
            _ = try await scope.restore.run(.init(file: nil))
            let connection = try await DatabaseConnection(scope.database)
            let counts = try await connection.query(
                """
                SELECT (SELECT COUNT(*) FROM sysndd_ctl_audit), (SELECT COUNT(*) FROM sysndd_ctl_outbox),
                    (SELECT COUNT(*) FROM sysndd_ctl_jobs)
                """
            ).first
            #expect((0..<3).map { counts?.int($0) } == [2, 1, 1])
        }
    }

    @Test func anotherDatabaseIsMadeAndRestoredInto() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            let backup = try await scope.backup.create()
            let state = try await RestoreState(scope)
            let other = scope.database.database + "_b"
            let result = try await scope.restore.run(.init(file: backup.file, into: other))
            #expect(result.restoredFrom == backup.file)
            var database = scope.database
            database.database = other
            let copy = BackupScope(target: scope.target, database: database, folder: scope.folder)
            #expect(try await RestoreState(copy) == state)
            #expect(try await RestoreState(scope) == state)
            _ = try await copy.restore.discard()
            #expect(try await copy.scratchSchemas() == [])
            try await scope.execute("DROP DATABASE \(SQLQuery.identifier(other))")
        }
    }

    /// Both databases have a restore to undo, and the printed line is about the one that it was printed for.
    @Test func thePrintedCommandsAreAboutTheOtherDatabase() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            let backup = try await scope.backup.create()
            try await scope.spoil()
            _ = try await scope.restore.run(.init(file: nil))
            let state = try await RestoreState(scope)
            var database = scope.database
            database.database += "_b"
            let other = database.database
            let copy = BackupScope(target: scope.target, database: database, folder: scope.folder)
            let tool = scope.tool()
            let restored = try await tool.run("restore", backup.file, "--into", other, "--confirm", "RESTORE")
            #expect(restored.exitCode == 0, "\(restored.errorOutput)")
            #expect(try await RestoreState(copy) == state)

            let printed = try #require(restored.output.firstMatch(of: /sysndd-ctl (restore undo[^,\n]*)/)?.output.1)
            #expect(restored.output.contains("restore discard --into \(other)"))
            let undone = try await tool.run(printed.split(separator: " ").map(String.init) + ["--confirm", "UNDO"])
            #expect(undone.exitCode == 0, "\(undone.errorOutput)")
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.restore.status().restores.map(\.state) == ["done"])
            #expect(try await BackupScope.checksums(database).isEmpty)

            let status = try await tool.run("restore", "status", "--into", other)
            #expect(status.output.contains("sysndd-ctl restore discard --into \(other) drops it"), "\(status.output)")
            let again = try await tool.run("restore", "undo", "--into", other, "--confirm", "UNDO")
            #expect(again.errorOutput.contains("sysndd-ctl restore status --into \(other)"), "\(again.errorOutput)")
            let resumed = try await tool.run("restore", "resume", "--into", other)
            #expect(resumed.exitCode == 0, "\(resumed.errorOutput)")
            let discarded = try await tool.run("restore", "discard", "--into", other, "--confirm", "DISCARD")
            #expect(discarded.exitCode == 0, "\(discarded.errorOutput)")
            #expect(try await copy.scratchSchemas() == [])
            #expect(try await scope.restore.status().restores.map(\.state) == ["done"])
            try await scope.execute("DROP DATABASE \(SQLQuery.identifier(other))")
        }
    }

    @Test func advicesNameTheDatabaseForAShell() {
        let advice = RestoreAdvice(into: "it's b")
        #expect(
            advice.text("sysndd-ctl restore undo, or restore discard")
                == #"sysndd-ctl restore undo --into 'it'\''s b', or restore discard --into 'it'\''s b'"#)
        #expect(RestoreAdvice(into: nil).text("see: sysndd-ctl restore status") == "see: sysndd-ctl restore status")
    }

    @Test func theReportIsThatOfTheContract() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            let tool = Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder])
            let refused = try await tool.run("restore", "latest", "--format", "json")
            #expect(refused.exitCode == ExitStatus.usage.rawValue)
            let outcome = try await tool.run("restore", "latest", "--confirm", "RESTORE", "--format", "json")
            #expect(outcome.exitCode == 0)
            let report = try outcome.json()
            let keys = [
                "duration_ms", "mode", "notes", "pending_after", "restored_from", "rows", "safety_backup", "tables",
                "undo_schema",
            ]
            #expect(report.keys.sorted() == keys)
            #expect(report["tables"] as? Int == 2)
            #expect(report["rows"] as? Int == 5)
            #expect(report["mode"] as? String == "shadow")
            #expect(scope.files.contains { $0.hasPrefix("pre-restore_") })
            let undone = try await tool.run("restore", "undo", "--confirm", "UNDO", "--format", "json")
            #expect(undone.exitCode == 0)
            #expect(try undone.json()["kept_in"] is String)
            let discarded = try await tool.run("restore", "discard", "--confirm", "DISCARD")
            #expect(discarded.exitCode == 0)
            #expect(try await scope.scratchSchemas() == [])
        }
    }
}
