import Foundation
import Glibc
import OpsCore
import TestSupport
import Testing

@testable import DevStack

/// `smtp-test --lifecycle` as an operator runs it: a shim as a process, a mail capture, and an API that is not ours.
@Suite struct LifecycleCommandTests {
    /// Statuses of the steps, by name.
    private func steps(_ outcome: Tool.Outcome) throws -> [String: String] {
        let steps = try #require(try outcome.json()["steps"] as? [[String: Any]])
        return Dictionary(uniqueKeysWithValues: steps.map { ("\($0["step"] ?? "")", "\($0["status"] ?? "")") })
    }

    private func lifecycle(
        _ api: String, _ mailbox: MailboxTarget, token: String, patience: Int = 60
    ) async throws -> Tool.Outcome {
        try await TestFolder.with(files: ["token": token]) { folder in
            try await Tool().run(
                "smtp-test", "--lifecycle", "--api", api, "--mailpit-url", mailbox.url, "--admin-token-file",
                folder + "/token", "--mail-timeout", "\(patience)", "--format", "json")
        }
    }

    /// An account of the database with what `grants --role app` prints, and no more.
    private func withApplicationAccount(
        _ database: DatabaseSettings, _ body: (DatabaseSettings) async throws -> Void
    ) async throws {
        let root = try await DatabaseConnection(database)
        var account = database
        account.user = "t" + String(UInt32.random(in: 0 ... .max), radix: 36)
        account.password = Secret("Password-of-a-test-1")
        let quoted = "'\(account.user)'@'%'"
        let grants = RoleGrants(.app, on: try await root.serverInfo(), database: database.database)
        let statements = grants.statements(user: account.user, host: "%").map { String($0.dropLast()) }
        for statement in ["CREATE USER \(quoted) IDENTIFIED BY 'Password-of-a-test-1'"] + statements {
            try await root.execute(SQLQuery(unquoted: statement))
        }
        do {
            try await body(account)
        } catch {
            _ = try? await root.execute(SQLQuery(unquoted: "DROP USER \(quoted)"))
            throw error
        }
        try await root.execute(SQLQuery(unquoted: "DROP USER \(quoted)"))
    }

    @Test(arguments: TestTarget.all)
    func everyStepPassesAgainstAShimOnEveryServer(_ target: TestTarget) async throws {
        try await MailboxTarget.with { mailbox in
            try await TestDatabase.with(on: target) { database in
                _ = try await Migrator(database: database, directory: AccountCommandTests.migrations)
                    .up(MigrationOptions(lockTimeout: .seconds(600)))
                try await withApplicationAccount(database) { try await serveAndTest(database, as: $0, mailbox) }
            }
        }
    }

    private func serveAndTest(
        _ database: DatabaseSettings, as account: DatabaseSettings, _ mailbox: MailboxTarget
    ) async throws {
        let port = try FreePort.find()
        let environment = [
            "JWT_SECRET": "a key of the tests, 32 bytes long", "SMTP_FROM": "app@example.org",
            "BASE_URL": "https://example.org", "CURATOR_EMAIL": "curators@example.org",
        ]
        let tool = Tool(database: account, environment: environment.merging(mailbox.environment) { $1 })
        let token = try await tool.run("token", "--role", "Administrator", "--expires", "15m")
        let api = "http://127.0.0.1:\(port)"
        let served = try await tool.run(
            "serve", "--port", "\(port)", "--dir", AccountCommandTests.migrations
        ) { pid in
            try await eventually(within: .seconds(120)) {
                await LocalHTTP.status(of: "/readyz", port: port) == 200
            }
            let outcome = try await lifecycle(api, mailbox, token: token.output)
            #expect(outcome.exitCode == 0, "\(outcome.output)\(outcome.errorOutput)")
            #expect(try steps(outcome).allSatisfy { $0.value == "pass" })
            #expect(!outcome.output.contains(token.output.trimmingCharacters(in: .newlines)))
            let accounts = try await DatabaseConnection(database).query(
                "SELECT user_name FROM `user` WHERE user_name LIKE 'lifecycle%'")
            #expect(accounts.isEmpty)
            kill(pid, SIGTERM)
        }
        #expect(served.exitCode == 0, "\(served.errorOutput)")
    }

    /// R writes every value as an array, and does not tell the id of a new account.
    @Test(arguments: [nil, "link", "mail"])
    func anotherAPIOfTheSameContractIsTestedAndItsFaultsAreFound(_ fault: String?) async throws {
        try await MailboxTarget.with { mailbox in
            let token = "an.administrators.token"
            var options: [String: any Sendable] = [
                "smtp_host": mailbox.smtpHost, "smtp_port": mailbox.smtpPort, "token": token,
            ]
            options["broken"] = fault
            try await MailServer.with(.compatible, options) { server in
                let outcome = try await lifecycle(
                    "http://127.0.0.1:\(server.port)", mailbox, token: token, patience: fault == "mail" ? 2 : 60)
                let steps = try steps(outcome)
                let failed = steps.filter { $0.value == "fail" }.keys.sorted()
                #expect(failed == (fault.map { [["link": "used_link", "mail": "approval_mail"][$0] ?? ""] } ?? []))
                #expect(outcome.exitCode == (fault == nil ? 0 : 1), "\(outcome.output)\(outcome.errorOutput)")
                // Whatever failed, the account is gone.
                #expect(steps["clean_up"] == "pass")
                #expect(try server.events.contains { $0.event == "removed" })
            }
        }
    }

    /// The stack of `make up` has all that is needed, and says where.
    @Test func thePrivateStackPasses() async throws {
        try await TestFolder.with { folder in
            let tool = Tool(folder: folder)
            do {
                let up = try await tool.run("dev", "up", "--dir", AccountCommandTests.migrations, "--format", "json")
                #expect(up.exitCode == 0, "\(up.errorOutput)")
                let report = try up.json()
                let token = try await tool.run("token", "--role", "Administrator", "--env-file", ".sysndd/env")
                try Data(token.output.utf8).write(to: URL(filePath: folder + "/token"))
                let outcome = try await tool.run(
                    "smtp-test", "--lifecycle", "--api", try #require(report["url"] as? String), "--mailpit-url",
                    try #require(report["mail_url"] as? String), "--admin-token-file", "token", "--mail-timeout", "60")
                #expect(outcome.exitCode == 0, "\(outcome.output)\(outcome.errorOutput)")
                #expect(outcome.output.hasSuffix("the account lifecycle works\n"))
            } catch {
                _ = try await tool.run("dev", "reset")
                throw error
            }
            #expect(try await tool.run("dev", "reset").exitCode == 0)
        }
    }
}
