import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// `backup prune`, `backup delete`, and the retention of scheduled backups, as processes on real archives.
@Suite struct BackupRetentionCommandTests {
    /// A folder with one archive under several names of past days, and a tool for it.
    private func withArchives(
        _ names: [String], _ body: (BackupScope, Tool) async throws -> Void
    ) async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)")
            let made = try await scope.backup.create().file
            for name in names {
                let text = name.replacing("DB", with: scope.database.database)
                try FileManager.default.copyItem(atPath: made, toPath: "\(scope.folder)/\(text)")
            }
            try FileManager.default.removeItem(atPath: made)
            try await body(scope, Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder]))
        }
    }

    private func names(_ scope: BackupScope) -> [String] {
        scope.files.filter { !$0.hasPrefix("latest.") }.map { $0.replacing(scope.database.database, with: "DB") }
    }

    private func latest(_ scope: BackupScope) throws -> String? {
        try BackupFolder(scope.folder).latest(of: scope.database.database)?.text
    }

    private static let three = ["202601010300.DB.sql.gz", "202601020300.DB.sql.gz", "202601030300.DB.sql.gz"]

    @Test(arguments: [
        ["--keep-last", "0"], ["--keep-daily=-1"], ["--keep-hourly", "0"], ["--keep-weekly=-7"],
        ["--keep-monthly", "0"],
        ["--keep-yearly=-2"], ["--keep-within", "0d"], ["--keep-within", "soon"], ["--keep-last", "many"],
    ])
    func aRuleOfNothingIsWrongUsage(_ flags: [String]) async throws {
        let tool = Tool(environment: ["BACKUP_DIR": "/nonexistent"])
        for command in [["prune"], ["create", "--kind", "scheduled"]] {
            let arguments = ["backup"] + command + flags
            let outcome = try await tool.run(arguments)
            #expect(outcome.exitCode == 64, "\(arguments): \(outcome.errorOutput)")
        }
        let manual = try await tool.run("backup", "create", "--keep-last", "3")
        #expect(manual.exitCode == 64)
    }

    /// Whoever asks for a proof does not want the good old ones gone for a new one that cannot be restored.
    @Test func olderOnesGoOnlyOnceTheNewOneIsProven() async throws {
        try await withArchives(Self.three) { scope, tool in
            let account = try await BackupAccount.make(scope)
            try await account.grantReading(scope)
            try await scope.execute("GRANT SELECT ON mysql.proc TO \(account.quoted)")
            let command = ["backup", "create", "--kind", "scheduled", "--keep-last", "1", "--prove", "--jobs", "1"]
            let unproven = try await scope.tool(as: account.settings).run(command)
            #expect(unproven.exitCode != 0)
            #expect(
                names(scope).count == 4, "it may read and so make a backup, and may not make a schema to restore it to")
            let proven = try await tool.run(command + ["--format", "json"])
            #expect(proven.exitCode == 0, "\(proven.errorOutput)")
            #expect((try proven.json()["pruned"] as? [String])?.count == 4)
            #expect(names(scope).count == 1)
            try await account.drop(scope)
        }
    }

    @Test func eachFileIsPrintedWithItsReasons() async throws {
        try await withArchives(Self.three + ["manual_2026-01-01_00-00-00.sql.gz"]) { scope, tool in
            let dry = try await tool.run("backup", "prune", "--keep-last", "1", "--dry-run", "--format", "json")
            #expect(dry.exitCode == 0, "\(dry.errorOutput)")
            let json = try dry.json()
            #expect(json["dry_run"] as? Bool == true)
            let decisions = try #require(json["decisions"] as? [[String: Any]])
            // Copies of one archive are of one moment; then the name decides.
            #expect(decisions.filter { $0["action"] as? String == "remove" }.count == 2)
            #expect(decisions.allSatisfy { ($0["reasons"] as? [String])?.isEmpty == false })
            #expect(names(scope).count == 4)

            let text = try await tool.run("backup", "prune", "--keep-last", "1")
            #expect(text.exitCode == 0, "\(text.errorOutput)")
            #expect(text.output.contains("no rule keeps it"))
            #expect(text.output.contains("made by hand, so only removed by hand"))
            #expect(text.output.contains("newest 1 of 1"))
            #expect(text.output.contains("freed "))
            #expect(names(scope) == [Self.three[2], "manual_2026-01-01_00-00-00.sql.gz"])
        }
    }

    @Test func latestFollowsWhatIsLeft() async throws {
        try await withArchives(Self.three) { scope, tool in
            let full = Self.three.map { $0.replacing("DB", with: scope.database.database) }
            try await BackupCatalog(folder: BackupFolder(scope.folder), readers: .files)
                .updateLatest(of: scope.database.database)
            #expect(try latest(scope) == full[2])
            #expect(try await tool.run("backup", "delete", full[2], "--confirm", "DELETE").exitCode == 0)
            #expect(try latest(scope) == full[1])
            #expect(try await tool.run("backup", "delete", full[0], "--confirm", "DELETE").exitCode == 0)
            #expect(try latest(scope) == full[1])
            #expect(try await tool.run("backup", "delete", full[1], "--confirm", "DELETE").exitCode == 0)
            #expect(try latest(scope) == nil)
            #expect(!FileManager.default.fileExists(atPath: scope.folder + "/" + full[1]))
            let link = "\(scope.folder)/latest.\(scope.database.database).sql.gz"
            #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == nil)
        }
    }

    @Test func aLinkWhoseFileWasRemovedByHandIsPutRightByPruning() async throws {
        try await withArchives(Self.three) { scope, tool in
            let folder = try BackupFolder(scope.folder)
            try await BackupCatalog(folder: folder, readers: .files).updateLatest(of: scope.database.database)
            let newest = try #require(try latest(scope))
            try FileManager.default.removeItem(atPath: scope.folder + "/" + newest)
            #expect(try await tool.run("backup", "prune").exitCode == 0)
            #expect(try latest(scope) == Self.three[1].replacing("DB", with: scope.database.database))
        }
    }

    @Test func aScheduledBackupIsFollowedByRetentionAndAManualOneIsNot() async throws {
        try await withArchives(Self.three) { scope, tool in
            #expect(try await tool.run("backup", "create").exitCode == 0)
            #expect(names(scope).count == 4)
            // An archive tells its moment in whole seconds.
            let second = Int(Date().timeIntervalSince1970)
            try await eventually { Int(Date().timeIntervalSince1970) > second }
            var limited = tool
            limited.environment["MAX_BACKUPS"] = "2"
            let made = try await limited.run("backup", "create", "--kind", "scheduled", "--format", "json")
            #expect(made.exitCode == 0, "\(made.errorOutput)")
            let json = try made.json()
            let pruned = try #require(json["pruned"] as? [String])
            #expect(pruned.count == 2)
            #expect(names(scope).count == 3)
            let file = try #require(json["file"] as? String)
            #expect(try latest(scope) == URL(filePath: file).lastPathComponent)

            let ruled = try await tool.run("backup", "create", "--kind", "scheduled", "--keep-last", "1")
            #expect(ruled.output.contains("removed "))
            #expect(names(scope).count == 2)
        }
    }

    @Test func aBackupThatFailsRemovesNothing() async throws {
        try await withArchives(Self.three) { scope, tool in
            var broken = tool
            broken.environment["MYSQL_PASSWORD"] = "wrong"
            let failed = try await broken.run("backup", "create", "--kind", "scheduled", "--keep-last", "1")
            #expect(failed.exitCode == 77, "\(failed.errorOutput)")
            #expect(names(scope) == Self.three)
        }
    }

    /// A file that cannot be removed is a note; the backup is as good as before.
    @Test func retentionThatFailsDoesNotFailTheBackup() async throws {
        try await withArchives(Self.three) { scope, tool in
            let full = Self.three.map { "\(scope.folder)/\($0.replacing("DB", with: scope.database.database))" }
            // Immutable: even root cannot remove it.
            let locked = try await Self.setImmutable(full[0], true)
            try #require(locked, "the file system of the temporary folder knows no immutable files")
            let made = try await tool.run(
                "backup", "create", "--kind", "scheduled", "--keep-last", "1", "--format", "json")
            _ = try await Self.setImmutable(full[0], false)
            #expect(made.exitCode == 0, "\(made.errorOutput)")
            let notes = try #require(try made.json()["notes"] as? [String])
            #expect(notes.contains { $0.contains("the backup is good, but older ones could not all be removed") })
            #expect(FileManager.default.fileExists(atPath: full[0]))
        }
    }

    private static func setImmutable(_ path: String, _ isImmutable: Bool) async throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/chattr")
        process.arguments = [isImmutable ? "+i" : "-i", path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
