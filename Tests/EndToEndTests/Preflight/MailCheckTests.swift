import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The checks of the mail server, each proven both ways on real ones.
@Suite struct MailCheckTests {
    private static let password = "pass-11ef-secret"

    private func support(_ port: Int, _ more: [String: String] = [:]) -> PreflightSupport {
        var support = PreflightSupport(DatabaseSettings(database: "d", user: "u"))
        support.environment = [
            "SMTP_HOST": "localhost", "SMTP_PORT": "\(port)", "SMTP_TLS": "none", "SMTP_FROM": "app@example.org",
        ]
        support.environment.merge(more) { $1 }
        return support
    }

    /// Statuses by id.
    private func statuses(_ support: PreflightSupport) async throws -> [String: CheckStatus] {
        let report = try await support.report(CheckSelection(only: ["SMTP"]))
        #expect(!"\(report)".contains(Self.password))
        return Dictionary(uniqueKeysWithValues: report.checks.map { ($0.id, $0.status) })
    }

    @Test func aGoodServerPassesAndGetsNoMessage() async throws {
        try await TestFolder.with { folder in
            let certificates = try await MailCertificates.make(in: folder)
            let account = ["tls": "starttls", "user": "app", "password": Self.password]
            try await MailServer.with(.receiving, certificates.options(.good).merging(account) { $1 }) { server in
                var support = support(
                    server.port, ["SMTP_TLS": "starttls", "SMTP_USER": "app", "SMTP_PASSWORD": Self.password])
                support.mailAuthority = certificates.authority
                let statuses = try await statuses(support)
                #expect(statuses.count == 6)
                #expect(statuses.values.allSatisfy { $0 == .pass }, "\(statuses)")
                #expect(try server.events.filter { $0.event == "AUTH" }.count == 1, "asked more than once")
                #expect(try server.events.allSatisfy { $0.event != "DATA" })
            }
        }
    }

    private static let faults: [(String, [String: any Sendable], String, CheckStatus)] = [
        ("banner", ["banner": "554 5.7.1 blocked"], "SMTP-403", .fail),
        ("busy", ["banner": "421 4.3.2 too busy"], "SMTP-403", .warn),
        ("no STARTTLS", ["ehlo": ["AUTH PLAIN"]], "SMTP-404", .fail),
        ("wrong password", ["ehlo": ["AUTH PLAIN"], "replies": ["AUTH": "535 5.7.8 no"]], "SMTP-405", .fail),
        ("sender", ["ehlo": ["AUTH PLAIN"], "replies": ["MAIL": "550 5.7.60 no"]], "SMTP-406", .fail),
        ("greylisting", ["ehlo": ["AUTH PLAIN"], "replies": ["RCPT": "451 4.7.1 later"]], "SMTP-406", .warn),
    ]

    @Test(arguments: faults.indices)
    func theFaultIsFoundByItsCheckAndTheLaterOnesAreNotReached(_ number: Int) async throws {
        let (name, options, id, status) = Self.faults[number]
        try await MailServer.with(.scripted, options) { server in
            let settings = [
                "SMTP_TLS": name == "no STARTTLS" ? "starttls" : "none", "SMTP_USER": "app",
                "SMTP_PASSWORD": Self.password,
            ]
            let report = try await support(server.port, settings).report(CheckSelection(only: ["SMTP"]))
            let found = try #require(report.checks.first { $0.id == id })
            #expect(found.status == status, "\(name): \(found)")
            #expect(found.remedy?.contains("sysndd-ctl smtp-test --verbose") == true)
            for later in report.checks where later.id > id { #expect(later.status == .skip, "\(name): \(later)") }
            for earlier in report.checks where earlier.id < id {
                #expect(earlier.status == .pass, "\(name): \(earlier)")
            }
        }
    }

    @Test func namesPortsAndSettingsAreJudged() async throws {
        let nobody = try await statuses(support(1))
        #expect(nobody["SMTP-401"] == .pass && nobody["SMTP-402"] == .fail && nobody["SMTP-403"] == .skip)
        let unknown = try await statuses(support(25, ["SMTP_HOST": "mail.invalid"]))
        #expect(unknown["SMTP-401"] == .fail && unknown["SMTP-402"] == .skip)
        let noSender = try await statuses(support(25, ["SMTP_FROM": ""]))
        #expect(noSender["SMTP-401"] == .fail)
        let wrong = try await statuses(support(25, ["SMTP_PORT": "many"]))
        #expect(wrong.values.allSatisfy { $0 == .error })
        let off = try await statuses(support(25, ["SMTP_ENABLED": "false"]))
        #expect(off.values.allSatisfy { $0 == .skip })
        let unset = try await statuses(PreflightSupport(DatabaseSettings(database: "d", user: "u")))
        #expect(unset.values.allSatisfy { $0 == .skip })
    }

    @Test func clearTextAndCertificatesThatEndAreWarnedOf() throws {
        func status(_ host: String) throws -> CheckStatus {
            let settings = MailSettings(host: host, security: .none, sender: "a@example.org")
            let passed = [MailStage.config, .dns, .connect, .banner, .ehlo, .mail, .rcpt].map {
                SMTPStageResult($0, .pass)
            }
            let report = SMTPProbeReport(settings, stages: SMTPStageList(passed).all)
            return try MailChecks.verdict([.tls], report, settings).status
        }
        #expect(try status("mail.example.org") == .warn)
        #expect(try status("127.0.0.1") == .pass)
        func ending(_ days: Int) throws -> CheckStatus {
            let end = Date(timeIntervalSinceNow: Double(days) * 86_400 + 3600)
            let style = Date.VerbatimFormatStyle(
                format:
                    "\(month: .abbreviated) \(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) \(year: .defaultDigits) GMT",
                locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
            let certificate = MailCertificate(
                fields: [["Subject:CN=localhost", "Expire date:\(end.formatted(style))"]], verifyResult: 0,
                host: "localhost")
            let settings = MailSettings(host: "localhost", sender: "a@example.org")
            let report = SMTPProbeReport(
                settings, stages: SMTPStageList([SMTPStageResult(.tls, .pass)]).all, certificate: certificate)
            #expect(report.certificate?.daysLeft == days)
            return try MailChecks.verdict([.tls], report, settings).status
        }
        #expect(try ending(20) == .warn)
        #expect(try ending(22) == .pass)
    }
}
