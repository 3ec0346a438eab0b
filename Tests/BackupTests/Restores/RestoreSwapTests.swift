import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The exchange of the tables: short, only under the lease, and nothing that it takes away goes untold.
@Suite struct RestoreSwapTests {
    /// A client that reads one table after another every 5 ms.
    private struct Poller {
        let task: Task<(longest: Duration, failures: [String]), any Error>

        init(_ scope: BackupScope, tables: Int) {
            task = Task {
                let connection = try await DatabaseConnection(scope.database)
                var longest = Duration.zero
                var failures: [String] = []
                var last = ContinuousClock.now
                var turn = 0
                while !Task.isCancelled {
                    do {
                        let table = SQLQuery(unquoted: "t_\(turn * 37 % tables)")
                        _ = try await connection.query("SELECT * FROM \(table) LIMIT 1")
                        let now = ContinuousClock.now
                        longest = max(longest, now - last)
                        last = now
                    } catch let error as DatabaseError where error.kind != .interrupted {
                        failures.append(error.message)
                    } catch {
                        break
                    }
                    turn += 1
                    try? await Task.sleep(for: .milliseconds(5))
                }
                return (longest, failures)
            }
        }

        /// The longest time between two answers, after which nothing is polled any more.
        func longest() async throws -> Duration {
            task.cancel()
            let found = try await task.value
            #expect(found.failures == [])
            return found.longest
        }
    }

    @Test func threeHundredTablesAreUnavailableForAMoment() async throws {
        try await BackupScope.with { scope in
            let connection = try await DatabaseConnection(scope.database)
            for table in 0..<300 {
                let name = SQLQuery(unquoted: "t_\(table)")
                try await connection.execute("CREATE TABLE \(name) (id INT PRIMARY KEY, v VARCHAR(20))")
                try await connection.execute("INSERT INTO \(name) VALUES (1, 'a'), (2, 'b')")
            }
            try await scope.execute(
                "CREATE TRIGGER g BEFORE INSERT ON t_7 FOR EACH ROW SET NEW.id = NEW.id + 0",
                "CREATE VIEW v AS SELECT * FROM t_8")
            _ = try await scope.backup.create()
            var poller = Poller(scope, tables: 300)
            _ = try await scope.restore.run(.init(file: nil))
            let restored = try await poller.longest()
            poller = Poller(scope, tables: 300)
            _ = try await scope.restore.undo()
            let undone = try await poller.longest()
            print("exchange of 300 tables: unavailable for \(restored.milliseconds) ms, undo \(undone.milliseconds) ms")
            // The bound holds on a machine that does nothing else.
            let isAlone = ProcessInfo.processInfo.environment["SYSNDD_TEST_KILLS"] != nil
            let bound = Duration.seconds(isAlone ? 2 : 30)
            #expect(restored < bound)
            #expect(undone < bound)
        }
    }

    /// A restore whose exchange waits for somebody who reads a table that is to come in.
    private func waitingRestore(
        _ scope: BackupScope, _ options: Restore.Options
    ) async throws -> (task: Task<RestoreResult, any Error>, reader: DatabaseConnection) {
        let reader = try await DatabaseConnection(scope.database)
        let pause = ProgressPause<RestoreProgress> { $0.step == .swap }
        let task = Task { try await scope.restore.run(options, progress: pause.check) }
        try await pause.during {
            let schema = try #require(try await scope.scratchSchemas().first { $0.contains("__restore_") })
            try await reader.run("BEGIN", "SELECT * FROM \(schema).parent LIMIT 1")
        }
        try await scope.untilStatement(like: "RENAME TABLE%")
        return (task, reader)
    }

    /// Meanwhile the lease is taken away.
    @Test func aLeaseThatIsLostWhileTheExchangeWaitsStopsIt() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            try await scope.fillLargeTable()
            _ = try await scope.backup.create()
            try await scope.spoil()
            let state = try await RestoreState(scope)
            let (task, reader) = try await waitingRestore(scope, .init(file: nil))
            let root = try await DatabaseConnection(scope.database)
            try await root.run { session in
                let name = scope.database.database
                let holder = try #require(try Lease.holder(in: name, session))
                #expect(try Lease.revoke(holder, in: name, session))
            }
            let error = await #expect(throws: LeaseError.self) { try await task.value }
            #expect(error?.kind == .lost)
            try await reader.run("ROLLBACK")
            #expect(try await RestoreState(scope) == state)
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// Half of it is no state to leave a database in, and the whole of it is no failure.
    @Test func aSignalDuringTheExchangeComesTooLate() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            let new = try await RestoreState(scope)
            try await scope.spoil()
            let old = try await RestoreState(scope)
            let (task, reader) = try await waitingRestore(scope, .init(file: nil))
            task.cancel()
            try await reader.run("ROLLBACK")
            let result = try await task.value
            #expect(try await RestoreState(scope) == new)
            #expect(try await scope.restore.status().restores.map(\.state) == ["done"])

            let kept = try #require(result.undoSchema)
            try await reader.run("BEGIN", "SELECT * FROM \(kept).parent LIMIT 1")
            let undoing = Task { try await scope.restore.undo() }
            try await scope.untilStatement(like: "RENAME TABLE%")
            undoing.cancel()
            try await reader.run("ROLLBACK")
            #expect(try await undoing.value.keptIn == kept.replacing("__before_", with: "__restore_"))
            #expect(try await RestoreState(scope) == old)
            #expect(try await scope.scratchSchemas().count == 1)
        }
    }

    /// What could not be made is told, and taken back where that was asked for, also behind a signal.
    @Test(arguments: [true, false])
    func aSignalDuringTheExchangeHidesNothing(_ undoes: Bool) async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            let backup = try await scope.backup.create()
            try await scope.spoil()
            let old = try await RestoreState(scope)
            let forged = try await scope.breakView(in: backup.file)
            let (task, reader) = try await waitingRestore(scope, .init(file: forged.text, undoOnFailure: undoes))
            task.cancel()
            try await reader.run("ROLLBACK")
            let error = await #expect(throws: RestoreError.self) { try await task.value }
            #expect(error?.code == (undoes ? "RESTORE_UNDONE" : "RESTORE_INCOMPLETE"))
            #expect(try await scope.restore.status().restores.map(\.state) == [undoes ? "undone" : "done"])
            if !undoes { _ = try await scope.restore.undo() }
            #expect(try await RestoreState(scope) == old)
        }
    }

    @Test func tablesThatCannotBeLockedAreTold() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            let account = try await BackupAccount.make(scope)
            try await scope.execute(
                "GRANT ALL ON *.* TO \(account.quoted)", "REVOKE LOCK TABLES ON *.* FROM \(account.quoted)")
            let restore = Restore(database: account.settings, directory: scope.folder)
            let result = try await restore.run(.init(file: nil))
            #expect(result.notes.contains { $0.hasPrefix("triggers were dropped while others could write") })
            try await account.drop(scope)
        }
    }

    /// No server makes such a view again, so its text is all that can be kept.
    @Test(arguments: TestTarget.all)
    func aBrokenViewIsKeptAsText(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            try await scope.execute(
                "CREATE TABLE passing (id INT)", "CREATE VIEW broken AS SELECT id + 41 AS n FROM passing",
                "DROP TABLE passing")
            let result = try await scope.restore.run(.init(file: nil))
            let note = try #require(result.notes.first { $0.hasPrefix("the database loses its view broken") })
            let undo = try #require(result.undoSchema)
            #expect(note.contains("`\(undo)`.sysndd_ctl_restore_object"))
            let kept = try await DatabaseConnection(scope.database).query(
                "SELECT script FROM \(identifier: undo).sysndd_ctl_restore_object WHERE name = 'broken'")
            #expect(kept.first?.text(0)?.contains("+ 41") == true)
            let outcome = try await scope.restore.undo()
            #expect(outcome.notes.contains { $0.hasPrefix("the view broken was broken when it was read") })
            _ = try await scope.restore.discard()
        }
    }
}
