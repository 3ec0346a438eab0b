import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Checks of secrets and encryption that need no server, each proven both ways.
@Suite struct SecurityCheckTests {
    private static let strong = "nWq8-rTz3_kLp6Bv"

    /// Runs one check in a folder with those files.
    private func run(
        _ id: String, files: [String: String] = [:], environment: [String: String] = [:],
        prepare: (String) throws -> Void = { _ in }
    ) async throws -> CheckResult {
        try await TestFolder.with(files: files) { folder in
            try prepare(folder)
            let reader = SettingsReader(environment: environment, workingDirectory: folder, homeDirectory: folder)
            let context = PreflightContext(PreflightOptions(settings: reader.inspect()))
            let report = try await Preflight(context, checks: Preflight.allChecks).run(CheckSelection(only: [id]))
            return try #require(report.checks.first)
        }
    }

    private func setMode(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test func completeSettingsWithStrongSecretsPass() async throws {
        let files = [".env": "MYSQL_PASSWORD=\(Self.strong)\nOTHER=1\n", ".env.example": "MYSQL_PASSWORD=\nOTHER=\n"]
        let result = try await run("SEC-306", files: files)
        #expect(result.status == .pass, "\(result.observed)")
        #expect(try await run("SEC-306").status == .pass)
    }

    @Test func missingAndUnknownNamesAreWarnings() async throws {
        let files = [
            ".env": "MYSQL_PASWORD=x1\nMYSQL_PASSWORD_FILE=p\n", ".env.example": "MYSQL_PASSWORD=\nTHEME=dark\n",
        ]
        let result = try await run("SEC-306", files: files) {
            try Self.strong.write(toFile: $0 + "/p", atomically: true, encoding: .utf8)
        }
        #expect(result.observed.contains("in the example, but not here: THEME"))
        #expect(result.observed.contains("unknown, perhaps misspelt: MYSQL_PASWORD"))
        let good = files.merging([".env": "MYSQL_PASSWORD_FILE=p\nTHEME=dark\n"]) { $1 }
        let pass = try await run("SEC-306", files: good) {
            try Self.strong.write(toFile: $0 + "/p", atomically: true, encoding: .utf8)
        }
        #expect(pass.status == .pass, "\(pass.observed)")
    }

    @Test(arguments: [
        ("MYSQL_PASSWORD=ChangeMe-please-1", "placeholder"), ("MYSQL_PASSWORD=<password>", "placeholder"),
        ("MYSQL_PASSWORD=your_password_here", "placeholder"), ("MYSQL_PASSWORD=K7example-of-it", "placeholder"),
        ("MYSQL_PASSWORD=Ab3$x", "short"), ("MYSQL_PASSWORD=password12345", "short"),
        ("MYSQL_PASSWORD=aaaaaaaaaaaaaaaa", "short"), ("MYSQL_ROOT_PASSWORD=root", "short"),
        (
            "MYSQL_PASSWORD=nWq8-rTz3_kLp6Bv\nSMTP_PASSWORD=nWq8-rTz3_kLp6Bv",
            "equal to each other: MYSQL_PASSWORD, SMTP_PASSWORD"
        ),
        ("JWT_SECRET=short", "JWT_SECRET"), ("MYSQL_PORT=many", "MYSQL_PORT"), ("SMTP_TLS=maybe", "SMTP_TLS"),
    ])
    func badValuesFailAndAreNotShown(_ line: String, _ word: String) async throws {
        let result = try await run("SEC-306", files: [".env": line + "\n"])
        #expect(result.status == .fail, "\(line): \(result.observed)")
        #expect(result.observed.contains(word), "\(result.observed)")
        for part in line.split(separator: "\n") where part.contains("PASSWORD") || part.contains("SECRET") {
            let value = part.split(separator: "=")[1]
            #expect(!"\(result)".contains("=\(value)") && !result.observed.contains(": \(value)"))
        }
    }

    @Test func secretFilesMustBePrivate() async throws {
        let files = [".env": "MYSQL_PASSWORD_FILE=secret\n", "secret": Self.strong]
        let open = try await run("SEC-307", files: files) { folder in
            try setMode(0o600, folder + "/.env")
            try setMode(0o640, folder + "/secret")
        }
        #expect(open.status == .fail)
        #expect(open.observed.contains("/secret (640)"))
        #expect(open.remedy?.hasPrefix("chmod 600 '/") == true)
        let closed = try await run("SEC-307", files: files) { folder in
            for name in files.keys { try setMode(0o600, folder + "/" + name) }
        }
        #expect(closed.status == .pass, "\(closed.observed)")
        #expect(try await run("SEC-307").status == .skip)
    }

    @Test func aVariableAndItsFileAreSetTwice() async throws {
        let files = [".env": "MYSQL_PASSWORD_FILE=secret\n", "secret": Self.strong]
        let twice = try await run("SEC-308", files: files, environment: ["MYSQL_PASSWORD": "x"])
        #expect(twice.status == .fail)
        #expect(twice.observed == "set twice: MYSQL_PASSWORD")
        #expect(try await run("SEC-308", files: files).status == .pass)
    }

    @Test func theSigningKeyHasThirtyTwoBytes() async throws {
        func status(_ key: String?) async throws -> CheckStatus {
            try await run("SEC-309", environment: key.map { ["JWT_SECRET": $0] } ?? [:]).status
        }
        #expect(try await status(String(repeating: "k", count: 31)) == .fail)
        #expect(try await status(String(repeating: "k", count: 32)) == .pass)
        #expect(try await status(nil) == .skip)
    }

    @Test func aPublicAddressNeedsTLSInFront() async throws {
        func status(_ host: String, base: String? = nil) async throws -> CheckStatus {
            var environment = ["API_HOST": host]
            environment["BASE_URL"] = base
            return try await run("SEC-310", environment: environment).status
        }
        #expect(try await status("127.0.0.1") == .pass)
        #expect(try await status("::1") == .pass)
        #expect(try await status("192.168.7.7") == .warn)
        #expect(try await status("203.0.113.5") == .fail)
        #expect(try await status("2001:db8::1") == .fail)
        #expect(try await status("203.0.113.5", base: "http://a.example") == .fail)
        #expect(try await status("203.0.113.5", base: "https://a.example") == .pass)
    }

    @Test func encryptionIsJudgedByWayAndByDays() {
        func status(_ cipher: String, local: Bool = false, mode: TLSMode = .verifyIdentity, days: Int? = 90)
            -> CheckStatus
        {
            SecurityChecks.Encryption.judge(.init(isLocal: local, cipher: cipher, mode: mode, daysLeft: days)).status
        }
        #expect(status("TLS_AES_256_GCM_SHA384") == .pass)
        #expect(status("") == .fail)
        #expect(status("", local: true) == .pass)
        #expect(status("TLS_AES_256_GCM_SHA384", mode: .preferred) == .warn)
        #expect(status("TLS_AES_256_GCM_SHA384", days: 30) == .warn)
        #expect(status("TLS_AES_256_GCM_SHA384", days: 7) == .fail)
        #expect(status("TLS_AES_256_GCM_SHA384", days: -1) == .fail)
        #expect(status("TLS_AES_256_GCM_SHA384", days: nil) == .pass)
    }

    @Test func timesOfCertificatesAreRead() throws {
        let time = try Date("2036-11-05T10:00:00Z", strategy: .iso8601)
        #expect(CertificateTime.parse("Nov  5 10:00:00 2036 GMT") == time)
        #expect(CertificateTime.parse("Brumaire 5 10:00:00 2036 GMT") == nil)
        #expect(CertificateTime.parse("") == nil)
    }

    @Test func accountsAreJudged() {
        typealias Accounts = SecurityChecks.Accounts
        #expect(Accounts.judge(.init(withoutPassword: [], anonymous: [], remoteRoot: [])).status == .pass)
        let all = Accounts.judge(
            .init(withoutPassword: ["''@'h'", "'a'@'%'"], anonymous: ["''@'h'"], remoteRoot: ["'root'@'%'"]))
        #expect(all.status == .fail)
        #expect(all.remedy?.split(separator: "\n").count == 3)
    }
}
