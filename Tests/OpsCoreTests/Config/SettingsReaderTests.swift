import Foundation
import Testing

@testable import OpsCore

@Suite struct SettingsReaderTests {
    private let folder: SettingsFolder

    init() throws { folder = try SettingsFolder() }

    /// The port that each place sets, from the one that wins to the one that loses.
    private static let ports: [(place: String, port: Int)] = [
        ("flag", 1), ("environment", 2), (".env", 3), ("config", 4), ("default", 7777),
    ]

    private func port(setBy places: Set<String>) throws -> Int {
        try folder.write(".env", places.contains(".env") ? "API_PORT=3" : "")
        try folder.write("c.yaml", places.contains("config") ? "api_port: 4" : "")
        let flags = places.contains("flag") ? ["API_PORT": FlagValue(flag: "--port", value: "1")] : [:]
        let env = places.contains("environment") ? ["API_PORT": "2"] : [:]
        return try folder.reader(flags: flags, env: env, config: "c.yaml").read().server.port
    }

    @Test func earlierPlaceWinsOverEveryLaterOne() throws {
        for (index, winner) in Self.ports.enumerated() {
            for loser in Self.ports[(index + 1)...] {
                #expect(try port(setBy: [winner.place, loser.place]) == winner.port, "\(winner) over \(loser)")
            }
        }
        #expect(try port(setBy: ["default"]) == 7777)
    }

    @Test func everyPlaceIsNamedInErrors() throws {
        try folder.write(".env", "\nAPI_WORKERS=x")
        try folder.write("c.yaml", "max_backups: x")
        let flags = ["API_PORT": FlagValue(flag: "--port", value: "x")]
        #expect(
            folder.problems(flags: flags, env: ["DB_POOL_SIZE": "x"], config: "c.yaml") == [
                "DB_POOL_SIZE (environment): 'x' is not valid; give a whole number from 1 to 10000",
                "MAX_BACKUPS (c.yaml): 'x' is not valid; give a whole number from 1 to 1000000",
                "API_PORT (flag --port): 'x' is not valid; give a whole number from 0 to 65535",
                "API_WORKERS (.env:2): 'x' is not valid; give a whole number from 1 to 1024",
            ])
    }

    @Test func emptyVariableIsNotSetButEmptyFlagIsAValue() throws {
        try folder.write(".env", "API_PORT=3")
        #expect(try folder.reader(env: ["API_PORT": ""]).read().server.port == 3)
        #expect(
            folder.problems(flags: ["API_PORT": FlagValue(flag: "--port", value: "")]) == [
                "API_PORT (flag --port): '' is not valid; give a whole number from 0 to 65535"
            ])
        #expect(folder.problems(flags: ["BACKUP_DIR": FlagValue(flag: "--dir", value: "")]).count == 1)
    }

    @Test func explicitEnvFileReplacesTheOneOfTheFolder() throws {
        try folder.write(".env", "API_PORT=3\nMAX_BACKUPS=3")
        try folder.write("other.env", "API_PORT=4")
        let settings = try folder.reader(envFile: "other.env").read()
        #expect(settings.server.port == 4)
        #expect(settings.backups.maxBackups == 60)
        #expect(try folder.reader(envFile: folder.path + "/other.env").read().server.port == 4)
    }

    @Test func fileThatAFlagNamesMustExist() {
        #expect(
            folder.problems(envFile: "no.env", config: "no.yaml") == [
                "--env-file (no.env): cannot be read: no such file or directory; check the path and its permissions",
                "--config (no.yaml): cannot be read: no such file or directory; check the path and its permissions",
            ])
    }

    @Test func envFileThatIsNoTextFileIsAnError() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/.env", withIntermediateDirectories: true)
        #expect(
            folder.problems() == [".env: cannot be read: is a directory; check the path and its permissions"])
        try FileManager.default.removeItem(atPath: folder.path + "/.env")
        try Data([0x41, 0x3d, 0xff]).write(to: URL(fileURLWithPath: folder.path + "/.env"))
        #expect(
            folder.problems() == [
                ".env: cannot be read: the file is not UTF-8 text; check the path and its permissions"
            ])
        try folder.write(".env", String(repeating: "#", count: SettingsFile.maximumBytes + 1))
        #expect(folder.problems().first?.contains("larger than 1048576 bytes") == true)
    }

    @Test func malformedEnvFileDoesNotHideOtherProblems() throws {
        try folder.write(".env", "nonsense")
        #expect(
            folder.problems(env: ["API_PORT": "x"]).map { $0.prefix(8) } == [".env:1: ", "API_PORT"])
    }

    @Test func flagOfNoSettingIsAnError() {
        let flags = ["API_PROT": FlagValue(flag: "--prot", value: "1")]
        #expect(folder.problems(flags: flags) == ["API_PROT (flag --prot): no such setting; leave it out"])
    }

    @Test func everySettingReachesItsPlace() throws {
        let settings = try folder.reader(env: [
            "DB_POOL_SIZE": "7", "DB_POOL_TIMEOUT": "8", "MIGRATIONS_DIR": "m", "BACKUP_DIR": "b", "MAX_BACKUPS": "9",
            "SMTP_HOST": "mail", "SMTP_PORT": "25", "SMTP_TLS": "TLS", "SMTP_USER": "su", "SMTP_PASSWORD": "sp",
            "SMTP_FROM": "SysNDD <a@b.org>", "SMTP_ENABLED": "off", "CURATOR_EMAIL": "c@d.org", "API_HOST": "::",
            "API_PORT": "0", "API_WORKERS": "3", "AUTO_MIGRATE": "Yes", "BASE_URL": "https://x.org/app/",
            "CORS_ALLOWED_ORIGINS": "https://a.org, http://localhost:5173", "TOKEN_EXPIRY": "10",
            "JWT_SECRET": String(repeating: "k", count: 32), "PASSWORD_RESET_EXPIRY": "11", "PASSWORD_SALT": "salt",
            "AUTH_ENDPOINT_PER_CALLER_MAX": "12", "AUTH_ENDPOINT_WINDOW_SECONDS": "13",
            "AUTH_ENDPOINT_TRUSTED_PROXY_CIDRS": "10.0.0.0/8,::1", "NOTIFY_WEBHOOK_URL": "https://u:p@n.org/x",
            "HEARTBEAT_URL": "https://h.org", "NOTIFY_EMAIL": "ops@n.org",
        ]).read()
        #expect(settings.pool == PoolSettings(maximumConnections: 7, waitTimeout: .seconds(8)))
        #expect(settings.migrations.directory == "m")
        #expect(settings.backups == BackupSettings(directory: "b", maxBackups: 9))
        #expect(
            settings.mail
                == MailSettings(
                    host: "mail", port: 25, security: .tls, user: "su", password: Secret("sp"),
                    sender: "SysNDD <a@b.org>", isEnabled: false, curatorAddress: "c@d.org"))
        #expect(
            settings.server
                == ServerSettings(
                    host: "::", port: 0, workers: 3, autoMigrate: true, baseURL: "https://x.org/app",
                    corsAllowedOrigins: ["https://a.org", "http://localhost:5173"]))
        #expect(
            settings.auth
                == AuthSettings(
                    jwtSecret: Secret(String(repeating: "k", count: 32)), tokenExpiry: .seconds(10),
                    passwordResetExpiry: .seconds(11), passwordSalt: Secret("salt"), attemptMaximum: 12,
                    attemptWindow: .seconds(13), trustedProxies: ["10.0.0.0/8", "::1"].compactMap(IPNetwork.init)))
        #expect(
            settings.notices
                == NoticeSettings(
                    webhookURL: Secret("https://u:p@n.org/x"), heartbeatURL: Secret("https://h.org"),
                    mailAddress: "ops@n.org", mail: settings.mail))
    }
}
