import DevStack
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import OpsCore

/// The schedule of the shim, with shims as processes.
@Suite struct BackupScheduleTests {
    private func scheduled(_ scope: BackupScope) throws -> [String] {
        try BackupFolder(scope.folder).entries().map(\.name).filter { $0.kind == .scheduled }.map(\.text).sorted()
    }

    /// A scheduled backup that looks as if it had been made two days ago.
    private func makeOldBackup(_ scope: BackupScope) async throws -> String {
        let result = try await scope.backup.create(.init(kind: .scheduled))
        let old = BackupName.make(
            .scheduled, date: Date(timeIntervalSinceNow: -2 * 86_400), database: scope.database.database)
        try FileManager.default.moveItem(atPath: result.file, toPath: "\(scope.folder)/\(old)")
        return old.text
    }

    /// Runs a shim until it is told to stop, which it is once it answers and `body` is done.
    private func serve(
        _ scope: BackupScope, _ environment: [String: String],
        _ body: @escaping @Sendable (Int32) async throws -> Void
    ) async throws -> Tool.Outcome {
        var tool = scope.tool()
        tool.environment.merge(environment) { $1 }
        let port = try FreePort.find()
        return try await tool.run(
            "serve", "--port", "\(port)", "--dir", scope.parent, "--backup-schedule", "0 3 * * *"
        ) { process in
            try await eventually {
                await PlainHTTP.onThreads(1) { _ in (try? PlainHTTP(port: port).get("/livez")) != nil }[0]
            }
            try await body(process)
            kill(process, SIGTERM)
        }
    }

    @Test func whatWasMissedIsCaughtUpOnceByOneOfTwoShimsAndOlderOnesGo() async throws {
        try await BackupScope.with { scope in
            try await scope.makeTables()
            let old = try await makeOldBackup(scope)
            let server = try LocalHTTPServer()
            defer { server.stop() }
            let environment = [
                "MAX_BACKUPS": "1", "HEARTBEAT_URL": server.url("/beat"), "NOTIFY_WEBHOOK_URL": server.url("/hook"),
            ]
            let done = Tally()
            let outcomes = try await withThrowingTaskGroup(of: Tool.Outcome.self) { group in
                for _ in 1...2 {
                    group.addTask {
                        try await serve(scope, environment) { _ in
                            let database = JobStore(database: scope.database.database)
                            let session = try await DatabaseConnection(scope.database)
                            try await eventually(within: .seconds(120)) {
                                try await session.run { try database.history(limit: 10, $0) }
                                    .contains { $0.status == .completed }
                            }
                            done.add()
                            // Each lives as long as the other needs, so that both have looked at it.
                            try await eventually(within: .seconds(120)) { done.count == 2 }
                            try await eventually(within: .seconds(60)) {
                                server.requests.contains { $0.target == "/hook" }
                            }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.allSatisfy { $0.exitCode == 0 }, "\(outcomes.map(\.errorOutput))")
            let logs = outcomes.map(\.errorOutput)
            #expect(logs.filter { $0.contains("began a scheduled backup") }.count == 1, "\(logs)")
            #expect(logs.contains { $0.contains("the next scheduled backup") }, "\(logs)")
            let files = try scheduled(scope)
            #expect(files.count == 1 && files != [old], "\(files)")
            let jobs = try await DatabaseConnection(scope.database).run {
                try JobStore(database: scope.database.database).history(limit: 10, $0)
            }
            #expect(jobs.map(\.submittedBy) == [BackupScheduler.account])
            #expect(
                server.requests.map { "\($0.method) \($0.target)" }.sorted() == [
                    "GET /beat", "GET /beat/start", "POST /hook",
                ])
        }
    }

    /// A shim that is stopped in the middle leaves nothing, and the next one makes the backup.
    @Test func aShimThatIsStoppedLeavesTheRunToTheNext() async throws {
        try await BackupScope.with { scope in
            try await scope.makeTables()
            let old = try await makeOldBackup(scope)
            // Holds the backup up until the shim is stopped.
            let blocker = try await DatabaseConnection(scope.database)
            try await blocker.execute("LOCK TABLES a WRITE")
            let stopped = try await serve(scope, [:]) { _ in
                let session = try await DatabaseConnection(scope.database)
                let store = JobStore(database: scope.database.database)
                try await eventually(within: .seconds(120)) {
                    try await session.run { try store.history(limit: 10, $0) }.contains { !$0.status.isFinal }
                }
            }
            #expect(stopped.exitCode == 0, "\(stopped.errorOutput)")
            try await blocker.execute("UNLOCK TABLES")
            #expect(try scheduled(scope) == [old])
            _ = try await serve(scope, [:]) { _ in
                let session = try await DatabaseConnection(scope.database)
                let store = JobStore(database: scope.database.database)
                // The file is there a moment before its job has ended.
                try await eventually(within: .seconds(120)) {
                    try await session.run { try store.history(limit: 10, $0) }.contains { $0.status == .completed }
                }
            }
            #expect(try scheduled(scope).count == 2)
            let jobs = try await DatabaseConnection(scope.database).run {
                try JobStore(database: scope.database.database).history(limit: 10, $0)
            }
            #expect(jobs.map(\.failure?.code) == [nil, "SHUTDOWN"], "\(jobs)")
        }
    }
}

/// Counts across tasks.
private final class Tally: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}
