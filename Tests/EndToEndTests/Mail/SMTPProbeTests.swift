import DevStack
import Foundation
import OpsCore
import TestSupport
import Testing

/// `smtp-test` against servers with one fault each: stage, exit code and hint name it, nothing is ever sent, and the
/// password shows nowhere.
@Suite struct SMTPProbeTests {
    static let password = "pass-77ab-secret"
    static let encoded = Data("\0app\0\(password)".utf8).base64EncodedString()

    /// One server and what has to be found out about it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var options: [String: any Sendable] = [:]
        var certificate: MailCertificates.Kind?
        var security = "none"
        var user: String?
        var stage: String
        var exit: Int32
        var hint: String
        var code: Int?
    }

    static let ehlo = ["ehlo": ["AUTH PLAIN LOGIN"]]
    static let starttls = ["ehlo": ["STARTTLS"], "ehlo2": ["AUTH PLAIN"]]

    static func with(_ more: [String: any Sendable], _ base: [String: any Sendable]) -> [String: any Sendable] {
        base.merging(more) { $1 }
    }

    private static let cases: [Case] = [
        Case(
            testDescription: "black hole", options: ["blackhole": true], stage: "connect", exit: 11, hint: "firewall"),
        Case(
            testDescription: "another protocol", options: ["banner": "SSH-2.0-OpenSSH_9.2"], stage: "banner", exit: 12,
            hint: "another service"),
        Case(
            testDescription: "554 at connect", options: ["banner": "554 5.7.1 blocked"], stage: "banner", exit: 12,
            hint: "rejects this machine", code: 554),
        Case(
            testDescription: "421 at connect", options: ["banner": "421 4.3.2 too busy"], stage: "banner", exit: 17,
            hint: "temporary", code: 421),
        Case(
            testDescription: "silent, as a TLS port is", options: ["hang": "BANNER"], stage: "banner", exit: 12,
            hint: "SMTP_TLS=tls"),
        Case(
            testDescription: "TLS on a clear port", security: "tls", stage: "tls", exit: 13, hint: "SMTP_TLS=starttls"),
        Case(
            testDescription: "clear text on a TLS port", options: ["tls": true], certificate: .good, stage: "banner",
            exit: 12, hint: "SMTP_TLS=tls"),
        Case(testDescription: "no STARTTLS", options: ehlo, security: "starttls", stage: "tls", exit: 13, hint: "587"),
        Case(
            testDescription: "starttls in small letters", options: ["ehlo": ["starttls"]], security: "starttls",
            stage: "tls", exit: 13, hint: "capitals"),
        Case(
            testDescription: "auth in small letters", options: ["ehlo": ["auth plain"]], user: "app", stage: "auth",
            exit: 14, hint: "capitals"),
        Case(
            testDescription: "no AUTH", options: ["ehlo": ["SIZE 1"]], user: "app", stage: "auth", exit: 14,
            hint: "SMTP_USER"),
        Case(
            testDescription: "AUTH refused", options: with(["replies": ["AUTH": "535 5.7.8 bad"]], ehlo), user: "app",
            stage: "auth", exit: 14, hint: "SMTP_PASSWORD", code: 535),
        Case(
            testDescription: "AUTH refused for now", options: with(["replies": ["AUTH": "454 4.7.0 later"]], ehlo),
            user: "app", stage: "auth", exit: 17, hint: "temporary", code: 454),
        Case(
            testDescription: "MAIL refused", options: ["replies": ["MAIL": "550 5.7.60 not yours"]], stage: "mail",
            exit: 15, hint: "SMTP_FROM", code: 550),
        Case(
            testDescription: "RCPT refused", options: ["replies": ["RCPT": "550 5.1.1 no such user"]], stage: "rcpt",
            exit: 15, hint: "does not take this recipient", code: 550),
        Case(
            testDescription: "relay denied", options: ["replies": ["RCPT": "554 5.7.1 Relay access denied"]],
            stage: "rcpt", exit: 15, hint: "relay denied", code: 554),
        Case(
            testDescription: "greylisting", options: ["replies": ["RCPT": "451 4.7.1 greylisted"]], stage: "rcpt",
            exit: 17, hint: "greylisting", code: 451),
        Case(
            testDescription: "expired", options: starttls, certificate: .expired, security: "starttls", stage: "tls",
            exit: 13, hint: "certificate"),
        Case(
            testDescription: "not yet valid", options: starttls, certificate: .early, security: "starttls",
            stage: "tls", exit: 13, hint: "certificate"),
        Case(
            testDescription: "self-signed", options: ["tls": true], certificate: .selfSigned, security: "tls",
            stage: "tls", exit: 13, hint: "--ca-file"),
        Case(
            testDescription: "another host's", options: starttls, certificate: .stranger, security: "starttls",
            stage: "tls", exit: 13, hint: "name"),
    ]

    private static let drops: [(String, String, Int32)] = [
        ("BANNER", "banner", 12), ("EHLO", "ehlo", 12), ("STARTTLS", "tls", 13), ("TLS", "tls", 13),
        ("EHLO2", "ehlo2", 12), ("AUTH", "auth", 14), ("MAIL", "mail", 15), ("RCPT", "rcpt", 15),
    ]

    /// A dropped connection is told as the stage at which it was.
    private static let dropped = drops.map { verb, stage, exit in
        Case(
            testDescription: "dropped at \(verb)", options: with(["drop": verb], starttls), certificate: .good,
            security: "starttls", user: "app", stage: stage, exit: exit, hint: "")
    }

    private static let hanging = ["EHLO", "AUTH", "MAIL", "RCPT"].map { verb in
        Case(
            testDescription: "hangs at \(verb)", options: with(["hang": verb], ehlo), user: "app",
            stage: verb.lowercased(), exit: ["EHLO": 12, "AUTH": 14][verb] ?? 15, hint: "")
    }

    @Test(arguments: cases + dropped + hanging)
    func theFaultIsNamed(_ trial: Case) async throws {
        try await TestFolder.with { folder in
            let certificates = try await MailCertificates.make(in: folder)
            let options = trial.options.merging(trial.certificate.map(certificates.options) ?? [:]) { $1 }
            try await MailServer.with(.scripted, options) { server in
                let tool = Self.tool(server.port, trial.security, user: trial.user)
                let outcome = try await tool.run(
                    "smtp-test", "--format", "json", "--verbose", "--timeout", "3", "--ca-file", certificates.authority)
                try Self.check(outcome, trial)
                #expect(try server.events.allSatisfy { $0.event != "message" && $0.line?.uppercased() != "DATA" })
            }
        }
    }

    static func tool(_ port: Int, _ security: String, user: String? = nil) -> Tool {
        var environment = [
            "SMTP_HOST": "localhost", "SMTP_PORT": "\(port)", "SMTP_TLS": security, "SMTP_FROM": "app@example.org",
            "CURATOR_EMAIL": "curator@example.org",
        ]
        if let user { environment.merge(["SMTP_USER": user, "SMTP_PASSWORD": password]) { $1 } }
        return Tool(environment: environment)
    }

    private static func check(_ outcome: Tool.Outcome, _ trial: Case) throws {
        #expect(outcome.exitCode == trial.exit, "\(outcome.output)\(outcome.errorOutput)")
        let report = try outcome.json()
        let stages = try #require(report["stages"] as? [[String: Any]])
        let failed = stages.filter { $0["status"] as? String == "fail" }
        #expect(failed.map { $0["stage"] as? String } == [trial.stage], "\(outcome.output)")
        #expect(report["success"] as? Bool == false && report["error"] is String)
        if !trial.hint.isEmpty {
            #expect((failed.first?["hint"] as? String)?.contains(trial.hint) == true, "\(outcome.output)")
        }
        #expect(failed.first?["code"] as? Int == trial.code, "\(outcome.output)")
        for text in [outcome.output, outcome.errorOutput] {
            #expect(!text.contains(password) && !text.contains(encoded))
        }
    }

    @Test func aGoodServerPassesEveryStageAndGetsNoMessage() async throws {
        try await TestFolder.with { folder in
            let certificates = try await MailCertificates.make(in: folder)
            let account = ["tls": "starttls", "user": "app", "password": Self.password]
            let options = certificates.options(.good).merging(account) { $1 }
            try await MailServer.with(.receiving, options) { server in
                let tool = Self.tool(server.port, "starttls", user: "app")
                let dry = try await tool.run("smtp-test", "--format", "json", "--ca-file", certificates.authority)
                #expect(dry.exitCode == 0, "\(dry.output)\(dry.errorOutput)")
                let report = try dry.json()
                let stages = try #require(report["stages"] as? [[String: Any]])
                let status = stages.map { "\($0["stage"] ?? "") \($0["status"] ?? "")" }
                #expect(
                    status == [
                        "config pass", "dns pass", "connect pass", "banner pass", "ehlo pass", "tls pass", "ehlo2 pass",
                        "auth pass", "mail pass", "rcpt pass", "data skip", "quit pass",
                    ])
                #expect(stages.allSatisfy { Set($0.keys) == ["stage", "status", "ms", "code", "detail", "hint"] })
                #expect(report["error"] is NSNull && report["host"] as? String == "localhost")
                let certificate = try #require(report["certificate"] as? [String: Any])
                #expect(certificate["names"] as? [String] == ["localhost"])
                #expect([28, 29, 30].contains(certificate["days_left"] as? Int))
                let own = try #require((certificate["chain"] as? [[String: Any]])?.first)
                for name in ["not_before", "not_after"] {
                    let text = try #require(own[name] as? String, "\(own)")
                    #expect((try? Date(text, strategy: .iso8601)) != nil, "\(text)")
                }
                #expect(try server.events.allSatisfy { $0.event != "DATA" })

                let sent = try await tool.run(
                    "smtp-test", "--send", "--to", "ada@example.org", "--ca-file", certificates.authority)
                #expect(sent.exitCode == 0 && sent.output.contains("the message was sent"), "\(sent.output)")
                #expect(try server.events.compactMap(\.recipients) == [["ada@example.org"]])
            }
        }
    }

    /// What a real server does when it is set up otherwise than expected.
    private static let againstReal: [Case] = [
        Case(
            testDescription: "wrong password", options: ["user": "app", "password": "another"], user: "app",
            stage: "auth", exit: 14, hint: "SMTP_PASSWORD", code: 535),
        Case(
            testDescription: "sign-in demanded", options: ["user": "app", "password": "another"], stage: "mail",
            exit: 15, hint: "wants a sign-in first", code: 530),
        Case(
            testDescription: "sign-in where there are no accounts", user: "app", stage: "auth", exit: 14,
            hint: "SMTP_USER", code: 535),
        Case(
            testDescription: "STARTTLS demanded", options: ["tls": "starttls"], certificate: .good, stage: "mail",
            exit: 15, hint: "SMTP_TLS=starttls", code: 530),
        Case(testDescription: "STARTTLS not offered", security: "starttls", stage: "tls", exit: 13, hint: "587"),
        Case(
            testDescription: "recipient refused", options: ["refused": ["curator@example.org"]], stage: "rcpt",
            exit: 15, hint: "does not take this recipient", code: 550),
        Case(
            testDescription: "TLS on a clear port", security: "tls", stage: "tls", exit: 13, hint: "SMTP_TLS=starttls"),
        Case(
            testDescription: "clear text on a TLS port", options: ["tls": "tls"], certificate: .good, stage: "banner",
            exit: 12, hint: "SMTP_TLS=tls"),
    ]

    private static let realCertificates: [Case] = ["starttls", "tls"].flatMap { security in
        [
            (MailCertificates.Kind.expired, "certificate"), (.early, "certificate"), (.selfSigned, "--ca-file"),
            (.stranger, "name"),
        ].map { kind, hint in
            Case(
                testDescription: "\(kind) with \(security)", options: ["tls": security], certificate: kind,
                security: security, stage: "tls", exit: 13, hint: hint)
        }
    }

    @Test(arguments: againstReal + realCertificates)
    func theFaultOfARealServerIsNamed(_ trial: Case) async throws {
        try await TestFolder.with { folder in
            let certificates = try await MailCertificates.make(in: folder)
            let options = trial.options.merging(trial.certificate.map(certificates.options) ?? [:]) { $1 }
            try await MailServer.with(.receiving, options) { server in
                let outcome = try await Self.tool(server.port, trial.security, user: trial.user).run(
                    "smtp-test", "--format", "json", "--verbose", "--timeout", "3", "--ca-file", certificates.authority)
                try Self.check(outcome, trial)
                #expect(try server.events.allSatisfy { $0.event != "DATA" })
            }
        }
    }
}
