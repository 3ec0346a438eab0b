import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// A restore in place that stops in the middle: what it was about can be finished, and what was there can be brought back.
@Suite struct RestoreInPlaceInterruptedTests {
    private typealias States = (new: RestoreState, old: RestoreState, lastID: Int)

    /// A database with a backup that differs from it, large enough to be stopped while it is loaded.
    private func fill(_ scope: BackupScope) async throws -> States {
        try await scope.fillSmall()
        try await scope.fillLargeTable()
        _ = try await scope.backup.create()
        let new = try await RestoreState(scope)
        let last = try await DatabaseConnection(scope.database).query("SELECT MAX(id) FROM large").first?.int(0)
        try await scope.spoil()
        try await scope.execute("DELETE FROM large WHERE id > 100")
        return (new, try await RestoreState(scope), try #require(last))
    }

    private func membersLoaded(_ watcher: DatabaseConnection) async -> Int {
        let rows = try? await watcher.query("SELECT COUNT(*) FROM sysndd_ctl_restore_member")
        return rows?.first?.int(0) ?? 0
    }

    private func killed(_ scope: BackupScope) async throws -> States {
        let states = try await fill(scope)
        let tool = Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder])
        let watcher = try await DatabaseConnection(scope.database)
        let outcome = try await tool.run(
            "restore", "latest", "--confirm", "RESTORE", "--mode", "in-place"
        ) { process in
            try await eventually(within: .seconds(60)) { await membersLoaded(watcher) >= 3 }
            kill(process, SIGKILL)
        }
        #expect(outcome.exitCode == nil, "\(outcome.errorOutput)")
        try await eventually(within: .seconds(60)) { try await scope.restore.status().holder == nil }
        try await expectUnfinished(scope)
        await #expect(throws: RestoreError.self) { try await scope.restore.discard() }
        try await scope.expectNoBackup()
        return states
    }

    @Test func oneThatWasKilledGoesOn() async throws {
        try await BackupScope.with { scope in
            let states = try await killed(scope)
            _ = try await scope.restore.resume()
            #expect(try await RestoreState(scope) == states.new)
            #expect(try await scope.restore.status().restores.map(\.state) == ["in_place_done"])
            _ = try await scope.restore.discard()
            #expect(try await scope.restore.status().restores.isEmpty)
        }
    }

    @Test func oneThatWasKilledIsUndone() async throws {
        try await BackupScope.with { scope in
            let states = try await killed(scope)
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == states.old)
            #expect(try await scope.restore.status().restores.isEmpty)
        }
    }

    private func expectUnfinished(_ scope: BackupScope) async throws {
        #expect(try await scope.restore.status().restores.map(\.state) == ["in_place_unfinished"])
    }

    /// What is there is a part of something, and no safety backup of that takes the place of the one that there is.
    @Test func anotherOneKeepsTheWayBack() async throws {
        try await BackupScope.with { scope in
            let states = try await killed(scope)
            let safety = try #require(try await scope.restore.status().restores.last?.safetyBackup)
            let beside = await #expect(throws: RestoreError.self) { try await scope.restore.run(.init(file: nil)) }
            #expect(beside?.code == "RESTORE_UNFINISHED")
            #expect(beside?.hint?.contains("--mode in-place") == true)
            try await expectUnfinished(scope)
            #expect(try await scope.scratchSchemas() == [])
            let result = try await scope.restore.run(.init(file: nil, mode: .inPlace))
            #expect(result.safetyBackup == safety)
            #expect(try await RestoreState(scope) == states.new)
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == states.old)
        }
    }

    @Test func aSignalDuringTheLoadIsNoWordThatNothingWasDone() async throws {
        try await BackupScope.with { scope in
            let states = try await fill(scope)
            let pause = ProgressPause<RestoreProgress> { $0.step == .load && $0.rows > 0 }
            let task = Task { try await scope.restore.run(.init(file: nil, mode: .inPlace), progress: pause.check) }
            try await pause.during { task.cancel() }
            let error = await #expect(throws: RestoreError.self) { try await task.value }
            #expect(error?.code == "RESTORE_IN_PLACE_UNFINISHED")
            #expect(error?.exitStatus == .interrupted)
            try await expectUnfinished(scope)
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == states.old)
        }
    }

    @Test func aSignalDuringTheUndoingIsNoWordThatNothingWasDone() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            let backup = try await scope.backup.create()
            try await scope.fillLargeTable()
            let old = try await RestoreState(scope)
            _ = try await scope.restore.run(.init(file: backup.file, mode: .inPlace))
            let watcher = try await DatabaseConnection(scope.database)
            // Of the restore that is undone, until its tables are dropped.
            try await watcher.execute("DELETE FROM sysndd_ctl_restore_member")
            let task = Task { try await scope.restore.undo() }
            try await eventually(within: .seconds(60)) { await membersLoaded(watcher) >= 1 }
            task.cancel()
            let error = await #expect(throws: RestoreError.self) { try await task.value }
            #expect(error?.code == "RESTORE_IN_PLACE_UNFINISHED")
            try await expectUnfinished(scope)
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == old)
        }
    }

    /// A live application writes to the tables as soon as they are there: rows that the backup has as well, which the server
    /// then refuses, or others, which the comparison finds.
    @Test(arguments: [RestoreProgress.Step.load, .comparison])
    func whoWritesMeanwhileDoesNotKeepItFromBeingFinished(_ step: RestoreProgress.Step) async throws {
        try await BackupScope.with { scope in
            let states = try await fill(scope)
            let pause = ProgressPause<RestoreProgress> { $0.step == step && $0.rows > 0 }
            let task = Task { try await scope.restore.run(.init(file: nil, mode: .inPlace), progress: pause.check) }
            try await pause.during {
                let id = step == .load ? states.lastID : nil
                try await DatabaseConnection(scope.database).execute("INSERT INTO large (id, n) VALUES (\(id), 1)")
            }
            let error = await #expect(throws: RestoreError.self) { try await task.value }
            #expect(error?.code == "RESTORE_IN_PLACE_UNFINISHED")
            _ = try await scope.restore.resume()
            #expect(try await RestoreState(scope) == states.new)
        }
    }
}
