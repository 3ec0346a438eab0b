import Foundation
import Glibc
import OpsCore
import TestSupport
import Testing

@testable import DevStack

/// The command `serve` as a process.
@Suite struct ServeTests {
    private static let files = ["000_a.sql": "CREATE TABLE a (i INT);", "001_b.sql": "CREATE TABLE b (i INT);"]

    private func status(_ path: String, _ port: UInt16) async -> Int? { await LocalHTTP.status(of: path, port: port) }

    @Test func withTheFlagMigrationsAreAppliedBeforeThePortOpensAndSIGTERMEndsIt() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: Self.files) { folder in
                let port = try FreePort.find()
                let outcome = try await Tool(database: database).run(
                    "serve", "--port", "\(port)", "--dir", folder, "--auto-migrate", "--log-format", "json"
                ) { pid in
                    try await eventually { await status("/api/health/", port) == 200 }
                    #expect(try await MigrateTests.schema(database) == ["a", "b"] + MigrateTests.ownTables)
                    try await eventually { await status("/api/health/ready", port) == 200 }
                    kill(pid, SIGTERM)
                }
                #expect(outcome.exitCode == 0)
                let lines = try outcome.errorOutput.split(separator: "\n").map { line in
                    try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                }
                #expect(
                    lines.contains { $0["message"] as? String == "listening" && $0["port"] as? String == "\(port)" })
                #expect(outcome.output.isEmpty)
            }
        }
    }

    /// As replicas that are started together do while one of them migrates, or a backup runs.
    @Test func twoThatMigrateWaitForWhoIsAtWorkAndServeThen() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: Self.files) { folder in
                let ports = [try FreePort.find(), try FreePort.find()]
                let log: @Sendable (UInt16) -> String = { port in
                    (try? String(contentsOfFile: "\(folder)/\(port).log", encoding: .utf8)) ?? ""
                }
                let tool = Tool(database: database, folder: folder)
                async let released: Void = Lease.with(database, owner: LeaseOwner(operation: "backup")) { _ in
                    try await eventually {
                        ports.allSatisfy { log($0).contains("waiting, at most 3600 s, for ") }
                    }
                    for port in ports { #expect(await LocalHTTP.status(of: "/livez", port: port) == nil) }
                }
                let session = try await DatabaseConnection(database)
                try await eventually {
                    try await session.run { try Lease.holder(in: database.database, $0) } != nil
                }
                let codes = try await withThrowingTaskGroup(of: Int32?.self) { group in
                    for port in ports {
                        let command = "exec \(Tool.path) serve --port \(port) --dir . --auto-migrate 2>\(port).log"
                        group.addTask {
                            try await tool.run(program: "/bin/sh", ["-c", command]) { pid in
                                try await eventually { await LocalHTTP.status(of: "/readyz", port: port) == 200 }
                                kill(pid, SIGTERM)
                            }.exitCode
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                try await released
                #expect(codes == [0, 0])
                #expect(ports.count { log($0).contains("001_b.sql") } == 1)
            }
        }
    }

    @Test func withoutTheFlagNothingIsMigratedAndReadinessSaysSo() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: Self.files) { folder in
                let port = try FreePort.find()
                let outcome = try await Tool(database: database).run("serve", "--port", "\(port)", "--dir", folder) {
                    pid in
                    try await eventually { await status("/livez", port) == 200 }
                    try await eventually { await status("/api/health/ready", port) == 503 }
                    kill(pid, SIGINT)
                }
                #expect(outcome.exitCode == 0)
                #expect(try await MigrateTests.schema(database).isEmpty)
            }
        }
    }

    @Test func aFailedMigrationKeepsThePortClosed() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["000_bad.sql": "SELEC 1;"]) { folder in
                let port = try FreePort.find()
                let tool = Tool(database: database, environment: ["AUTO_MIGRATE": "true"])
                let outcome = try await tool.run("serve", "--port", "\(port)", "--dir", folder)
                #expect(outcome.exitCode == 1)
                #expect(outcome.errorOutput.contains("000_bad.sql:1:1"))
                #expect(FreePort.isFree(port))
            }
        }
    }

    @Test func aTakenPortIsAnErrorThatNamesIt() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: Self.files) { folder in
                let port = try FreePort.find()
                let tool = Tool(database: database)
                _ = try await tool.run("serve", "--port", "\(port)", "--dir", folder) { first in
                    try await eventually { await status("/livez", port) == 200 }
                    let second = try await tool.run("serve", "--port", "\(port)", "--dir", folder)
                    #expect(second.exitCode == 1)
                    #expect(second.errorOutput.contains("127.0.0.1:\(port)"), "\(second.errorOutput)")
                    kill(first, SIGTERM)
                }
            }
        }
    }
}
