import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// A process that is killed at any moment leaves nothing that looks like a backup and is none, and nothing in the way of
/// the next run.
@Suite struct BackupKillTests {
    private static let rounds = 12

    @Test(.timeLimit(.minutes(10)))
    func whateverTheMomentNoHalfFileHasAFinalName() async throws {
        try await BackupScope.with { scope in
            try await Self.fill(scope)
            let clock = ContinuousClock()
            let start = clock.now
            #expect(try await scope.tool().run("backup", "--jobs", "2").exitCode == 0)
            let whole = start.duration(to: clock.now)
            var (killed, halves) = (0, 0)
            for round in 1...Self.rounds {
                // Every other time not before there is a file; the moments in a file's life are the interesting ones.
                let outcome = try await Self.kill(
                    scope, after: whole * Double.random(in: 0...1), whenBegun: round.isMultiple(of: 2))
                if outcome.exitCode == nil { killed += 1 }
                if scope.files.contains(where: { $0.hasPrefix(".partial-") }) { halves += 1 }
                try await Self.checkFinalNames(scope)
            }
            print("killed \(killed) of \(Self.rounds) runs; \(halves) left a file without its final name")
            #expect(killed > 0)
            #expect(halves > 0)
            // The server may still be busy finding out that the last one is gone.
            try await eventually(within: .seconds(60)) {
                try await scope.tool().run("backup", "--jobs", "2").exitCode == 0
            }
            #expect(!scope.files.contains { $0.hasPrefix(".partial-") })
            try await Self.checkFinalNames(scope)
        }
    }

    /// Some twenty megabytes, so that there is a middle to be killed in.
    private static func fill(_ scope: BackupScope) async throws {
        for table in ["a", "b", "c"] {
            try await scope.execute(
                "CREATE TABLE \(table) (id INT PRIMARY KEY, t TEXT)",
                "INSERT INTO \(table) SELECT seq, REPEAT(SHA2(seq, 512), 10) FROM seq_1_to_6000")
        }
    }

    private static func kill(
        _ scope: BackupScope, after delay: Duration, whenBegun: Bool
    ) async throws -> Tool.Outcome {
        try await scope.tool().run("backup", "--jobs", "2") { process in
            if whenBegun {
                let own = Self.partials(scope)
                // It may be over before anybody looks.
                try? await eventually(within: .seconds(30)) {
                    Self.partials(scope) != own || Foundation.kill(process, 0) != 0
                }
                try await Task.sleep(for: delay / 2)
            } else {
                try await Task.sleep(for: delay)
            }
            Foundation.kill(process, SIGKILL)
        }
    }

    private static func partials(_ scope: BackupScope) -> [String] { scope.files.filter { $0.hasPrefix(".partial-") } }

    private static func checkFinalNames(_ scope: BackupScope) async throws {
        let folder = try BackupFolder(scope.folder)
        for entry in try folder.entries() {
            let finding = try await BackupVerifier(folder: folder).verify(entry.name)
            #expect(finding.ok, "\(entry.name): \(finding.bad)")
        }
    }
}
