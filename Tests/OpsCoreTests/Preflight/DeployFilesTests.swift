import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The files of `deploy/` pass the checks that are made for such files.
@Suite struct DeployFilesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../deploy").standardizedFileURL.path

    private func compose() throws -> ComposeFile {
        let path = Self.folder + "/compose.yml"
        return try ComposeFile(parsing: SettingsFile.text(at: path), path: path, variables: [:])
    }

    @Test func theComposeFileIsFitForProduction() throws {
        let file = try compose()
        #expect(file.services.map(\.name) == ["backup", "database", "shim"])
        let verdict = SystemChecks.Compose.judge(file)
        #expect(verdict.status == .pass, "\(verdict.observed)")
    }

    @Test func theBudgetInItsCommentIsTheOneThatIsWorkedOut() throws {
        let file = try compose()
        let jobs = ConnectionBudget.Term("backup", pool: 2, source: "test")
        let maximum = try #require(
            file.services.first { $0.name == "database" }?.command
                .compactMap { $0.hasPrefix("--max-connections=") ? Int($0.dropFirst(18)) : nil }.first)
        let budget = ConnectionBudget(
            services: ConnectionBudget.services(of: file, defaultPool: 5), backupJobs: jobs, maximum: maximum)
        #expect(budget.need == 35)
        #expect(budget.status == .pass)
        let text = try SettingsFile.text(at: Self.folder + "/compose.yml")
        #expect(text.contains("need                                      35   of max_connections = 60"))
    }
}
