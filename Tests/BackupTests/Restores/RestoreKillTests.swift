import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The process is killed at every stage: the database is what it was or what was restored, in full, after the next command at
/// the latest, and `restore status` tells which.
@Suite struct RestoreKillTests {
    private struct Subject {
        let scope: BackupScope
        let tool: Tool
        /// What is restored.
        let new: RestoreState
        /// What is there before.
        let old: RestoreState

        func killedRestore(when reached: @escaping @Sendable () async throws -> Bool) async throws {
            let outcome = try await tool.run("restore", "latest", "--confirm", "RESTORE") { process in
                try await eventually(within: .seconds(180), reached)
                kill(process, SIGKILL)
            }
            #expect(outcome.exitCode == nil, "\(outcome.errorOutput)")
        }

        /// A server goes on with the statement of a dead process, and nobody else may work until that has ended.
        func run(_ arguments: String...) async throws {
            var outcome = Tool.Outcome()
            try await eventually(within: .seconds(60)) {
                outcome = try await tool.run(arguments)
                return outcome.exitCode != ExitStatus.busy.rawValue
            }
            #expect(outcome.exitCode == 0, "\(outcome.output) \(outcome.errorOutput)")
        }

        func resume() async throws { try await run("restore", "resume") }
    }

    private static func with(_ body: (Subject) async throws -> Void) async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            let new = try await RestoreState(scope)
            try await scope.spoil()
            let old = try await RestoreState(scope)
            let tool = Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder])
            try await body(Subject(scope: scope, tool: tool, new: new, old: old))
        }
    }

    @Test func killedWhileLoading() async throws {
        try await Self.with { subject in
            let scope = subject.scope
            try await scope.fillLargeTable()
            _ = try await scope.backup.create()
            let state = try await RestoreState(scope)
            try await subject.killedRestore {
                let root = try await DatabaseConnection(scope.database, selectingDatabase: false)
                guard let name = try await scope.scratchSchemas().last else { return false }
                let tables = try await root.query(
                    "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(name) AND TABLE_NAME = 'large'")
                return !tables.isEmpty
            }
            #expect(try await scope.restore.status().restores.map(\.state) == ["unfinished"])
            #expect(try await RestoreState(scope) == state)
            // The database is what it was, and may be backed up.
            try await subject.run("backup")
            try await subject.run("restore", "undo", "--confirm", "UNDO")
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// The exchange waits for somebody who reads a table that is to come in: triggers and events are dropped by then.
    @Test func killedBeforeTheExchange() async throws {
        try await Self.with { subject in
            let scope = subject.scope
            try await scope.fillLargeTable()
            _ = try await scope.backup.create()
            let state = try await RestoreState(scope)
            let reader = try await DatabaseConnection(scope.database)
            try await subject.killedRestore {
                try await Self.read("parent", over: reader, scope)
                return try await Self.renames(scope)
            }
            #expect(try await scope.restore.status().restores.map(\.state) == ["unfinished"])
            #expect(try await RestoreState(scope) != state)
            // The server does not know yet that nobody waits for its answer.
            try await eventually(within: .seconds(60)) { try await !Self.renames(scope) }
            try await reader.run("ROLLBACK")
            try await scope.expectNoBackup()
            // What is restored is the same by its rows, and everything that was dropped is there again.
            try await subject.resume()
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.restore.status().restores.map(\.state) == ["done"])
        }
    }

    /// Keeps a table of the shadow schema from being moved, once it is there.
    private static func read(_ table: String, over reader: DatabaseConnection, _ scope: BackupScope) async throws {
        guard try await reader.run({ !$0.isInTransaction }),
            let name = try await scope.scratchSchemas().last(where: { $0.contains("__restore_") })
        else { return }
        let isThere = try await reader.query(
            "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(name) AND TABLE_NAME = \(table)")
        guard !isThere.isEmpty else { return }
        try await reader.run("BEGIN", "SELECT * FROM \(name).\(table) LIMIT 1")
    }

    /// Whether an exchange of the database's tables is under way.
    private static func renames(_ scope: BackupScope) async throws -> Bool {
        let root = try await DatabaseConnection(scope.database, selectingDatabase: false)
        return try await root.query("SHOW FULL PROCESSLIST").contains {
            $0.text("Info")?.hasPrefix("RENAME TABLE `\(scope.database.database)`") == true
        }
    }

    /// A function in use holds up the dropping of the old objects when the process dies: the tables are exchanged by then.
    @Test func killedBehindTheExchange() async throws {
        try await Self.with { subject in
            let scope = subject.scope
            let reader = try await DatabaseConnection(scope.database)
            try await reader.run("BEGIN", "SELECT g()")
            try await subject.killedRestore {
                try await scope.restore.status().restores.map(\.state) == ["exchanged"]
            }
            #expect(try await BackupScope.checksums(scope.database) == subject.new.rows)
            try await reader.run("ROLLBACK")
            try await scope.expectNoBackup()
            try await subject.resume()
            #expect(try await RestoreState(scope) == subject.new)
            #expect(try await scope.restore.status().restores.map(\.state) == ["done"])
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == subject.old)
        }
    }

    @Test func theNextCommandPutsInOrderWhatTheLastOneLeft() async throws {
        try await Self.with { subject in
            let scope = subject.scope
            let reader = try await DatabaseConnection(scope.database)
            try await reader.run("BEGIN", "SELECT g()")
            try await subject.killedRestore {
                try await scope.restore.status().restores.map(\.state) == ["exchanged"]
            }
            try await reader.run("ROLLBACK")
            try await subject.run("restore", "undo", "--confirm", "UNDO")
            #expect(try await RestoreState(scope) == subject.old)
        }
    }

    /// A schema whose journal says nothing yet is one in which nothing has begun.
    @Test func killedBeforeTheFirstWordOfTheJournal() async throws {
        try await Self.with { subject in
            let scope = subject.scope
            let name = RestoreSchemaName(.restore, of: scope.database.database, stamp: "20260131040506").text
            try await scope.execute("CREATE DATABASE \(name)", "CREATE TABLE \(name).sysndd_ctl_restore (id INT)")
            // Without the columns of a journal, as no process leaves it: that is somebody else's.
            await #expect(throws: DatabaseError.self) { try await scope.restore.resume() }
            try await scope.execute("DROP DATABASE \(name)", "CREATE DATABASE \(name)")
            try await subject.resume()
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// Killed at any moment, as chance has it.
    @Test func killedAtAnyMoment() async throws {
        try await Self.with { subject in
            let scope = subject.scope
            let start = ContinuousClock.now
            try await subject.run("restore", "latest", "--confirm", "RESTORE")
            let whole = (ContinuousClock.now - start).milliseconds
            try await subject.run("restore", "undo", "--confirm", "UNDO")
            try await subject.run("restore", "discard", "--confirm", "DISCARD")
            for round in 0..<16 {
                let moment = Duration.milliseconds(whole * (round + 1) / 16)
                _ = try await subject.tool.run("restore", "latest", "--confirm", "RESTORE") { process in
                    try await Task.sleep(for: moment)
                    kill(process, SIGKILL)
                }
                try await subject.resume()
                let found = try await RestoreState(scope)
                #expect(found == subject.old || found == subject.new, "killed after \(moment)")
                guard found == subject.new else { continue }
                try await subject.run("restore", "undo", "--confirm", "UNDO")
                #expect(try await RestoreState(scope) == subject.old)
                try await subject.run("restore", "discard", "--confirm", "DISCARD")
            }
            #expect(try await scope.scratchSchemas() == [])
        }
    }
}
