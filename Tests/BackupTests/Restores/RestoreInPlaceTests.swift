import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// A restore in place: for accounts that may not make a schema. What was there is in the safety backup.
@Suite struct RestoreInPlaceTests {
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
                "DELETE FROM s_json", "DROP TABLE s_sets", "ALTER TABLE s_latin1 ADD COLUMN added INT")
            let before = try await (state: RestoreState(scope), dump: scope.dumped())

            let result = try await scope.restore.run(.init(file: nil, jobs: 2, mode: .inPlace))
            #expect(result.mode == "in-place")
            #expect(result.undoSchema == nil)
            #expect(result.tables == backup.tableCount && result.rows == backup.rows)
            try await expect(scope, atBackup)
            #expect(try await scope.restore.status().restores.map(\.state) == ["in_place_done"])
            #expect(try await scope.scratchSchemas() == [])

            let outcome = try await scope.restore.undo()
            #expect(outcome.notes.contains { $0.hasPrefix("what was restored is in ") })
            try await expect(scope, before)
            #expect(try await scope.restore.status().restores.isEmpty)
            await #expect(throws: RestoreError.self) { try await scope.restore.undo() }
        }
    }

    private func expect(_ scope: BackupScope, _ expected: (state: RestoreState, dump: [Substring])) async throws {
        let journal = Set(RestoreJournal.tables)
        let found = try await (state: RestoreState(scope), dump: scope.dumped(without: journal))
        #expect(found.dump.difference(from: expected.dump).prefix(10).map { "\($0)".prefix(300) } == [])
        #expect(found.state == expected.state)
    }

    /// The account of a hosted database: everything in it, nothing beside it.
    @Test func anAccountThatMayNotMakeASchemaRestores() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            let new = try await RestoreState(scope)
            try await scope.spoil()
            let account = try await BackupAccount.make(scope)
            try await scope.execute(
                "GRANT ALL ON \(SQLQuery.identifier(scope.database.database)).* TO \(account.quoted)",
                "GRANT SELECT ON mysql.proc TO \(account.quoted)", "GRANT SET USER ON *.* TO \(account.quoted)")
            let tool = Tool(database: account.settings, environment: ["BACKUP_DIR": scope.folder])
            let refused = try await tool.run("restore", "latest", "--confirm", "RESTORE")
            #expect(refused.exitCode == ExitStatus.notPermitted.rawValue)
            #expect(refused.errorOutput.contains("--mode in-place"))
            let done = try await tool.run(
                "restore", "latest", "--confirm", "RESTORE", "--mode", "in-place", "--format", "json")
            #expect(done.exitCode == 0, "\(done.errorOutput)")
            #expect(done.errorOutput.contains("in place: from now on"))
            let report = try done.json()
            #expect(report["mode"] as? String == "in-place")
            #expect(report["undo_schema"] is NSNull)
            #expect((report["safety_backup"] as? String)?.contains("pre-restore_") == true)
            #expect(try await RestoreState(scope) == new)
            try await account.drop(scope)
        }
    }

    @Test func tablesInUseAreNotTouched() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            try await scope.spoil()
            let state = try await RestoreState(scope)
            let other = try await DatabaseConnection(scope.database)
            try await other.run("BEGIN", "SELECT * FROM added FOR UPDATE")
            let error = await #expect(throws: RestoreError.self) {
                try await scope.restore.run(.init(file: nil, mode: .inPlace))
            }
            #expect(error?.code == "RESTORE_TABLES_LOCKED")
            #expect(error?.exitStatus == .busy)
            try await other.run("ROLLBACK")
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.restore.status().restores.isEmpty)
        }
    }

    /// What fails behind the first dropped table is told as what it is.
    @Test func aFailureInTheMiddleSaysWhatTheDatabaseIs() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            let backup = try await scope.backup.create()
            let forged = try await scope.rewrite(backup.file) { label, sql in
                label.object == "child" ? sql.replacing("(1,1)", with: "(2,1)") : sql
            }
            let old = try await RestoreState(scope)
            let error = await #expect(throws: RestoreError.self) {
                try await scope.restore.run(.init(file: forged.text, mode: .inPlace))
            }
            #expect(error?.code == "RESTORE_IN_PLACE_UNFINISHED")
            #expect(error?.hint?.contains("restore undo") == true)
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == old)
        }
    }
}
