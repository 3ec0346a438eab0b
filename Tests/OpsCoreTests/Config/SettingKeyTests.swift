import Foundation
import Testing

@testable import OpsCore

@Suite struct SettingKeyTests {
    @Test func tableHoldsEveryDocumentedVariableOnce() {
        let documented = """
            DATABASE_URL MYSQL_HOST MYSQL_PORT MYSQL_SOCKET MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD MYSQL_SSL_MODE
            MYSQL_SSL_CA DB_POOL_SIZE DB_POOL_TIMEOUT MIGRATIONS_DIR BACKUP_DIR MAX_BACKUPS BACKUP_SCHEDULE SMTP_HOST
            SMTP_PORT SMTP_TLS SMTP_USER SMTP_PASSWORD SMTP_FROM SMTP_ENABLED CURATOR_EMAIL API_HOST API_PORT API_WORKERS AUTO_MIGRATE
            BASE_URL CORS_ALLOWED_ORIGINS JWT_SECRET TOKEN_EXPIRY PASSWORD_RESET_EXPIRY PASSWORD_SALT
            AUTH_ENDPOINT_PER_CALLER_MAX AUTH_ENDPOINT_WINDOW_SECONDS AUTH_ENDPOINT_TRUSTED_PROXY_CIDRS
            NOTIFY_WEBHOOK_URL HEARTBEAT_URL NOTIFY_EMAIL PREFLIGHT_DATABASE_URL
            """
        #expect(SettingKey.all.map(\.name) == documented.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    @Test func secretsAreMarked() {
        let secrets = SettingKey.all.filter(\.isSecret).map(\.name)
        #expect(
            secrets == [
                "DATABASE_URL", "MYSQL_PASSWORD", "SMTP_PASSWORD", "JWT_SECRET", "PASSWORD_SALT", "NOTIFY_WEBHOOK_URL",
                "HEARTBEAT_URL", "PREFLIGHT_DATABASE_URL",
            ])
    }

    @Test func everyVariableIsConvertedByItsSettings() {
        var bad: [String: String] = [:]
        for key in SettingKey.all { bad[key.name] = "a b\u{7}" }
        // Any text will do for a password; the account of preflight is read by preflight alone.
        let free = ["MYSQL_PASSWORD", "SMTP_PASSWORD", "PASSWORD_SALT", "PREFLIGHT_DATABASE_URL"]
        let error = #expect(throws: SettingsError.self) {
            try SettingsReader(environment: bad, workingDirectory: "/nowhere", homeDirectory: "/nowhere").read()
        }
        let named = Set(error?.problems.compactMap(\.variable) ?? [])
        #expect(named == Set(SettingKey.all.map(\.name)).subtracting(free))
        #expect(error?.problems.count == named.count)
    }

    @Test func defaultsAreThoseOfTheDocumentation() throws {
        let settings = try SettingsReader(environment: [:], workingDirectory: "/nowhere", homeDirectory: "/nowhere")
            .read()
        #expect(settings.database == DatabaseSettings(database: "sysndd_db", user: NSUserName()))
        #expect(settings.pool == PoolSettings())
        #expect(settings.migrations == MigrationSettings())
        #expect(settings.backups == BackupSettings())
        #expect(settings.mail == MailSettings())
        #expect(settings.server == ServerSettings())
        #expect(settings.auth == AuthSettings())
        #expect(settings.notices == NoticeSettings(mail: MailSettings()))
    }
}
