import DevStack
import Foundation
import OpsCore
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// `preflight` and `grants` as commands: exit codes and forms of output.
@Suite struct PreflightCommandTests {
    private func preflight(_ tool: Tool, _ arguments: String...) async throws -> Tool.Outcome {
        try await tool.run(["preflight"] + arguments)
    }

    @Test func aServerThatIsNotThereEndsWithThree() async throws {
        let database = DatabaseSettings(host: "127.0.0.1", port: Int(try FreePort.find()), database: "d", user: "u")
        try await TestFolder.with { folder in
            let outcome = try await preflight(Tool(database: database, folder: folder), "--only", "DB-001")
            #expect(outcome.exitCode == 3, "\(outcome)")
            #expect(outcome.output.contains("DB-001"))
        }
    }

    @Test func warningsEndWithFourOnlyWhereThatIsAskedFor() async throws {
        // Reached from elsewhere, and nothing encrypts.
        let tool = Tool(environment: ["API_HOST": "192.168.7.7"], folder: "/")
        let only = ["--only", "SEC-310"]
        let mild = try await tool.run(["preflight"] + only)
        #expect(mild.exitCode == 0, "\(mild)")
        #expect(mild.output.contains("API_HOST = 192.168.7.7"))
        #expect(try await tool.run(["preflight"] + only + ["--fail-on", "warn"]).exitCode == 4)
        let good = Tool(environment: ["API_HOST": "127.0.0.1"], folder: "/")
        #expect(try await good.run(["preflight"] + only + ["--fail-on", "warn"]).exitCode == 0)
    }

    @Test func aNameThatNoCheckHasIsWrongUsage() async throws {
        for flag in ["--only", "--skip"] {
            let outcome = try await preflight(Tool(folder: "/"), flag, "NOPE")
            #expect(outcome.exitCode == 64)
            #expect(outcome.errorOutput.contains("no check and no group is called NOPE"))
            #expect(outcome.output.isEmpty)
        }
    }

    @Test func whatIsLeftOutStaysVisible() async throws {
        let outcome = try await preflight(
            Tool(folder: "/"), "--only", "MANUAL", "SEC-309", "--skip", "SEC-309", "--format", "json")
        let checks = try #require(try outcome.json()["checks"] as? [[String: Any]])
        let skipped = try #require(checks.first { $0["id"] as? String == "SEC-309" })
        #expect(skipped["status"] as? String == "skip" && skipped["observed"] as? String == "left out with --skip")
        #expect(checks.count > 1)
    }

    @Test func junitIsXMLAndTAPIsTAP() async throws {
        let tool = Tool(environment: ["API_HOST": "192.168.7.7"], folder: "/")
        let junit = try await preflight(tool, "--only", "SEC-310", "MANUAL", "--format", "junit")
        #expect(junit.exitCode == 0)
        let document = try XMLDocument(xmlString: junit.output)
        #expect(document.rootElement()?.name == "testsuites")
        #expect(document.rootElement()?.children?.count == 2)
        let tap = try await preflight(tool, "--only", "SEC-310", "MANUAL", "--format", "tap")
        let lines = tap.output.split(separator: "\n")
        #expect(lines.first == "TAP version 13")
        let planned = try #require(lines.first { $0.hasPrefix("1..") }.flatMap { Int($0.dropFirst(3)) })
        #expect(planned > 1 && planned == lines.count { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") })
    }

    @Test(arguments: TestTarget.all)
    func grantsAreComparedWithTheAccount(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let tool = Tool(database: database)
            #expect(try await tool.run("grants", "--role", "app", "--check").exitCode == 1, "root has more")
            var own = database
            own.user = "t" + String(UInt32.random(in: 0 ... .max), radix: 36)
            own.password = Secret("Password-of-a-test-1")
            let printed = try await tool.run("grants", "--role", "app", "--user", own.user)
            #expect(printed.exitCode == 0, "\(printed)")
            let root = try await DatabaseConnection(database)
            // As an administrator does: the comment has the first statement, with a password to be put in.
            let statements = printed.output.split(separator: "\n").map { line in
                line.replacing("-- CREATE USER", with: "CREATE USER").replacing("'…'", with: "'Password-of-a-test-1'")
            }.filter { !$0.hasPrefix("--") }
            #expect(statements.count > 1)
            do {
                for statement in statements { try await root.execute(SQLQuery(unquoted: String(statement.dropLast()))) }
                let check = try await Tool(database: own).run("grants", "--role", "app", "--check")
                #expect(check.exitCode == 0, "\(check)")
                let wrong = try await Tool(database: own).run("grants", "--role", "app,migrate", "--check")
                #expect(wrong.exitCode == 1, "\(wrong)")
            } catch {
                _ = try? await root.execute(SQLQuery(unquoted: "DROP USER IF EXISTS '\(own.user)'@'%'"))
                throw error
            }
            try await root.execute(SQLQuery(unquoted: "DROP USER '\(own.user)'@'%'"))
        }
    }
}
