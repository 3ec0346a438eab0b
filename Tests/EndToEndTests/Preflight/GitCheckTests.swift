import Foundation
import OpsCore
import TestSupport
import Testing

/// SEC-307: a file with secrets in a git repository, whatever form git keeps its list of files in.
@Suite struct GitCheckTests {
    private static let file = ".env"

    private func git(_ arguments: String..., in folder: String) async throws { try await git(arguments, in: folder) }

    private func git(_ arguments: [String], in folder: String) async throws {
        let outcome = try await Tool(folder: folder).run(
            program: "/usr/bin/env", ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"] + arguments)
        #expect(outcome.exitCode == 0, "\(arguments): \(outcome.errorOutput)")
    }

    /// A file with settings, for its owner only.
    private func write(in folder: String) throws {
        let path = "\(folder)/\(Self.file)"
        try Data("API_PORT=7777\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private func check(_ folder: String) async throws -> CheckResult {
        var support = PreflightSupport(DatabaseSettings(database: "d", user: "u"))
        support.folder = folder
        return try await support.run("SEC-307")
    }

    private func expectFoundUntilRemoved(_ folder: String) async throws {
        #expect(try await check(folder).status == .pass)
        try await git("add", "--force", Self.file, in: folder)
        let found = try await check(folder)
        #expect(found.status == .fail && found.observed == "in the repository: \(folder)/\(Self.file)", "\(found)")
        #expect(found.remedy?.hasPrefix("git rm --cached '\(folder)/\(Self.file)'") == true)
        try await git("rm", "--quiet", "--cached", Self.file, in: folder)
        #expect(try await check(folder).status == .pass)
    }

    @Test(arguments: [[], ["--index-version", "4"], ["--split-index"]])
    func aFileWithSecretsInARepositoryIsFound(_ form: [String]) async throws {
        try await TestFolder.with(files: ["a": "", "z": "", ".gitignore": ".env\n"]) { folder in
            try write(in: folder)
            #expect(try await check(folder).status == .pass)
            try await git("init", "--quiet", in: folder)
            try await git("add", "a", "z", in: folder)
            if !form.isEmpty { try await git(["update-index"] + form, in: folder) }
            try await expectFoundUntilRemoved(folder)
        }
    }

    @Test func aFileInAFolderOfAWorktreeIsFound() async throws {
        try await TestFolder.with { folder in
            try await git("init", "--quiet", "main", in: folder)
            try await git("commit", "--quiet", "--allow-empty", "--message", "a", in: folder + "/main")
            try await git("worktree", "add", "--quiet", "../tree", in: folder + "/main")
            let inner = folder + "/tree/deploy"
            try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
            try write(in: inner)
            try await expectFoundUntilRemoved(inner)
        }
    }

    /// Neither is a pass: nobody has looked.
    @Test func withoutAnAnswerOfGitNothingIsVouchedFor() async throws {
        try await TestFolder.with { folder in
            try write(in: folder)
            try await git("init", "--quiet", in: folder)
            let without = try await Tool(environment: ["PATH": "/nonexistent"], folder: folder).run(
                "preflight", "--only", "SEC-307", "--format", "json")
            #expect(without.exitCode == 0)
            let checks = try #require(try without.json()["checks"] as? [[String: Any]])
            #expect(checks.first?["status"] as? String == "skip", "\(without.output)")
            #expect((checks.first?["observed"] as? String)?.contains("there is no git here") == true)
            try Data("no index".utf8).write(to: URL(filePath: folder + "/.git/index"))
            let broken = try await check(folder)
            #expect(broken.status == .error && broken.observed.contains("git does not tell"), "\(broken)")
        }
    }
}
