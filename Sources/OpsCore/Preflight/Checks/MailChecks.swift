/// What is asked of the mail server: the stages of `smtp-test`. A dry run, so nothing is sent.
enum MailChecks {
    static let all: [Check] = [
        check("SMTP-401", "the mail settings are whole, the server's name is known", [.config, .dns]),
        check("SMTP-402", "the mail server can be reached", [.connect]),
        check("SMTP-403", "the mail server greets and offers what is needed", [.banner, .ehlo, .ehlo2]),
        check("SMTP-404", "the mail connection is encrypted, the certificate is good", [.tls]),
        check("SMTP-405", "the mail account signs in", [.auth]),
        check("SMTP-406", "sender and recipient are taken", [.mail, .rcpt]),
    ]

    /// Every stage may take a few seconds, and all checks wait for all stages.
    private static let deadline = Duration.seconds(60)
    /// Days before the end of a certificate at which somebody has to see to it.
    static let certificateWarning = 21

    private static func check(_ id: String, _ title: String, _ stages: [MailStage]) -> Check {
        Check(id, title, deadline: deadline) { context in
            try verdict(stages, await context.mail.report(), context.mail.settings)
        }
    }

    /// - Throws: ``CheckSkipped`` when an earlier stage failed, so that these were not reached.
    static func verdict(
        _ stages: [MailStage], _ report: SMTPProbeReport, _ settings: MailSettings
    ) throws -> CheckVerdict {
        let results = report.stages.filter { stages.contains($0.stage) }
        if let failed = results.first(where: { $0.status == .fail }) { return failure(failed) }
        if let odd = results.first(where: { $0.status == .warn }) {
            return .warn(text(odd), expected: expected, remedy: odd.hint ?? remedy)
        }
        let passed = results.filter { $0.status == .pass }
        if passed.isEmpty { return try withoutResult(stages, report, settings) }
        if stages.contains(.tls), let left = report.certificate?.daysLeft, left < certificateWarning {
            return .warn(
                "the certificate ends in \(left) days", expected: "at least \(certificateWarning) days",
                remedy: "renew the certificate of \(report.host ?? "the mail server")")
        }
        return .pass(passed.map(text).joined(separator: "; "), expected: expected)
    }

    private static let expected = "as mail needs it"
    private static let remedy = "sysndd-ctl smtp-test --verbose"

    private static func failure(_ failed: SMTPStageResult) -> CheckVerdict {
        let hint = [failed.hint, remedy].compactMap(\.self).joined(separator: "\n")
        let isTemporary = failed.code.map { (400..<500).contains($0) } == true
        return isTemporary
            ? .warn(text(failed), expected: expected, remedy: hint)
            : .fail(text(failed), expected: expected, remedy: hint)
    }

    /// Not reached, or not needed.
    private static func withoutResult(
        _ stages: [MailStage], _ report: SMTPProbeReport, _ settings: MailSettings
    ) throws -> CheckVerdict {
        let order = MailStage.allCases
        if let failed = report.stages.first(where: { $0.status == .fail }),
            let place = order.firstIndex(of: failed.stage), place < order.firstIndex(where: stages.contains) ?? 0
        {
            throw CheckSkipped("not reached: \(failed.stage.rawValue) failed")
        }
        if stages.contains(.auth) { throw CheckSkipped("SMTP_USER is not set: no sign-in is asked for") }
        let isLocal = settings.host.map { $0 == "localhost" || $0 == "::1" || $0.hasPrefix("127.") } ?? false
        return isLocal
            ? .pass("SMTP_TLS=none, and the mail server is this machine", expected: expected)
            : .warn(
                "SMTP_TLS=none: mails and their links cross the network in clear text", expected: "encryption",
                remedy: "SMTP_TLS=starttls # or tls; then: \(remedy)")
    }

    private static func text(_ result: SMTPStageResult) -> String {
        [result.stage.rawValue + ":", result.code.map(String.init), result.detail ?? result.status.rawValue]
            .compactMap(\.self).joined(separator: " ")
    }
}
