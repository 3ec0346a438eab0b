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
