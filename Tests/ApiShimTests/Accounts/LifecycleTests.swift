import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

/// The test of an account's life that operators run, against this shim and a mail capture.
@Suite struct LifecycleTests {
    private func run(
        _ change: (inout Settings) -> Void = { _ in }, role: Role = .administrator, patience: Duration = .seconds(60),
        _ body: @escaping @Sendable (LifecycleReport, AccountFixture, TrapMailpit) async throws -> Void
    ) async throws {
        try await AccountFixture.with(change) { fixture, client in
            let mailpit = TrapMailpit(fixture.trap)
            try await mailpit.application().test(.live) { capture in
                _ = try await client.signUp(AccountFixture.registration("bystander"))
                let token = try await AccessToken(fixture.settings.auth)
                    .issueForAutomation(role: role, lifetime: .seconds(600))
                let ports = (api: try #require(client.port), mailbox: try #require(capture.port))
                let test = try LifecycleTest(
                    api: "http://127.0.0.1:\(ports.api)/", mailbox: "http://127.0.0.1:\(ports.mailbox)",
                    administratorToken: Secret(token + "\n"), patience: patience)
                try await body(try await test.run(), fixture, mailpit)
            }
        }
    }

    @Test func everyStepPassesAndNothingIsLeft() async throws {
        try await run { report, fixture, mailpit async throws in
            #expect(report.steps.map(\.step) == LifecycleStep.allCases)
            for step in report.steps { #expect(step.status == .pass, "\(step)") }
            #expect(report.success)
            #expect(try await fixture.value("SELECT COUNT(*) FROM `user` WHERE user_name = \(report.userName)") == "0")
            #expect(fixture.trap.mails.filter { $0.recipients.contains(report.userName + "@example.org") }.count == 3)
            #expect(mailpit.recipients == ["bystander@example.org"])
        }
    }

    @Test func mailThatDoesNotArriveFailsItsStepAndTheAccountIsRemovedAllTheSame() async throws {
        try await run({ $0.mail.isEnabled = false }, patience: .seconds(1)) { report, fixture, _ async throws in
            #expect(!report.success)
            let failed = report.steps.filter { $0.status == .fail }
            #expect(failed.map(\.step) == [.registrationMail])
            #expect(failed[0].hint?.contains("SMTP") == true)
            #expect(report.steps.last?.status == .pass)
            #expect(report.steps.first { $0.step == .approval }?.status == .skip)
            #expect(try await fixture.value("SELECT COUNT(*) FROM `user` WHERE user_name = \(report.userName)") == "0")
        }
    }

    @Test func aTokenOfALowerRoleOrAnAPIThatIsNotThereFailsAtOnceAndMakesNothing() async throws {
        try await run(role: .curator) { report, fixture, _ async throws in
            #expect(report.steps.filter { $0.status == .fail }.map(\.step) == [.api])
            #expect(report.steps.filter { $0.status == .skip }.count == LifecycleStep.allCases.count - 1)
            #expect(try await fixture.value("SELECT COUNT(*) FROM `user` WHERE user_name LIKE 'lifecycle%'") == "0")
        }
        let nobody = try LifecycleTest(
            api: "http://127.0.0.1:1", mailbox: "http://127.0.0.1:1", administratorToken: Secret("a.b.c"))
        let report = try await nobody.run()
        #expect(report.steps[0].status == .fail)
        #expect(report.steps[0].detail?.contains("http://127.0.0.1:1") == true)
    }

    @Test func theCommandTellsEachStepAndItsExitCodeTheOutcome() async throws {
        try await AccountFixture.with { fixture, client in
            try await TrapMailpit(fixture.trap).application().test(.live) { capture in
                let token = try await AccessToken(fixture.settings.auth)
                    .issueForAutomation(role: .administrator, lifetime: .seconds(600))
                let (api, mailbox) = (try #require(client.port), try #require(capture.port))
                try await TestFolder.with(files: ["token": token + "\n"]) { folder in
                    let arguments = [
                        "--api", "http://127.0.0.1:\(api)", "--mailpit-url", "http://127.0.0.1:\(mailbox)",
                    ]
                    let outcome = try await Tool().run(
                        "smtp-test", "--lifecycle", arguments[0], arguments[1], arguments[2], arguments[3],
                        "--admin-token-file", folder + "/token", "--format", "json")
                    #expect(outcome.exitCode == 0, "\(outcome.output) \(outcome.errorOutput)")
                    #expect(try outcome.json()["success"] as? Bool == true)
                    #expect(!outcome.output.contains(token))
                    let missing = try await Tool().run(
                        "smtp-test", "--lifecycle", arguments[0], arguments[1], arguments[2], arguments[3],
                        "--admin-token-file", folder + "/nothing")
                    #expect(missing.exitCode == 64)
                }
            }
        }
        #expect(try await Tool().run("smtp-test", "--lifecycle").exitCode == 64)
    }

    @Test func anAddressThatIsNoneIsWrongUsage() {
        for address in ["127.0.0.1:7777", "ftp://example.org", "", "http://", "http://example.org/?a=b"] {
            #expect(throws: AccountError.self, "\(address)") {
                try LifecycleTest(api: address, mailbox: "http://example.org", administratorToken: Secret("a"))
            }
        }
    }
}
