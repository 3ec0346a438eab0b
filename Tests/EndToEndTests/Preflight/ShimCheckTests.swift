import DevStack
import Foundation
import Glibc
import TestSupport
import Testing

@testable import OpsCore

/// The checks that ask a running shim, and the health check of containers, on shims as processes.
@Suite struct ShimCheckTests {
    private static let files = ["001_a.sql": "CREATE TABLE a (i INT PRIMARY KEY);"]

    private func support(
        _ database: DatabaseSettings, _ port: UInt16, _ environment: [String: String] = [:]
    ) -> PreflightSupport {
        var support = PreflightSupport(database)
        support.url = "http://127.0.0.1:\(port)"
        support.environment = environment
        return support
    }

    @Test func aReadyShimPasses() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: Self.files) { folder in
                let port = try FreePort.find()
                let support = self.support(database, port, ["API_PORT": "\(port)", "MIGRATIONS_DIR": folder])
                let tool = Tool(database: database)
                #expect(try await support.status("SYS-503") == .pass)
                #expect(try await tool.run("healthcheck", "--port", "\(port)").exitCode == 1)
                let serving = try await tool.run("serve", "--port", "\(port)", "--dir", folder, "--auto-migrate") {
                    pid in
                    try await eventually(within: .seconds(60)) { try await support.status("API-601") == .pass }
                    try await eventually(within: .seconds(60)) { try await support.status("API-602") == .pass }
                    for id in ["API-603", "SYS-503"] {
                        let result = try await support.run(id)
                        #expect(result.status == .pass, "\(id): \(result.observed)")
                    }
                    #expect(try await support.run("SYS-503").observed.contains("the shim listens"))
                    let healthy = try await tool.run("healthcheck", "--port", "\(port)", "--format", "json")
                    #expect(healthy.exitCode == 0, "\(healthy.errorOutput)")
                    #expect(try healthy.json()["status"] as? String == "ready")
                    let other = self.support(database, port, ["DB_POOL_SIZE": "9"])
                    #expect(try await other.status("API-603") == .fail)
                    // With a compose file, what that says counts.
                    for (size, status) in [("5", CheckStatus.pass), ("6", .fail)] {
                        let path = "\(folder)/\(size).yml"
                        let services = "services: {shim: {image: shim, environment: {DB_POOL_SIZE: \(size)}}}"
                        try Data(services.utf8).write(to: URL(filePath: path))
                        var composed = other
                        composed.compose = path
                        let result = try await composed.run("API-603")
                        #expect(result.status == status && result.observed.contains("\(size) (\(path))"), "\(result)")
                    }
                    kill(pid, SIGTERM)
                }
                #expect(serving.exitCode == 0)
                #expect(try await support.status("API-601") == .fail)
                #expect(try await support.status("API-602") == .fail)
                #expect(try await support.status("API-603") == .error)
            }
        }
    }

    @Test func aShimWithPendingMigrationsIsNotReady() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: Self.files) { folder in
                let port = try FreePort.find()
                let support = self.support(database, port)
                let tool = Tool(database: database)
                _ = try await tool.run("serve", "--port", "\(port)", "--dir", folder) { pid in
                    try await eventually(within: .seconds(60)) {
                        try await support.run("API-601").observed == "status 503: migrations_pending"
                    }
                    #expect(try await support.run("API-601").remedy == "sysndd-ctl migrate status")
                    let check = try await tool.run("healthcheck", "--port", "\(port)")
                    #expect(check.exitCode == 1)
                    #expect(check.errorOutput.contains("migrations_pending"))
                    kill(pid, SIGTERM)
                }
            }
        }
    }

    @Test func addressesAreNeededAndChecked() async throws {
        var support = PreflightSupport(DatabaseSettings(database: "d", user: "u"))
        #expect(try await support.status("API-601") == .skip)
        support.url = "https://example.org/"
        #expect(try await support.status("API-601") == .error)
    }

    @Test func aStrangerOnThePortFails() async throws {
        let settings = try await TestTarget.embedded.settings()
        var support = PreflightSupport(settings)
        // A database server is no shim.
        support.environment["API_PORT"] = "\(settings.port)"
        let result = try await support.run("SYS-503")
        #expect(result.status == .fail, "\(result.observed)")
        #expect(result.remedy?.contains(":\(settings.port)") == true)
    }
}
