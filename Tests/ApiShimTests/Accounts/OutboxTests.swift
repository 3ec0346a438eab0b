import Foundation
import HTTPTypes
import HummingbirdTesting
import Synchronization
import TestSupport
import Testing

@testable import ApiShim
@testable import OpsCore

/// Mails when the mail server is away, refuses, or somebody else sends as well.
@Suite struct OutboxTests {
    @Test(arguments: TestTarget.all)
    func aMailThatCouldNotBeSentArrivesOnceTheServerIsBack(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            try await fixture.trap.stop()
            let answer = try await client.signUp(AccountFixture.registration())
            #expect(answer.status == 200)
            #expect(try answer.value("email_sent") as? Bool == false)
            let row = try #require(try await fixture.query("SELECT * FROM sysndd_ctl_outbox").first)
            #expect(row.text("state") == "waiting")
            // What backups hold of a waiting mail cannot be read.
            let content = try #require(row.text("content"))
            let plain = String(decoding: Data(base64Encoded: content) ?? Data(), as: UTF8.self)
            #expect(!content.isEmpty && !plain.contains("newuser") && !plain.contains("Hopper"))
            try await eventually(within: .seconds(60)) {
                try await fixture.value("SELECT attempts > 1 FROM sysndd_ctl_outbox") == "1"
            }
            try await fixture.trap.start()
            try await eventually(within: .seconds(90)) {
                try await fixture.value("SELECT state FROM sysndd_ctl_outbox") == "sent"
            }
            #expect(fixture.trap.mails.count == 1)
            #expect(try await fixture.value("SELECT content FROM sysndd_ctl_outbox") == nil)
        }
    }

    /// What goes on for hours is told once, and a reason that is new is told again.
    @Test func whyMailsDoNotGoOutIsToldOnceAReason() async throws {
        try await AccountFixture.prepared { fixture in
            let told = Mutex<[String]>([])
            let pool = DatabasePool(fixture.settings.database, fixture.settings.pool)
            let outbox = try #require(
                Outbox(fixture.settings, pool: pool) { error in told.withLock { $0.append(error.code) } })
            let flows = try await AccountFlows(
                fixture.settings, pool: pool, hasher: PasswordHasher(), outbox: outbox)
            fixture.trap.answerMessages(with: "451 later")
            for number in 20...22 {
                let body = try Data(AccountFixture.registration("newuser\(number)").utf8)
                _ = try await flows.signUp(JSONDecoder().decode(Registration.self, from: body))
            }
            #expect(told.withLock { $0 } == ["MAIL_REFUSED"])
            try await fixture.trap.stop()
            try await deliverAgain(outbox, fixture)
            #expect(told.withLock { $0 } == ["MAIL_REFUSED", "MAIL_UNREACHABLE"])
            fixture.trap.answerMessages(with: "250 taken")
            try await fixture.trap.start()
            try await deliverAgain(outbox, fixture)
            #expect(fixture.trap.mails.count == 3)
            fixture.trap.answerMessages(with: "451 later")
            let body = try Data(AccountFixture.registration("newuser23").utf8)
            _ = try await flows.signUp(JSONDecoder().decode(Registration.self, from: body))
            #expect(told.withLock { $0 } == ["MAIL_REFUSED", "MAIL_UNREACHABLE", "MAIL_REFUSED"])
        }
    }

    private func deliverAgain(_ outbox: Outbox, _ fixture: AccountFixture) async throws {
        _ = try await fixture.query("UPDATE sysndd_ctl_outbox SET due_at = UTC_TIMESTAMP(6)")
        try await outbox.deliverDue()
    }

    @Test(arguments: TestTarget.all)
    func severalSendersSendEachMailOnce(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            fixture.trap.answerMessages(with: "451 later")
            for number in 10...17 {
                #expect(try await client.signUp(AccountFixture.registration("newuser\(number)")).status == 200)
            }
            #expect(fixture.trap.mails.isEmpty)
            fixture.trap.answerMessages(with: "250 taken")
            let pool = DatabasePool(fixture.settings.database, fixture.settings.pool)
            let others = (1...3).compactMap { _ in Outbox(fixture.settings, pool: pool) }
            try await eventually(within: .seconds(120)) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for outbox in others { group.addTask { try await outbox.deliverDue() } }
                    try await group.waitForAll()
                }
                return try await fixture.value("SELECT COUNT(*) FROM sysndd_ctl_outbox WHERE state = 'sent'") == "8"
            }
            #expect(fixture.trap.mails.count == 8)
            #expect(Set(fixture.trap.mails.compactMap { $0.header("Message-ID") }).count == 8)
        }
    }

    @Test(arguments: TestTarget.all)
    func aClaimOfSomebodyWhoWasKilledRunsOut(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            fixture.trap.answerMessages(with: "451 later")
            _ = try await client.signUp(AccountFixture.registration())
            let claim: @Sendable (String) async throws -> Void = { end in
                _ = try await fixture.query(
                    """
                    UPDATE sysndd_ctl_outbox SET claimed_by = 'killed', due_at = UTC_TIMESTAMP(6),
                        claimed_until = UTC_TIMESTAMP(6) \(SQLQuery(unquoted: end)) INTERVAL 100 SECOND
                    """)
            }
            try await eventually(within: .seconds(30)) {
                try await claim("+")
                return try await fixture.value("SELECT claimed_by FROM sysndd_ctl_outbox") == "killed"
            }
            fixture.trap.answerMessages(with: "250 taken")
            let pool = DatabasePool(fixture.settings.database, fixture.settings.pool)
            let outbox = try #require(Outbox(fixture.settings, pool: pool))
            #expect(try await outbox.deliverDue() == 0)
            #expect(fixture.trap.mails.isEmpty)
            try await claim("-")
            try await eventually(within: .seconds(60)) { fixture.trap.mails.count == 1 }
            try await eventually(within: .seconds(60)) {
                try await fixture.value("SELECT state FROM sysndd_ctl_outbox") == "sent"
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func whatWaitsTooLongIsGivenUpAndItsContentIsGone(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            fixture.trap.answerMessages(with: "554 never")
            let answer = try await client.signUp(AccountFixture.registration())
            #expect(answer.status == 200)
            #expect(try await fixture.value("SELECT state FROM sysndd_ctl_outbox") == "waiting")
            #expect(
                try await fixture.value("SELECT due_at > UTC_TIMESTAMP(6) + INTERVAL 60 SECOND FROM sysndd_ctl_outbox")
                    == "1")
            _ = try await fixture.query("UPDATE sysndd_ctl_outbox SET expires_at = UTC_TIMESTAMP(6)")
            try await eventually(within: .seconds(60)) {
                try await fixture.value("SELECT state FROM sysndd_ctl_outbox") == "failed"
            }
            #expect(try await fixture.value("SELECT content FROM sysndd_ctl_outbox") == nil)
            #expect(try await fixture.value("SELECT last_error FROM sysndd_ctl_outbox")?.contains("554") == true)
            #expect(fixture.trap.mails.isEmpty)
        }
    }

    @Test(arguments: TestTarget.all)
    func theTableIsMarkedAsTheToolkitsOwn(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            _ = try await client.signUp(AccountFixture.registration())
            let comment = try await fixture.value(
                """
                SELECT table_comment FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_name = 'sysndd_ctl_outbox'
                """)
            #expect(comment == "sysndd-ctl")
        }
    }
}
