import Foundation
import Subprocess
import TestSupport
import Testing

@testable import OpsCore

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// What a loss of power would leave. No disk can be made to forget here, so the order of the program's own calls is looked
/// at.
@Suite struct BackupDurabilityTests {
    @Test func theBytesAreOnTheDiskBeforeTheNameAndTheNameIsBeforeTheWord() async throws {
        try await BackupScope.with { scope in
            try await scope.makeTables()
            let calls = try await Self.trace(scope)
            let name = try #require(scope.files.first { !$0.hasPrefix("latest.") })
            let path = URL(filePath: scope.folder).resolvingSymlinksInPath().path
            let partial = "<\(path)/.partial-\(name)>"

            let naming = try #require(calls.first { $0.text.contains("linkat(") && $0.text.contains("\"\(name)\"") })
            #expect(naming.succeeded)
            let writes = calls.filter { $0.text.contains("write(") && $0.text.contains(partial) }
            let synchronised = try #require(calls.last { $0.text.contains("fsync(") && $0.text.contains(partial) })
            #expect(synchronised.succeeded)
            #expect(!writes.isEmpty)
            #expect(writes.allSatisfy { $0.end < synchronised.start })
            #expect(synchronised.end < naming.start)

            let named = try #require(
                calls.first {
                    $0.text.contains("fsync(") && $0.text.contains("<\(path)>") && $0.start > naming.end
                })
            #expect(named.succeeded)
            let word = try #require(calls.first { $0.text.contains("write(1<") })
            #expect(named.end < word.start)
        }
    }

    /// One call of the program, with the lines of the trace at which it began and ended.
    private struct Call {
        var start: Int
        var end: Int
        var text: String
        /// What stands behind the last `=`.
        var result: Substring

        var succeeded: Bool { result == "0" }
    }

    /// Makes a backup and returns the calls that matter, in the order in which they began.
    private static func trace(_ scope: BackupScope) async throws -> [Call] {
        let file = scope.parent + "/trace"
        let environment: [Environment.Key: String] = [
            "PATH": "/usr/bin:/bin", "HOME": scope.parent, "BACKUP_DIR": scope.folder,
            "DATABASE_URL": scope.database.url(includingPassword: true),
        ]
        let result = try await Subprocess.run(
            .name("strace"),
            arguments: [
                "-f", "-y", "-s", "500", "-e", "trace=write,fsync,linkat,renameat,renameat2", "-o", file, Tool.path,
                "backup", "--jobs", "2", "--format", "json",
            ], environment: .custom(environment), output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw SchemaOracle.Failure(description: result.standardError)
        }
        return calls(in: try String(contentsOfFile: file, encoding: .utf8))
    }

    /// A call during which another thread made one stands on two lines, `fsync(3 <unfinished ...>` and
    /// `<... fsync resumed>) = 0`.
    private static func calls(in trace: String) -> [Call] {
        var calls: [Call] = []
        var open: [Substring: Int] = [:]
        for (number, line) in trace.split(separator: "\n").enumerated() {
            guard let space = line.firstIndex(of: " ") else { continue }
            let process = line[..<space]
            let result = line.split(separator: " ").last ?? ""
            if line.hasSuffix("<unfinished ...>") {
                open[process] = calls.count
                calls.append(Call(start: number, end: .max, text: String(line), result: ""))
            } else if line.contains(" resumed>"), let call = open.removeValue(forKey: process) {
                calls[call].end = number
                calls[call].result = result
            } else {
                calls.append(Call(start: number, end: number, text: String(line), result: result))
            }
        }
        return calls
    }
}
