import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// What is wrong usage.
extension BackupCommandTests {
    @Test(arguments: [
        ["backup", "--jobs", "0"], ["backup", "--level", "9"], ["backup", "--kind", "pre-restore"],
        ["backup", "verify"],
        ["backup", "delete"], ["backup", "prune", "--keep-within", "soon"], ["backup", "list", "--format", "xml"],
    ])
    func wrongUsageIsTold(_ arguments: [String]) async throws {
        try await withTables { scope, tool in
            let outcome = try await tool.run(arguments)
            #expect(outcome.exitCode == 64)
            #expect(scope.files == [])
        }
    }

    @Test(arguments: ["..", "x", "a\nb.sql.gz", ".hidden.sql", "a\\b.sql", ".lock", "a.sql.gz\u{7F}", ""])
    func aHostileNameIsRefused(_ name: String) async throws {
        try await withTables { scope, tool in
            #expect(try await tool.run("backup").exitCode == 0)
            let before = scope.files
            for arguments in [["verify", "--", name], ["delete", "--confirm", "DELETE", "--", name]] {
                let outcome = try await tool.run(
                    ["backup"] + arguments.prefix(1) + ["--format", "json"] + arguments.dropFirst())
                #expect(try outcome.failure == Failure(64, "INVALID_FILENAME"))
                #expect(!outcome.output.contains("\u{7F}"))
            }
            #expect(scope.files == before)
        }
    }

    @Test func whatLiesOutsideTheFolderIsNotDeleted() async throws {
        try await withTables { scope, tool in
            #expect(try await tool.run("backup").exitCode == 0)
            let outside = scope.parent + "/outside.sql.gz"
            try Data("x".utf8).write(to: URL(filePath: outside))
            let link = "manual_2020-01-01_00-00-00.sql.gz"
            try FileManager.default.createSymbolicLink(
                atPath: "\(scope.folder)/\(link)", withDestinationPath: outside)
            for (name, failure) in [
                ("../outside.sql.gz", Failure(64, "INVALID_FILENAME")), (outside, Failure(64, "INVALID_FILENAME")),
                (link, Failure(64, "CANNOT_DELETE_SYMLINK")),
                ("latest.\(scope.database.database).sql.gz", Failure(64, "CANNOT_DELETE_SYMLINK")),
                ("-x.sql.gz", Failure(65, "BACKUP_NOT_FOUND")),
            ] {
                let outcome = try await tool.run(
                    "backup", "delete", "--confirm", "DELETE", "--format", "json", "--", name)
                #expect(try outcome.failure == failure, "\(name)")
            }
            let verified = try await tool.run("backup", "verify", link, "--format", "json")
            #expect(try verified.failure == Failure(65, "BACKUP_NOT_FOUND"))
            #expect(FileManager.default.fileExists(atPath: outside))
            let listed = try await tool.run("backup", "list", "--format", "json").json()
            #expect(listed["total_count"] as? Int == 1)
        }
    }

    @Test func aNameThatBeginsWithADashIsAName() async throws {
        try await withTables { scope, tool in
            let made = try await tool.run("backup", "--format", "json").json()
            let path = try #require(made["file"] as? String)
            try scope.copy(String(path.split(separator: "/").last!), to: "--confirm.sql.gz")
            let verified = try await tool.run("backup", "verify", "--format", "json", "--", "--confirm.sql.gz")
            #expect(verified.exitCode == 0)
            let deleted = try await tool.run("backup", "delete", "--confirm", "DELETE", "--", "--confirm.sql.gz")
            #expect(deleted.exitCode == 0)
            #expect(!scope.files.contains("--confirm.sql.gz"))
        }
    }

    @Test func aFolderThatIsNotThereIsWrongSettings() async throws {
        try await withTables { scope, tool in
            for command in [["list"], ["prune"], ["verify", "x.sql.gz"]] {
                let outcome = try await tool.run(["backup"] + command + ["--format", "json"])
                #expect(try outcome.failure == Failure(78, "BACKUP_FOLDER_MISSING"))
            }
        }
    }
}
