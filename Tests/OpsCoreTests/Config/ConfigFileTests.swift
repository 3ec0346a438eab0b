import Testing

@testable import OpsCore

/// The YAML file, through the reader.
@Suite struct ConfigFileTests {
    private let folder: SettingsFolder

    init() throws { folder = try SettingsFolder() }

    private func settings(_ yaml: String) throws -> Settings {
        try folder.write("c.yaml", yaml)
        return try folder.reader(config: "c.yaml").read()
    }

    private func problems(_ yaml: String) throws -> [String] {
        try folder.write("c.yaml", yaml)
        return folder.problems(config: "c.yaml")
    }

    @Test func scalarsOfEveryKindAreRead() throws {
        let settings = try settings(
            """
            mysql_host: db.example.org   # note
            mysql_port: 3307
            mysql_password: 0123
            auto_migrate: yes
            smtp_enabled: true
            backup_dir: "a b"
            """)
        #expect(settings.database.host == "db.example.org")
        #expect(settings.database.port == 3307)
        #expect(settings.database.password == Secret("0123"))
        #expect(settings.server.autoMigrate)
        #expect(settings.mail.isEnabled)
        #expect(settings.backups.directory == "a b")
    }

    @Test(arguments: [
        "[https://a.org, https://b.org]", "\n  - https://a.org\n  - https://b.org", "https://a.org,https://b.org",
    ])
    func listMayBeWrittenAsAListOrAsText(list: String) throws {
        let origins = try settings("cors_allowed_origins: \(list)").server.corsAllowedOrigins
        #expect(origins == ["https://a.org", "https://b.org"])
    }

    @Test(arguments: ["", "\n", "# note\n", "---\n", "{}"])
    func emptyFileIsValid(yaml: String) throws {
        #expect(try settings(yaml).server.port == 7777)
    }

    @Test(arguments: ["", "~", "null", "''"])
    func nothingIsNotSet(value: String) throws {
        #expect(try settings("smtp_host: \(value)").mail.host == nil)
    }

    @Test func listWhereOneValueIsWantedIsAnError() throws {
        #expect(
            try problems("mysql_host: [a, b]") == ["MYSQL_HOST (c.yaml): a list is not valid here; give one value"])
    }

    @Test(arguments: [
        ("mysql_hots: a", "mysql_hots"), ("MYSQL_HOST: a", "MYSQL_HOST"), ("mysql:\n  host: a", "mysql.host"),
    ])
    func unknownKeyIsNamed(yaml: String, key: String) throws {
        #expect(
            try problems(yaml) == [
                "\(key) (c.yaml): no such setting; keys are the lower-cased names of the variables, such as mysql_host"
            ])
    }

    @Test func everyUnknownKeyIsReported() throws {
        #expect(try problems("b: 1\na: 2\napi_port: x").map { $0.prefix(8) } == ["a (c.yam", "b (c.yam", "API_PORT"])
    }

    @Test(
        arguments: [
            ("api_port: 1\nmysql_password: \"hunter2\n", "c.yaml:"), ("mysql_password: hunter2: x", "c.yaml:1:"),
            ("- hunter2", "c.yaml: "), ("hunter2", "c.yaml: "),
            ("mysql_password: hunter2\nmysql_password: b", "c.yaml: "),
            ("mysql_password: [[hunter2]]", "c.yaml: "),
        ])
    func malformedFileIsReportedWithoutItsContent(yaml: String, place: String) throws {
        let lines = try problems(yaml)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix(place) == true, "\(lines)")
        #expect(lines.first?.contains("not a YAML mapping of settings; write one `name: value` a line") == true)
        #expect(!lines.joined().contains("hunter2"))
    }
}
