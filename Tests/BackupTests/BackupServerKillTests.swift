import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// A server that dies in the middle of a dump, by SIGKILL and without a farewell to anybody.
@Suite struct BackupServerKillTests {
    @Test(.timeLimit(.minutes(5)))
    func theBackupFailsLeavesNothingAndTheNextOneIsWhole() async throws {
        try await BackupScope.withOwnServer(settings: BackupScope.durable) { scope, server in
            try await Self.fill(scope)
            let outcome = try await Self.run(scope, killing: server)
            #expect(outcome.exitCode == ExitStatus.unreachable.rawValue)
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: [String: Any]])
            #expect(
                (document["error"]?["message"] as? String)?.contains("the table large") == true, "\(outcome.output)")
            #expect((document["error"]?["hint"] as? String)?.contains("look into the server's log") == true)
            #expect(scope.files == [])
            try await Self.checkNextRun(scope, server)
        }
    }

    /// As a machine does that loses its power: nobody is left to remove the file but the next run.
    @Test(.timeLimit(.minutes(5)))
    func theNextRunRemovesWhatServerAndProgramLeftWhenBothWereKilled() async throws {
        try await BackupScope.withOwnServer(settings: BackupScope.durable) { scope, server in
            try await Self.fill(scope)
            let outcome = try await Self.run(scope, killing: server, andTool: true)
            #expect(outcome.exitCode == nil)
            #expect(scope.files.map { $0.hasPrefix(".partial-") } == [true])
            try await Self.checkNextRun(scope, server)
        }
    }

    private static let rows = 60_000

    /// Sixty megabytes that no compressor makes smaller.
    private static func fill(_ scope: BackupScope) async throws {
        try await scope.execute(
            "CREATE TABLE large (id INT PRIMARY KEY, b BLOB)",
            "INSERT INTO large SELECT seq, RANDOM_BYTES(1024) FROM seq_1_to_\(rows)")
    }

    /// Makes a backup and kills the server once some of it is in the file.
    private static func run(
        _ scope: BackupScope, killing server: TestServer, andTool: Bool = false
    ) async throws -> Tool.Outcome {
        let number = try #require(try await server.server.status().pid)
        return try await scope.tool().run("backup", "--jobs", "2", "--format", "json") { process in
            // The tool may have ended in an error of its own, which the test then shows.
            try? await eventually(within: .seconds(60)) {
                partialSize(scope) > 1 << 20 || Foundation.kill(process, 0) != 0
            }
            if andTool { Foundation.kill(process, SIGKILL) }
            Foundation.kill(number, SIGKILL)
        }
    }

    private static func partialSize(_ scope: BackupScope) -> Int {
        guard let name = scope.files.first(where: { $0.hasPrefix(".partial-") }) else { return 0 }
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(scope.folder)/\(name)")
        return attributes?[.size] as? Int ?? 0
    }

    /// The server starts again, and one backup, with all rows in it, is all that is in the folder.
    private static func checkNextRun(_ scope: BackupScope, _ server: TestServer) async throws {
        _ = try await server.server.start()
        let outcome = try await scope.tool().run("backup", "--jobs", "2", "--format", "json")
        #expect(outcome.exitCode == 0, "\(outcome.output) \(outcome.errorOutput)")
        #expect(scope.files.count == 2)
        #expect(!scope.files.contains { $0.hasPrefix(".partial-") })
        let path = try #require(scope.files.first { !$0.hasPrefix("latest.") })
        let finding = try await BackupVerifier.verify(path: "\(scope.folder)/\(path)")
        #expect(finding.ok)
        #expect(try ArchiveReader(path: "\(scope.folder)/\(path)").summary.totals.rows == rows)
    }
}
