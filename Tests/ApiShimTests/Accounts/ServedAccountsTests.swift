import DevStack
import Foundation
import Glibc
import TestSupport
import Testing

@testable import ApiShim
@testable import OpsCore

/// Accounts with the shim as a process of its own, which can be killed.
@Suite struct ServedAccountsTests {
    private struct Served: Sendable {
        let port: UInt16

        /// - Returns: the status.
        func get(_ path: String) async throws -> Int {
            try await HTTPCall(url: "http://127.0.0.1:\(port)\(path)").send().status
        }

        func post(_ path: String, _ body: String) async throws -> Int {
            var call = HTTPCall(method: "POST", url: "http://127.0.0.1:\(port)\(path)")
            call.headers["Content-Type"] = "application/json"
            call.body = Data(body.utf8)
            return try await call.send(within: .seconds(60)).status
        }
    }

    private func tool(_ fixture: AccountFixture) -> Tool {
        Tool(
            database: fixture.settings.database,
            environment: [
                "JWT_SECRET": "a key of the tests, 32 bytes long", "AUTH_ENDPOINT_PER_CALLER_MAX": "1000",
                "BASE_URL": "https://example.org", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": "\(fixture.trap.port)",
                "SMTP_TLS": "none", "SMTP_FROM": "SysNDD <noreply@example.org>",
                "CURATOR_EMAIL": AccountFixture.curator,
            ])
    }

    /// Runs `body` with a shim, which is killed when `body` is done: it can do nothing more, not even say goodbye.
    /// - Returns: its log.
    @discardableResult
    private func untilKilled(
        _ fixture: AccountFixture, _ body: @escaping @Sendable (Served) async throws -> Void
    ) async throws -> String {
        let port = try FreePort.find()
        let outcome = try await tool(fixture).run(
            "serve", "--port", "\(port)", "--dir", AccountFixture.migrations, "--log-level", "warning"
        ) { pid in
            let http = Served(port: port)
            try await eventually(within: .seconds(60)) { (try? await http.get("/livez")) == 200 }
            try await body(http)
            kill(pid, SIGKILL)
        }
        #expect(outcome.exitCode == nil)
        #expect(!outcome.errorOutput.contains("example.org"), "\(outcome.errorOutput)")
        return outcome.errorOutput
    }

    private func state(_ fixture: AccountFixture) async throws -> String? {
        try await fixture.value("SELECT state FROM sysndd_ctl_outbox")
    }

    @Test(arguments: TestTarget.all)
    func aMailThatWaitedWhenTheShimWasKilledIsSentOnceByTheNext(_ target: TestTarget) async throws {
        try await AccountFixture.prepared(on: target) { fixture in
            try await fixture.trap.stop()
            let log = try await untilKilled(fixture) { http async throws in
                #expect(try await http.post("/api/auth/signup", AccountFixture.registration()) == 200)
            }
            let complaints = log.split(separator: "\n").filter { $0.contains("mails do not go out") }
            #expect(complaints.count == 1, "\(log)")
            #expect(complaints.first?.contains("code=MAIL_UNREACHABLE reply=none stage=connect") == true, "\(log)")
            #expect(try await state(fixture) == "waiting")
            try await fixture.trap.start()
            try await untilKilled(fixture) { _ async throws in
                try await eventually(within: .seconds(90)) { try await state(fixture) == "sent" }
            }
            #expect(fixture.trap.mails.count == 1)
            // A third one has nothing to send.
            try await untilKilled(fixture) { http async throws in #expect(try await http.get("/livez") == 200) }
            #expect(fixture.trap.mails.count == 1)
        }
    }

    @Test(arguments: TestTarget.all)
    func aMailThatWasBeingHandedOverWhenTheShimWasKilledIsSentAgainAndTakenOnce(_ target: TestTarget) async throws {
        try await AccountFixture.prepared(on: target) { fixture in
            fixture.trap.answerMessages(with: nil)
            try await untilKilled(fixture) { http async throws in
                // The answer waits a few seconds for the mail, and then comes without it.
                #expect(try await http.post("/api/auth/signup", AccountFixture.registration()) == 200)
                try await eventually { fixture.trap.handedOver == 1 }
            }
            #expect(try await fixture.value("SELECT claimed_by IS NULL FROM sysndd_ctl_outbox") == "0")
            fixture.trap.answerMessages(with: "250 taken")
            // As if the claim of the killed one had run out, which takes minutes.
            _ = try await fixture.query(
                "UPDATE sysndd_ctl_outbox SET claimed_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND")
            try await untilKilled(fixture) { _ async throws in
                try await eventually(within: .seconds(90)) { try await state(fixture) == "sent" }
            }
            #expect(fixture.trap.mails.count == 1)
            #expect(fixture.trap.handedOver == 2)
            #expect(try await fixture.value("SELECT attempts FROM sysndd_ctl_outbox") == "2")
        }
    }
}
