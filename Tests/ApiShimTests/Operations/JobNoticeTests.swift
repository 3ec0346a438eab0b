import Foundation
import HummingbirdTesting
import TestSupport
import Testing

@testable import ApiShim
@testable import OpsCore

/// What became of a job is told to the webhook and by mail.
@Suite struct JobNoticeTests {
    private static let order = #"{"confirm": "MIGRATE"}"#

    private static func notices(_ server: LocalHTTPServer) throws -> [[String: Any]] {
        try server.requests.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.body.utf8)) as? [String: Any])
        }
    }

    private static func with(
        _ answers: [LocalHTTPServer.Answer] = [],
        _ body:
            @escaping @Sendable (any TestClientProtocol, String, OperationFixture, LocalHTTPServer, MailTrap)
            async throws -> Void
    ) async throws {
        let server = try LocalHTTPServer(answers)
        let trap = MailTrap()
        try await trap.start()
        defer { server.stop() }
        try await OperationFixture.with { fixture in
            var fixture = fixture
            let mail = MailSettings(
                host: "127.0.0.1", port: trap.port, security: .none, sender: "SysNDD <noreply@example.org>")
            fixture.settings.notices = NoticeSettings(
                webhookURL: Secret(server.url("/hook/secret")), mailAddress: "ops@example.org", mail: mail)
            let token = try await fixture.token()
            try await fixture.serving { [fixture] in try await body($0, token, fixture, server, trap) }
        }
        try await trap.stop()
    }

    private static func migrate(_ client: any TestClientProtocol, _ token: String) async throws -> String? {
        try await client.job("/api/admin/migrations/apply", token: token, json: order).value("status") as? String
    }

    @Test func failureRecoveryAndSuccessOfAMigrationAreTold() async throws {
        try await Self.with { client, token, fixture, server, trap in
            let file = URL(filePath: fixture.settings.migrations.directory + "/000_a.sql")
            try Data("ALTER TABLE nowhere ADD COLUMN i INT;".utf8).write(to: file)
            for _ in 1...2 { #expect(try await Self.migrate(client, token) == "failed") }
            try await eventually { server.requests.count == 2 && trap.mails.count == 2 }
            try Data("CREATE TABLE a (i INT);".utf8).write(to: file)
            #expect(try await Self.migrate(client, token) == "completed")
            try await eventually { server.requests.count == 3 && trap.mails.count == 3 }
            // Nothing was pending, so there is nothing to tell; a backup is the next thing that is told.
            #expect(try await Self.migrate(client, token) == "completed")
            _ = try await client.job("/api/backup/create", token: token)
            try await eventually { server.requests.count == 4 && trap.mails.count == 4 }

            let told = try Self.notices(server)
            #expect(told.map { $0["event"] as? String } == ["failure", "failure", "recovery", "success"])
            #expect(told.map { $0["operation"] as? String } == ["migrate", "migrate", "migrate", "backup"])
            #expect(told.map { $0["failures_before"] as? Int } == [0, 1, 2, 0])
            #expect((told[0]["error"] as? [String: Any])?["code"] as? String == "MIGRATION_FAILED")
            #expect(told[2]["error"] is NSNull)
            #expect((told[3]["backup"] as? [String: Any])?["table_count"] as? Int != nil)
            let subjects = trap.mails.compactMap { $0.header("Subject") }
            #expect(subjects.map { $0.hasSuffix("FAILED") } == [true, true, false, false])
            #expect(subjects[2].hasSuffix("works again"))
            #expect(trap.mails.allSatisfy { $0.header("To") == "ops@example.org" })
        }
    }

    @Test func whoCannotBeToldChangesNothing() async throws {
        try await Self.with([.status(500), .nothing, .status(503), .status(500)]) { client, token, _, server, trap in
            try await trap.stop()
            let done = try await client.job("/api/backup/create", token: token)
            #expect(try done.value("status") as? String == "completed")
            #expect(!done.text.contains("secret"))
            try await eventually { server.requests.count == 3 }
            try await trap.start()
        }
    }
}
