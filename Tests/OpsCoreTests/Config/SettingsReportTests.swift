import Foundation
import Testing

@testable import OpsCore

@Suite struct SettingsReportTests {
    private let folder: SettingsFolder

    init() throws { folder = try SettingsFolder() }

    private func item(_ name: String, _ report: SettingsReport) throws -> SettingsReport.Item {
        try #require(report.settings.first { $0.name == name })
    }

    @Test func everyVariableIsListedWithItsSource() throws {
        try folder.write(".env", "# note\nMAX_BACKUPS=7")
        try folder.write("c.yaml", "backup_dir: b")
        try folder.write("workers", "3")
        let flags = ["API_PORT": FlagValue(flag: "--port", value: "8080")]
        let env = ["DATABASE_URL": "mysql://u@h/db", "API_WORKERS_FILE": "workers"]
        let report = try folder.reader(flags: flags, env: env, config: "c.yaml").report()
        #expect(report.settings.map(\.name) == SettingKey.all.map(\.name))
        let expected = [
            ("API_PORT", "8080", "flag --port"), ("MAX_BACKUPS", "7", ".env:2"), ("BACKUP_DIR", "b", "c.yaml"),
            ("MYSQL_HOST", "h", "DATABASE_URL (environment)"), ("MYSQL_PORT", "3306", "default"),
            ("SMTP_HOST", nil, "not set"), ("API_WORKERS", "3", "file workers of API_WORKERS_FILE (environment)"),
        ]
        for (name, value, source) in expected {
            #expect(
                try item(name, report) == SettingsReport.Item(name: name, value: value, source: source, secret: false))
        }
    }

    @Test func noSecretIsShownInAnyForm() throws {
        try folder.write("pw", "hunter2")
        let env = [
            "DATABASE_URL": "mysql://root:hunter2@h/db", "SMTP_PASSWORD_FILE": "pw", "PASSWORD_SALT": "hunter2",
            "JWT_SECRET": String(repeating: "hunter2", count: 5), "HEARTBEAT_URL": "https://hc.org/hunter2",
            "NOTIFY_WEBHOOK_URL": "https://hooks.org/hunter2", "MYSQL_DATABASE": "mysql://root:hunter2@h/db",
        ]
        let report = try folder.reader(env: env).report()
        let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(!json.contains("hunter2") && !report.text.contains("hunter2") && !"\(report)".contains("hunter2"))
        #expect(try item("DATABASE_URL", report).value == "mysql://root:<redacted>@h/db")
        #expect(try item("MYSQL_PASSWORD", report).value == "<redacted>")
        #expect(try item("MYSQL_PASSWORD", report).secret)
        #expect(try item("JWT_SECRET", report).value == "<redacted>")
        #expect(try item("MYSQL_DATABASE", report).value == "<redacted>")
    }

    @Test func missingValueIsNullInJSON() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let report = try folder.reader().report()
        let json = String(decoding: try encoder.encode(report), as: UTF8.self)
        #expect(json.contains(#"{"name":"SMTP_HOST","secret":false,"source":"not set","value":null}"#))
        #expect(try JSONDecoder().decode(SettingsReport.self, from: Data(json.utf8)) == report)
    }

    @Test func textIsAligned() throws {
        let lines = try folder.reader(env: ["BACKUP_DIR": "b"]).report().text.split(separator: "\n")
        #expect(lines.count == SettingKey.all.count)
        let columns = Set(lines.compactMap { $0.range(of: "default")?.lowerBound.utf16Offset(in: $0) })
        #expect(columns.count == 1)
        #expect(lines.contains { $0.hasPrefix("BACKUP_DIR ") && $0.hasSuffix("environment") })
    }

    @Test func badValueIsAnErrorInsteadOfAReport() {
        #expect(throws: SettingsError.self) { try folder.reader(env: ["API_PORT": "x"]).report() }
    }
}
