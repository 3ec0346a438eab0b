import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// When objects cannot be made behind the exchange, the report names each, and undoing brings back everything.
@Suite struct RestoreObjectFailureTests {
    @Test(arguments: TestTarget.all)
    func everyKindThatCannotBeMadeIsNamed(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.fillSmall()
            let backup = try await scope.backup.create()
            try await scope.spoil()
            let state = try await RestoreState(scope)
            let forged = try await scope.rewrite(backup.file) { label, sql in
                switch label.kind {
                case .view: sql.replacing("from `parent`", with: "from `nowhere`")
                case .trigger:
                    sql.replacing("ON `child`", with: "ON `nowhere`").replacing("ON child", with: "ON nowhere")
                case .routine: sql.replacing("RETURN 1", with: "RETURN RETURN")
                case .event: sql.replacing("EVERY 1 DAY", with: "EVERY 0 DAY")
                default: sql
                }
            }
            let tool = Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder])
            let outcome = try await tool.run("restore", forged.text, "--confirm", "RESTORE", "--format", "json")
            #expect(outcome.exitCode == ExitStatus.failed.rawValue)
            let error = try #require(try outcome.json()["error"] as? [String: Any])
            #expect(error["code"] as? String == "RESTORE_INCOMPLETE")
            let message = error["message"] as? String ?? ""
            for object in ["view v:", "trigger t:", "routine f:", "event e:"] {
                #expect(message.contains(object), "\(message)")
            }
            #expect((error["hint"] as? String)?.contains("restore undo") == true)
            let item = try #require(try await scope.restore.status().restores.first)
            for object in ["view v:", "trigger t:", "routine f:", "event e:"] {
                #expect(item.missing?.contains(object) == true)
            }
            let undone = try await tool.run("restore", "undo", "--confirm", "UNDO")
            #expect(undone.exitCode == 0, "\(undone.errorOutput)")
            #expect(try await RestoreState(scope) == state)
            let discarded = try await tool.run("restore", "discard", "--confirm", "DISCARD")
            #expect(discarded.exitCode == 0)

            let automatic = try await tool.run(
                "restore", forged.text, "--confirm", "RESTORE", "--undo-on-failure", "--format", "json")
            #expect(automatic.exitCode == ExitStatus.failed.rawValue)
            let second = try #require(try automatic.json()["error"] as? [String: Any])
            #expect(second["code"] as? String == "RESTORE_UNDONE")
            #expect((second["message"] as? String)?.contains("trigger t:") == true)
            #expect(try await RestoreState(scope) == state)
        }
    }

    /// What the process had been told, `restore resume` still knows: on both sides of the exchange.
    @Test(arguments: ["unfinished", "exchanged"])
    func undoingOnFailureOutlivesTheProcess(_ state: String) async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            let backup = try await scope.backup.create()
            try await scope.spoil()
            let old = try await RestoreState(scope)
            let forged = try await scope.breakView(in: backup.file)
            // Somebody reads a table that has to go, or uses a function that is dropped behind the exchange.
            let reader = try await DatabaseConnection(scope.database)
            try await reader.run("BEGIN", state == "exchanged" ? "SELECT g()" : "SELECT * FROM parent")
            let killed = try await scope.tool().run(
                ["restore", forged.text, "--confirm", "RESTORE", "--undo-on-failure"],
                meanwhile: { process in
                    try await eventually(within: .seconds(60)) {
                        let isThere = try await scope.restore.status().restores.map(\.state) == [state]
                        let isWaiting = try await scope.waitsForLock()
                        return isThere && isWaiting
                    }
                    kill(process, SIGKILL)
                })
            #expect(killed.exitCode == nil, "\(killed.errorOutput)")
            try await reader.run("ROLLBACK")
            let outcome = try await scope.patiently("restore", "resume", "--format", "json")
            #expect(outcome.exitCode == ExitStatus.failed.rawValue)
            let error = try #require(try outcome.json()["error"] as? [String: Any])
            #expect(error["code"] as? String == "RESTORE_UNDONE", "\(error)")
            #expect((error["message"] as? String)?.contains("view v:") == true)
            #expect(try await RestoreState(scope) == old)
            #expect(try await scope.restore.status().restores.map(\.state) == ["undone"])
        }
    }

    /// Without that, the command that completes an exchange fails as the one that was killed would have, and nothing is
    /// discarded before anybody was told.
    @Test(arguments: ["resume", "discard"])
    func whatIsMissingIsAFailureOfWhoeverCompletesTheExchange(_ command: String) async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            let backup = try await scope.backup.create()
            try await scope.spoil()
            let old = try await RestoreState(scope)
            let forged = try await scope.rewrite(backup.file) { label, sql in
                label.kind == .trigger ? sql.replacing(/ON `?child`?/, with: "ON nowhere") : sql
            }
            let reader = try await DatabaseConnection(scope.database)
            try await reader.run("BEGIN", "SELECT g()")
            _ = try await scope.tool().run("restore", forged.text, "--confirm", "RESTORE") { process in
                try await eventually(within: .seconds(60)) {
                    try await scope.restore.status().restores.map(\.state) == ["exchanged"]
                }
                kill(process, SIGKILL)
            }
            try await reader.run("ROLLBACK")
            let confirmation = command == "discard" ? ["--confirm", "DISCARD"] : []
            let outcome = try await scope.patiently(["restore", command, "--format", "json"] + confirmation)
            let error = try #require(try outcome.json()["error"] as? [String: Any])
            #expect(error["code"] as? String == "RESTORE_INCOMPLETE")
            #expect((error["message"] as? String)?.contains("trigger t:") == true)
            #expect(try await scope.restore.status().restores.map(\.state) == ["done"])
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == old)
        }
    }

    /// Of a dump whose views come in the order of their names, a view over a later one is made all the same.
    @Test func viewsAreMadeWhateverTheirOrder() async throws {
        try await BackupScope.with { scope in
            let objects = ["c", "b", "a"].enumerated().map { index, name in
                let source = index == 0 ? "t" : ["c", "b"][index - 1]
                return RestoreJournal.Object(
                    kind: "view", name: name, script: Array("CREATE VIEW \(name) AS SELECT id FROM \(source);\n".utf8))
            }
            try await scope.execute("CREATE TABLE t (id INT)")
            let broken = RestoreJournal.Object(
                kind: "view", name: "x", script: Array("CREATE VIEW x AS SELECT id FROM nowhere;\n".utf8))
            let missing = try await DatabaseConnection(scope.database).run { session in
                try RestoreObjects.make([RestoreObjects.header, broken] + objects.reversed(), session)
            }
            #expect(missing.count == 1)
            #expect(missing.first?.hasPrefix("view x:") == true)
            #expect(try await DatabaseConnection(scope.database).query("SELECT * FROM a").isEmpty)
        }
    }
}
