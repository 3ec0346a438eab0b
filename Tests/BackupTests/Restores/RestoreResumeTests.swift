import Foundation
import Synchronization
import TestSupport
import Testing

@testable import OpsCore

/// A load that was interrupted goes on with the members that are not done.
@Suite struct RestoreResumeTests {
    /// A restore of a large table, killed when some of its members are loaded and others are not.
    private struct Interrupted {
        let scope: BackupScope
        let tool: Tool
        /// The shadow schema.
        let schema: String
        let new: RestoreState
        let old: RestoreState

        func rowsThere() async throws -> Int {
            let rows = try await DatabaseConnection(scope.database).query(
                "SELECT COUNT(*) FROM \(identifier: schema).large")
            return rows.first?.int(0) ?? 0
        }
    }

    private static func with(
        on target: TestTarget = .embedded, _ body: (Interrupted) async throws -> Void
    ) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.fillSmall()
            try await scope.fillLargeTable()
            _ = try await scope.backup.create()
            let new = try await RestoreState(scope)
            try await scope.execute("DELETE FROM large WHERE id > 10", "DROP VIEW v", "INSERT INTO child VALUES (7, 1)")
            let old = try await RestoreState(scope)
            let tool = Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder])
            let outcome = try await tool.run("restore", "latest", "--confirm", "RESTORE", "--jobs", "2") { process in
                try await eventually(within: .seconds(60)) { try await Self.loadedMembers(scope) >= 3 }
                kill(process, SIGKILL)
            }
            #expect(outcome.exitCode == nil, "\(outcome.errorOutput)")
            let schema = try #require(try await scope.scratchSchemas().last)
            try await untilNobodyWorks(scope)
            try await body(Interrupted(scope: scope, tool: tool, schema: schema, new: new, old: old))
            _ = try? await scope.restore.discard()
        }
    }

    private static func loadedMembers(_ scope: BackupScope) async throws -> Int {
        guard let name = try await scope.scratchSchemas().last else { return 0 }
        let root = try await DatabaseConnection(scope.database)
        do {
            let rows = try await root.query("SELECT COUNT(*) FROM \(identifier: name).sysndd_ctl_restore_member")
            return rows.first?.int(0) ?? 0
        } catch let error as DatabaseError where error.kind == .unknownTable {
            return 0
        }
    }

    /// A server goes on with the statement of a dead process, and nobody else may work until that has ended.
    private static func untilNobodyWorks(_ scope: BackupScope) async throws {
        try await eventually(within: .seconds(60)) { try await scope.restore.status().holder == nil }
    }

    @Test(arguments: TestTarget.all)
    func theLoadGoesOnWhereItStopped(_ target: TestTarget) async throws {
        try await Self.with(on: target) { interrupted in
            let scope = interrupted.scope
            let item = try #require(try await scope.restore.status().restores.last)
            #expect(item.state == "unfinished")
            #expect(try await RestoreState(scope) == interrupted.old)
            let there = try await interrupted.rowsThere()
            #expect(there > 0 && there < 32768)
            // Its secondary indexes are made when the rows are in.
            let indexes = try await DatabaseConnection(scope.database).query(
                """
                SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS
                WHERE TABLE_SCHEMA = \(interrupted.schema) AND TABLE_NAME = 'large' ORDER BY 1
                """)
            #expect(indexes.map { $0.text(0) } == ["PRIMARY", "u"])

            let begun = Mutex<Int?>(nil)
            let outcome = try await scope.restore.resume { progress in
                guard progress.step == .load else { return }
                begun.withLock { $0 = $0 ?? progress.rows }
            }
            #expect(begun.withLock { $0 } == there)
            #expect(outcome.archive == item.archive)
            #expect(try await RestoreState(scope) == interrupted.new)
            #expect(try await scope.restore.status().restores.map(\.state) == ["done"])
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == interrupted.old)
        }
    }

    /// Rows that were changed since are still there when every row is compared: they were not loaded again.
    @Test func whatIsLoadedIsNotLoadedAgain() async throws {
        try await Self.with { interrupted in
            let scope = interrupted.scope
            try await scope.execute("UPDATE \(interrupted.schema).large SET n = -1 LIMIT 1")
            let error = await #expect(throws: RestoreError.self) { try await scope.restore.resume() }
            #expect(error?.code == "RESTORE_NOT_EQUAL")
            #expect(error?.message.contains("large has other values") == true)
            #expect(try await RestoreState(scope) == interrupted.old)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    @Test func undoingTakesItBackAndNothingElse() async throws {
        try await Self.with { interrupted in
            let scope = interrupted.scope
            let outcome = try await interrupted.tool.run("restore", "undo", "--confirm", "UNDO")
            #expect(outcome.exitCode == 0, "\(outcome.errorOutput)")
            #expect(try await RestoreState(scope) == interrupted.old)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// The file may have been replaced by another since.
    @Test func anotherBackupUnderTheSameNameIsRefused() async throws {
        try await Self.with { interrupted in
            let scope = interrupted.scope
            let item = try #require(try await scope.restore.status().restores.last)
            let other = try await scope.backup.create().file
            try FileManager.default.removeItem(atPath: item.archive)
            try FileManager.default.copyItem(atPath: other, toPath: item.archive)
            let error = await #expect(throws: RestoreError.self) { try await scope.restore.resume() }
            #expect(error?.code == "RESTORE_OTHER_BACKUP")
            #expect(try await RestoreState(scope) == interrupted.old)
            _ = try await scope.restore.undo()
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// Rows of an engine without transactions are not told apart from those of a statement that was cut off.
    @Test func tablesWithoutTransactionsBeginAgain() async throws {
        try await BackupScope.with { scope in
            try await scope.execute(
                "CREATE TABLE plain (id INT PRIMARY KEY, t TEXT) ENGINE=MyISAM",
                "INSERT INTO plain SELECT seq, 'x' FROM seq_1_to_1000", "CREATE TABLE other (id INT PRIMARY KEY)",
                "INSERT INTO other VALUES (1)")
            _ = try await scope.backup.create()
            let new = try await RestoreState(scope)
            try await scope.execute("DELETE FROM plain WHERE id > 2")
            let pause = ProgressPause<RestoreProgress> { $0.step == .comparison }
            let task = Task { try await scope.restore.run(.init(file: nil), progress: pause.check) }
            var schema = ""
            try await pause.during {
                schema = try #require(try await scope.scratchSchemas().last)
                // As a server leaves it that was killed: a part of the rows, and no word about them.
                try await scope.execute(
                    "CREATE DATABASE \(schema)_kept", "CREATE TABLE \(schema)_kept.r LIKE \(schema).sysndd_ctl_restore",
                    "INSERT INTO \(schema)_kept.r SELECT * FROM \(schema).sysndd_ctl_restore")
                task.cancel()
            }
            _ = await task.result
            try await scope.execute(
                "CREATE DATABASE \(schema) CHARACTER SET utf8mb4",
                "CREATE TABLE \(schema).plain (id INT PRIMARY KEY, t TEXT) ENGINE=MyISAM",
                "INSERT INTO \(schema).plain VALUES (1, 'x'), (2, 'x')")
            let name = try #require(RestoreSchemaName(schema, of: scope.database.database))
            try await DatabaseConnection(scope.database).run { try RestoreJournal(schema: name).makeTables($0) }
            try await scope.execute(
                "INSERT INTO \(schema).sysndd_ctl_restore SELECT * FROM \(schema)_kept.r",
                "DROP DATABASE \(schema)_kept")
            _ = try await scope.restore.resume()
            #expect(try await RestoreState(scope) == new)
            _ = try await scope.restore.discard()
        }
    }
}
