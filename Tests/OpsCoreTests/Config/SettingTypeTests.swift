import Testing

@testable import OpsCore

/// What each variable takes and refuses, through the reader, with the words that an operator sees.
@Suite struct SettingTypeTests {
    private let folder: SettingsFolder

    init() throws { folder = try SettingsFolder() }

    @Test(
        arguments: [
            ("MYSQL_PORT", "1"), ("MYSQL_PORT", " 65535 "), ("API_PORT", "0"), ("AUTO_MIGRATE", "TRUE"),
            ("AUTO_MIGRATE", "0"), ("AUTO_MIGRATE", "on"), ("SMTP_ENABLED", "no"),
            ("MYSQL_SSL_MODE", "VERIFY_IDENTITY"),
            ("MYSQL_SSL_MODE", "verify-ca"), ("SMTP_TLS", "none"), ("SMTP_FROM", "a@b"), ("MYSQL_HOST", "fe80::1%eth0"),
            ("BASE_URL", "http://localhost:8080/x"), ("CORS_ALLOWED_ORIGINS", "*"), ("DB_POOL_TIMEOUT", "31536000"),
            ("AUTH_ENDPOINT_TRUSTED_PROXY_CIDRS", "10.0.0.1, fd00::/8"),
            ("JWT_SECRET", "12345678901234567890123456789ä1"),
        ])
    func validValueIsTaken(name: String, value: String) {
        #expect(folder.problems(env: [name: value]).isEmpty)
    }

    @Test(
        arguments: [
            ("MYSQL_PORT", "0", "a whole number from 1 to 65535"),
            ("MYSQL_PORT", "65536", "a whole number from 1 to 65535"),
            ("API_PORT", "-1", "a whole number from 0 to 65535"), ("API_PORT", "80a", "a whole number from 0 to 65535"),
            ("API_PORT", "99999999999999999999", "a whole number from 0 to 65535"),
            ("SMTP_PORT", "5.5", "a whole number from 1 to 65535"),
            ("DB_POOL_TIMEOUT", "0", "a whole number of seconds from 1 to 31536000"),
            ("TOKEN_EXPIRY", "-3600", "a whole number of seconds from 1 to 31536000"),
            ("TOKEN_EXPIRY", "1h", "a whole number of seconds from 1 to 31536000"),
            ("AUTO_MIGRATE", "maybe", "true, false, 1, 0, yes, no, on or off"),
            ("SMTP_ENABLED", "2", "true, false, 1, 0, yes, no, on or off"),
            ("SMTP_TLS", "ssl", "one of none, starttls, tls"),
            ("MYSQL_SSL_MODE", "verify", "one of disabled, preferred, required, verify-ca, verify-identity"),
            ("MYSQL_HOST", "db:3306", "a host name or address without scheme, port or path"),
            ("SMTP_HOST", "smtp://mail", "a host name or address without scheme, port or path"),
            ("API_HOST", "a b", "a host name or address without scheme, port or path"),
            ("SMTP_FROM", "nobody", "a mail address such as name@example.org"),
            ("CURATOR_EMAIL", "a@b, c@d", "a mail address such as name@example.org"),
            ("BASE_URL", "sysndd.org", "a URL that begins with http:// or https:// and holds no user name"),
            ("BASE_URL", "http://", "a URL that begins with http:// or https:// and holds no user name"),
            ("BASE_URL", "http://a b", "a URL that begins with http:// or https:// and holds no user name"),
            (
                "CORS_ALLOWED_ORIGINS", "https://a.org/x",
                "* or origins such as https://example.org, separated by commas"
            ),
            ("CORS_ALLOWED_ORIGINS", "https://a.org,", "* or origins such as https://example.org, separated by commas"),
            (
                "AUTH_ENDPOINT_TRUSTED_PROXY_CIDRS", "10.0.0.0/8,nonsense",
                "addresses or networks such as 10.0.0.0/8, separated by commas"
            ),
        ])
    func badValueIsShownWithWhatWouldBeValid(name: String, value: String, expectation: String) {
        #expect(
            folder.problems(env: [name: value]) == [
                "\(name) (environment): '\(value)' is not valid; give \(expectation)"
            ])
    }

    @Test(arguments: [("JWT_SECRET", "hunter2-shorter-than-32-bytes"), ("HEARTBEAT_URL", "hunter2")])
    func badSecretIsNotShown(name: String, value: String) {
        let lines = folder.problems(env: [name: value])
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("\(name) (environment): the value (not shown) is not valid; give a") == true)
        #expect(!lines.joined().contains("hunter2"))
    }

    @Test(arguments: ["MYSQL_HOST", "MYSQL_PORT", "BASE_URL"])
    func databaseURLInTheWrongVariableIsNotShown(name: String) {
        let lines = folder.problems(env: [name: "mysql://root:hunter2@db/sysndd"])
        #expect(lines.count == 1)
        #expect(!lines.joined().contains("hunter2"))
    }

    @Test func badValueStaysOnOneShortLine() {
        let lines = folder.problems(env: ["API_PORT": "1\n2\u{1b}[31m" + String(repeating: "x", count: 500)])
        #expect(lines.count == 1)
        #expect(lines.first?.contains("'1?2?[31mxxx") == true && lines.first?.count ?? 0 < 200)
    }

    @Test func serviceLinkOfKubernetesIsExplained() {
        #expect(
            folder.problems(env: ["MYSQL_PORT": "tcp://10.0.0.9:3306"]) == [
                "MYSQL_PORT (environment): 'tcp://10.0.0.9:3306' is not valid; give a whole number from 1 to 65535 "
                    + "(Kubernetes sets it for a service of that name: enableServiceLinks: false)"
            ])
    }
}
