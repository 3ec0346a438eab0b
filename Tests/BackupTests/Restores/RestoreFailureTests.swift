import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Whatever fails before the exchange, the database is as it was, and nothing is left beside it.
@Suite struct RestoreFailureTests {
    /// A small database with a backup that is older than it.
    private static func with(
        on target: TestTarget = .embedded, _ body: (BackupScope, BackupResult, RestoreState) async throws -> Void
    ) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.fillSmall()
            let backup = try await scope.backup.create()
            try await scope.spoil()
            try await body(scope, backup, RestoreState(scope))
        }
    }

    private func expectUntouched(_ scope: BackupScope, _ state: RestoreState) async throws {
        #expect(try await RestoreState(scope) == state)
        #expect(try await scope.scratchSchemas() == [])
    }

    @Test func aDamagedBackupIsRefusedBeforeAnythingIsTouched() async throws {
        try await Self.with { scope, backup, state in
            let good = try Data(contentsOf: URL(filePath: backup.file))
            var flipped = good
            flipped[good.count / 3] ^= 0x10
            var hole = good
            hole.removeSubrange(good.count / 2..<good.count / 2 + 100)
            for bad in [flipped, hole, good.prefix(good.count / 2), good.prefix(good.count - 1), Data()] {
                try bad.write(to: URL(filePath: backup.file))
                let error = await #expect(throws: (any Error).self) {
                    try await scope.restore.run(.init(file: backup.file))
                }
                #expect((error as? any OperatorError)?.exitStatus == .badInput)
            }
            #expect(!scope.files.contains { $0.hasPrefix("pre-restore_") })
            try await expectUntouched(scope, state)
        }
    }

    @Test func aFileThatIsNotThereIsTold() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)")
            for file in [nil, "manual_2026-03-01_03-00-00.sql.gz", "../x.sql.gz", "x"] as [String?] {
                let error = await #expect(throws: (any Error).self) {
                    try await scope.restore.run(.init(file: file))
                }
                #expect((error as? any OperatorError)?.exitStatus != nil)
            }
        }
    }

    /// Without a safety backup there is no restore.
    @Test func aSafetyBackupThatFailsEndsTheRestore() async throws {
        try await Self.with { scope, backup, state in
            let account = try await BackupAccount.make(scope)
            let name = SQLQuery.identifier(scope.database.database)
            try await scope.execute(
                "GRANT ALL ON \(name).* TO \(account.quoted)", "GRANT CREATE, DROP ON *.* TO \(account.quoted)",
                "REVOKE EVENT ON \(name).* FROM \(account.quoted)")
            let restore = Restore(database: account.settings, directory: scope.folder)
            let error = await #expect(throws: SchemaError.self) { try await restore.run(.init(file: nil)) }
            #expect(error?.exitStatus == .notPermitted)
            #expect(!scope.files.contains { $0.hasPrefix("pre-restore_") })
            try await expectUntouched(scope, state)
            try await account.drop(scope)
        }
    }

    @Test func anAccountThatMayNotMakeASchemaIsTold() async throws {
        try await Self.with { scope, backup, state in
            let account = try await BackupAccount.make(scope)
            try await scope.execute(
                "GRANT ALL ON \(SQLQuery.identifier(scope.database.database)).* TO \(account.quoted)",
                "GRANT SELECT ON mysql.proc TO \(account.quoted)")
            let restore = Restore(database: account.settings, directory: scope.folder)
            let error = await #expect(throws: RestoreError.self) { try await restore.run(.init(file: nil)) }
            #expect(error?.code == "RESTORE_NO_SCHEMA")
            #expect(error?.exitStatus == .notPermitted)
            try await expectUntouched(scope, state)
            try await account.drop(scope)
        }
    }

    @Test(arguments: TestTarget.all)
    func rowsThatTheServerRefusesEndTheRestore(_ target: TestTarget) async throws {
        try await Self.with(on: target) { scope, backup, state in
            for (old, new, code) in [
                ("(1,1)", "(2,1)", "RESTORE_REFUSED"), ("(1,1)", "(1,2)", "RESTORE_NOT_EQUAL"),
            ] {
                let forged = try await scope.rewrite(backup.file) { label, sql in
                    label.object == "child" ? sql.replacing(old, with: new) : sql
                }
                let error = await #expect(throws: RestoreError.self) {
                    try await scope.restore.run(.init(file: forged.text))
                }
                #expect(error?.code == code)
                try await expectUntouched(scope, state)
            }
        }
    }

    /// Who is in the way is named, and what was dropped for the exchange is there again.
    @Test func tablesInUseAreNotExchanged() async throws {
        try await Self.with { scope, _, state in
            let other = try await DatabaseConnection(scope.database)
            try await other.run("BEGIN", "SELECT * FROM added FOR UPDATE")
            let error = await #expect(throws: RestoreError.self) {
                try await SchemaSwap.$attempts.withValue(2) { try await scope.restore.run(.init(file: nil)) }
            }
            #expect(error?.code == "RESTORE_TABLES_LOCKED")
            #expect(error?.exitStatus == .busy)
            #expect(error?.message.contains("session \(other.connectionID) of") == true)
            try await other.run("ROLLBACK")
            try await expectUntouched(scope, state)
        }
    }

    /// What could not be made again is not dropped.
    @Test func triggersOfAccountsThatMayNotBeNamedEndTheRestore() async throws {
        try await Self.with { scope, _, state in
            let account = try await BackupAccount.make(scope)
            let stem = SQLQuery.identifier(scope.database.database).dropLast().replacing("_", with: "\\_")
            try await scope.execute(
                "GRANT ALL ON \(stem)`.* TO \(account.quoted)", "GRANT ALL ON \(stem)%`.* TO \(account.quoted)",
                "GRANT CREATE, DROP, SELECT, PROCESS ON *.* TO \(account.quoted)")
            let restore = Restore(database: account.settings, directory: scope.folder)
            let error = await #expect(throws: RestoreError.self) { try await restore.run(.init(file: nil)) }
            #expect(error?.code == "RESTORE_NO_DEFINER")
            #expect(error?.exitStatus == .notPermitted)
            try await expectUntouched(scope, state)
            try await account.drop(scope)
        }
    }

    @Test func aForeignKeyOfAnotherDatabaseIsTold() async throws {
        try await Self.with { scope, _, state in
            let other = scope.database.database + "_x"
            try await scope.execute(
                "CREATE DATABASE \(other)",
                "CREATE TABLE \(other).c (id INT, FOREIGN KEY (id) REFERENCES \(scope.database.database).parent (id))")
            let error = await #expect(throws: RestoreError.self) { try await scope.restore.run(.init(file: nil)) }
            #expect(error?.message.contains("\(other).c") == true)
            try await scope.execute("DROP DATABASE \(other)")
            try await expectUntouched(scope, state)
        }
    }

    @Test func aTableOfTheUsersUnderAReservedNameIsTold() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE sysndd_ctl_restore (id INT PRIMARY KEY)")
            _ = try await scope.backup.create()
            let state = try await RestoreState(scope)
            let error = await #expect(throws: RestoreError.self) { try await scope.restore.run(.init(file: nil)) }
            #expect(error?.code == "RESTORE_NAME_RESERVED")
            try await expectUntouched(scope, state)
        }
    }

    /// An object that cannot be made is named, and the old state is one command away.
    @Test func anObjectThatCannotBeMadeIsNamed() async throws {
        try await Self.with { scope, backup, state in
            let forged = try await scope.breakView(in: backup.file)
            let error = await #expect(throws: RestoreError.self) {
                try await scope.restore.run(.init(file: forged.text))
            }
            #expect(error?.code == "RESTORE_INCOMPLETE")
            #expect(error?.message.contains("view v") == true)
            let item = try #require(try await scope.restore.status().restores.first)
            #expect(item.state == "done")
            #expect(item.missing?.contains("view v") == true)
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == state)
            let second = await #expect(throws: RestoreError.self) {
                try await scope.restore.run(.init(file: forged.text, undoOnFailure: true))
            }
            #expect(second?.code == "RESTORE_UNDONE")
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.restore.status().restores.map(\.state).allSatisfy { $0 == "undone" })
        }
    }

    @Test func cancellingStopsTheLoadAndLeavesNothing() async throws {
        try await BackupScope.with { scope in
            try await scope.fillLargeTable()
            _ = try await scope.backup.create()
            let state = try await RestoreState(scope)
            let pause = ProgressPause<RestoreProgress> { $0.step == .load && $0.rows > 0 }
            let task = Task { try await scope.restore.run(.init(file: nil), progress: pause.check) }
            try await pause.during { task.cancel() }
            await #expect(throws: CancellationError.self) { try await task.value }
            try await expectUntouched(scope, state)
        }
    }
}
