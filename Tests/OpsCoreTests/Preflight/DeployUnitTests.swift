import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// systemd, cron, the example of settings and what the documents tell to type agree with each other.
@Suite struct DeployUnitTests {
    private static let settings = "/etc/sysndd-ctl/env"
    private static let state = "/var/lib/sysndd-ctl"

    private func text(_ path: String) throws -> String {
        try SettingsFile.text(at: DeployFilesTests.folder + "/" + path)
    }

    /// What a unit sets, by name.
    private func unit(_ name: String) throws -> [String: String] {
        let lines = try text("systemd/\(name).service").split(separator: "\n")
        return Dictionary(
            uniqueKeysWithValues: lines.filter { $0.contains("=") && !$0.hasPrefix("#") }.map { line in
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return (parts[0], parts[1])
            })
    }

    private func words(_ command: String) -> [String] { command.split(separator: " ").map(String.init) }

    private func commands(of document: String) throws -> [String] {
        try text("../docs/\(document)").split(separator: "\n").filter { $0.hasPrefix("    ") }.map {
            String($0.drop { $0 == " " })
        }
    }

    @Test(arguments: ["sysndd-shim", "sysndd-backup"])
    func aUnitHasTheSettingsTheFolderAndTheUserOfAll(_ name: String) throws {
        let unit = try unit(name)
        let command = words(try #require(unit["ExecStart"]))
        let flag = try #require(command.firstIndex(of: "--env-file"))
        #expect(command[flag + 1] == Self.settings)
        #expect(command.first == "/usr/local/bin/sysndd-ctl")
        #expect(unit["User"] == "sysndd" && unit["Group"] == "sysndd")
        #expect(unit["StateDirectory"] == "sysndd-ctl" && unit["StateDirectoryMode"] == "0700")
        #expect(unit["WorkingDirectory"] == Self.state)
        // The environment would win over the file that the operator writes.
        #expect(unit["Environment"] == nil)
    }

    @Test func bothUnitsAreHardenedAlike() throws {
        let hardening = try unit("sysndd-shim").filter { name, _ in
            ["Protect", "Private", "Restrict", "SystemCall", "Lock", "NoNew", "Capability", "UMask", "MemoryDeny"]
                .contains { name.hasPrefix($0) }
        }
        #expect(hardening.count >= 19)
        #expect(try unit("sysndd-backup").filter { hardening[$0.key] != nil } == hardening)
    }

    @Test func cronHasOneLineWithTheSameSettingsAndUser() throws {
        let folder = DeployFilesTests.folder + "/cron.d"
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["sysndd-ctl"])
        let lines = try text("cron.d/sysndd-ctl").split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.contains("SYSNDD_ENV=\(Self.settings)"))
        #expect(lines.contains("SYSNDD_LOG=\(Self.state)/backup.log"))
        let runs = lines.filter { $0.first?.isNumber == true || $0.first == "*" }
        #expect(runs.count == 1)
        #expect(words(String(try #require(runs.first)))[5] == "sysndd")
    }

    @Test func theExampleOfSettingsNamesTheFoldersThatAreMade() throws {
        let path = DeployFilesTests.folder + "/env.example"
        let entries = try DotEnvFile(parsing: SettingsFile.text(at: path), file: path).entries.mapValues(\.value)
        #expect(entries["BACKUP_DIR"] == "\(Self.state)/backups")
        let known = entries.keys.filter { !SettingKey.names.contains($0) }
        #expect(known.isEmpty, "unknown: \(known)")
        let makefile = try text("../Makefile")
        #expect(makefile.contains("\nPREFIX ?= /usr/local\n"))
        #expect(makefile.contains("$(DESTDIR)$(PREFIX)/share/sysndd-ctl/migrations migrations/*.sql\n"))
        #expect(entries["MIGRATIONS_DIR"] == "/usr/local/share/sysndd-ctl/migrations")
        let secrets = entries.filter { $0.key.hasSuffix("_FILE") }
        #expect(secrets.count == 2 && secrets.values.allSatisfy { $0.hasPrefix("/etc/sysndd-ctl/") })
    }

    @Test func theDocumentsMakeTheUserTheFoldersAndTheFile() throws {
        let commands = try commands(of: "backups.md")
        let folders = try #require(commands.first { $0.hasPrefix("install -d ") })
        #expect(words(folders).suffix(2) == ["/etc/sysndd-ctl", Self.state])
        #expect(folders.contains(" -m 0700 -o sysndd -g sysndd "))
        let file = try #require(commands.first { $0.hasSuffix(" deploy/env.example \(Self.settings)") })
        #expect(file.contains(" -m 0600 -o sysndd -g sysndd "))
        #expect(commands.contains { $0.hasPrefix("useradd ") && $0.hasSuffix(" sysndd") })
    }
}
