import Foundation
import Glibc
import TestSupport
import Testing

@testable import DevStack

/// The private stack, as `make up` and `make down` use it.
@Suite(.serialized) struct DevCommandTests {
    private static let migrations = ["000_a.sql": "CREATE TABLE a (i INT);"]

    /// A stack of a test's own, which is down when the test ends.
    private func withStack(_ body: (Tool) async throws -> Void) async throws {
        try await TestFolder.with { folder in
            let migrations = folder + "/migrations"
            try FileManager.default.createDirectory(atPath: migrations, withIntermediateDirectories: true)
            for (name, text) in Self.migrations {
                try Data(text.utf8).write(to: URL(filePath: migrations + "/" + name))
            }
            let tool = Tool(folder: folder)
            do {
                try await body(tool)
            } catch {
                _ = try await tool.run("dev", "reset")
                throw error
            }
            #expect(try await tool.run("dev", "reset").exitCode == 0)
        }
    }

    private func up(_ tool: Tool) async throws -> [String: Any] {
        let outcome = try await tool.run("dev", "up", "--format", "json")
        #expect(outcome.exitCode == 0, "\(outcome.errorOutput)")
        return try outcome.json()
    }

    private func port(_ report: [String: Any]) throws -> UInt16 {
        let url = try #require((report["url"] as? String).flatMap(URL.init(string:)))
        return UInt16(try #require(url.port))
    }

    private func processes(of folder: StackFolder) throws -> [DetachedProcess] {
        try ["server.process", "mail.process", "shim.process"].compactMap {
            try DetachedProcess.load(from: folder.file($0))
        }
        .filter(\.isRunning)
    }

    @Test func upTwiceChangesNothingAndDownLeavesNoProcess() async throws {
        try await withStack { tool in
            let folder = StackFolder(tool.folder + "/.sysndd")
            let first = try await up(tool)
            let running = try processes(of: folder)
            #expect(running.count == 3)
            try await eventually { await LocalHTTP.status(of: "/api/health/ready", port: try port(first)) == 200 }

            let second = try await up(tool)
            #expect(second["url"] as? String == first["url"] as? String)
            #expect(try processes(of: folder) == running)
            #expect(try await tool.run("dev", "status").exitCode == 0)

            let status = try await tool.run("migrate", "status", "--env-file", folder.file("env"), "--exit-code")
            #expect(status.exitCode == 0, "\(status.errorOutput)")

            let mail = try await tool.run(
                "smtp-test", "--env-file", folder.file("env"), "--send", "--to", "ada@example.org")
            #expect(mail.exitCode == 0, "\(mail.output)")
            let inbox = UInt16(try #require((first["mail_url"] as? String).flatMap(URL.init(string:))?.port))
            try await eventually { await LocalHTTP.status(of: "/api/v1/message/latest", port: inbox) == 200 }

            #expect(try await tool.run("dev", "down").exitCode == 0)
            #expect(running.allSatisfy { !$0.isRunning })
            #expect(try await tool.run("dev", "status").exitCode == 1)
            #expect(try await tool.run("dev", "down").errorOutput == "nothing was running\n")
        }
    }

    @Test func itComesBackWithItsDataAfterEverythingWasKilled() async throws {
        try await withStack { tool in
            let folder = StackFolder(tool.folder + "/.sysndd")
            let first = try await up(tool)
            for process in try processes(of: folder) {
                kill(process.pid, SIGKILL)
                #expect(await process.waitForEnd(.seconds(60)))
            }
            let again = try await tool.run("dev", "up", "--format", "json")
            #expect(again.exitCode == 0, "\(again.errorOutput)")
            #expect(again.errorOutput.contains("no migration is pending"))
            #expect(try again.json()["url"] as? String == first["url"] as? String)
        }
    }

    @Test func twoStacksInTwoFoldersDoNotDisturbEachOther() async throws {
        try await withStack { one in
            try await withStack { two in
                let first = try await up(one)
                let second = try await up(two)
                #expect(try port(first) != port(second))
                #expect(try await one.run("dev", "down").exitCode == 0)
                try await eventually { await LocalHTTP.status(of: "/api/health/", port: try port(second)) == 200 }
            }
        }
    }

    @Test func aFailedMigrationIsReportedAndTheDatabaseStaysUp() async throws {
        try await withStack { tool in
            try Data("SELEC 1;".utf8).write(to: URL(filePath: tool.folder + "/migrations/001_bad.sql"))
            let outcome = try await tool.run("dev", "up")
            #expect(outcome.exitCode == 1)
            #expect(outcome.errorOutput.contains("001_bad.sql:1:1"))
            let status = try await tool.run("dev", "status", "--format", "json")
            #expect((try status.json()["database"] as? [String: Any])?["state"] as? String == "running")
        }
    }

    @Test func noSecretIsVisibleInTheProcessesOfAStack() async throws {
        try await withStack { tool in
            _ = try await up(tool)
            let folder = StackFolder(tool.folder + "/.sysndd")
            let secrets = try [folder.password, folder.rootPassword].map { path in
                try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .newlines)
            }
            for process in try processes(of: folder) {
                for name in ["cmdline", "environ"] {
                    let data = try Data(contentsOf: URL(filePath: "/proc/\(process.pid)/\(name)"))
                    let text = String(decoding: data, as: UTF8.self)
                    #expect(secrets.allSatisfy { !text.contains($0) })
                }
            }
        }
    }

    /// It serves in the foreground until it is told to stop, which is no failure of its own.
    @Test func theMailCaptureEndsInOrderAndSaysNothingMore() async throws {
        let (smtp, http) = (try FreePort.find(), try FreePort.find())
        let outcome = try await Tool().run("dev", "mail", "--smtp-port", "\(smtp)", "--http-port", "\(http)") { pid in
            try await eventually(within: .seconds(60)) { await LocalHTTP.status(of: "/readyz", port: http) == 200 }
            kill(pid, SIGTERM)
        }
        #expect(outcome.exitCode == 143)
        #expect(
            outcome.errorOutput == "mail for 127.0.0.1:\(smtp) is shown at http://127.0.0.1:\(http)\n"
                && outcome.output == "")
    }
}
