import Foundation
import Testing

@testable import OpsCore

@Suite struct DatabaseSettingsTests {
    private let folder: SettingsFolder

    init() throws { folder = try SettingsFolder() }

    private func database(_ env: [String: String]) throws -> DatabaseSettings {
        try folder.reader(env: env).read().database
    }

    @Test func urlSetsEveryPart() throws {
        let url = "mysql://u:p%40@h:1/db?ssl-mode=required&ssl-ca=/ca"
        let expected = DatabaseSettings(
            host: "h", port: 1, database: "db", user: "u", password: Secret("p@"), tlsMode: .required, tlsCAFile: "/ca")
        #expect(try database(["DATABASE_URL": url]) == expected)
    }

    @Test(
        arguments: [
            ("MYSQL_HOST", "x"), ("MYSQL_PORT", "9"), ("MYSQL_DATABASE", "x"), ("MYSQL_USER", "x"),
            ("MYSQL_PASSWORD", "x"), ("MYSQL_SSL_MODE", "disabled"), ("MYSQL_SSL_CA", "/x"),
        ])
    func singleVariableOverridesItsPartWhereverItIsSet(name: String, value: String) throws {
        try folder.write(".env", "\(name)=\(value)")
        let url = FlagValue(flag: "--url", value: "mysql://u:p@h:1/db?ssl-mode=required&ssl-ca=/ca")
        let settings = try folder.reader(flags: ["DATABASE_URL": url]).read().database
        var expected = DatabaseSettings(
            host: "h", port: 1, database: "db", user: "u", password: Secret("p"), tlsMode: .required, tlsCAFile: "/ca")
        switch name {
        case "MYSQL_HOST": expected.host = value
        case "MYSQL_PORT": expected.port = 9
        case "MYSQL_DATABASE": expected.database = value
        case "MYSQL_USER": expected.user = value
        case "MYSQL_PASSWORD": expected.password = Secret(value)
        case "MYSQL_SSL_MODE": expected.tlsMode = .disabled
        default: expected.tlsCAFile = value
        }
        #expect(settings == expected)
    }

    @Test func badURLIsReportedWithoutAnyPartOfIt() {
        let lines = folder.problems(env: ["DATABASE_URL": "mysql://root:hunter2@db:x/sysndd"])
        #expect(
            lines == [
                "DATABASE_URL (environment): what follows the host is not a port; "
                    + "give a port from 1 to 65535, and an IPv6 address in brackets as [::1]"
            ])
    }

    @Test(
        arguments: [
            (["MYSQL_SOCKET": "/s"], "/s"), (["MYSQL_SOCKET": "/s", "MYSQL_HOST": "localhost"], "/s"),
            (["MYSQL_SOCKET": "/s", "MYSQL_HOST": "db"], nil),
            (["MYSQL_SOCKET": "/s", "DATABASE_URL": "mysql://db"], "/s"),
            (["MYSQL_HOST": "db", "DATABASE_URL": "mysql:///x?socket=/s"], nil),
            (["MYSQL_HOST": "localhost", "DATABASE_URL": "mysql:///x?socket=/s"], "/s"),
            (["MYSQL_HOST": "localhost"], nil),
        ] as [([String: String], String?)])
    func socketIsUsedUnlessAHostIsSetAtLeastAsNear(env: [String: String], socket: String?) throws {
        #expect(try database(env).socket == socket)
    }

    @Test func socketOfAFlagWinsOverAHostOfTheEnvironment() throws {
        let flags = ["MYSQL_SOCKET": FlagValue(flag: "--socket", value: "/s")]
        #expect(try folder.reader(flags: flags, env: ["MYSQL_HOST": "db"]).read().database.socket == "/s")
    }

    @Test func optionFileIsReadWhenNothingElseIsSet() throws {
        try folder.write("home/.my.cnf", "[client]\nuser=ops\npassword='p#w'\nport=3307\nssl-mode=REQUIRED\n")
        let expected = DatabaseSettings(
            port: 3307, database: "sysndd_db", user: "ops", password: Secret("p#w"), tlsMode: .required)
        #expect(try database(["API_PORT": "1"]) == expected)
    }

    @Test(
        arguments: [
            ["DATABASE_URL": "mysql://h"], ["MYSQL_DATABASE": "x"], ["MYSQL_SSL_MODE": "required"],
            ["MYSQL_PASSWORD_FILE": "pw"],
        ])
    func optionFileIsNotReadWhenAnyVariableIsSet(env: [String: String]) throws {
        try folder.write("pw", "p")
        try folder.write("home/.my.cnf", "[client]\nuser=ops\nport=3307")
        #expect(try database(env).port == 3306)
        #expect(try database(env).user == NSUserName())
    }

    @Test func optionFileIsNotReadWhenEnvFileOrConfigFileSetsAVariable() throws {
        try folder.write("home/.my.cnf", "[client]\nport=3307")
        try folder.write("c.yaml", "mysql_user: u")
        #expect(try folder.reader(config: "c.yaml").read().database.port == 3306)
        try folder.write(".env", "MYSQL_USER=u")
        #expect(try folder.reader().read().database.port == 3306)
    }

    @Test func badValueOfTheOptionFileIsReportedWithItsLine() throws {
        try folder.write("home/.my.cnf", "[client]\npassword=hunter2\nport=x")
        #expect(
            folder.problems() == [
                "MYSQL_PORT (~/.my.cnf:3): 'x' is not valid; give a whole number from 1 to 65535"
            ])
    }

    @Test func brokenOptionFileIsReportedWithItsLine() throws {
        try folder.write("home/.my.cnf", "[client")
        #expect(folder.problems() == ["~/.my.cnf:1: the group has no closing bracket; write it as [client]"])
        try FileManager.default.removeItem(atPath: folder.home + "/.my.cnf")
        try FileManager.default.createDirectory(atPath: folder.home + "/.my.cnf", withIntermediateDirectories: true)
        #expect(folder.problems() == ["~/.my.cnf: cannot be read: is a directory; check its permissions"])
    }

    @Test(
        arguments: [
            DatabaseSettings(host: "h", database: "db", user: "u", password: Secret("p@:/")),
            DatabaseSettings(host: "::1", port: 9, database: "d b", user: "u", tlsMode: .verifyCA, tlsCAFile: "/c a"),
            DatabaseSettings(
                host: "localhost", socket: "/run/m.sock", database: "db", user: "u", password: Secret("p")),
        ])
    func urlOfSettingsGivesTheSameSettings(settings: DatabaseSettings) throws {
        #expect(try database(["DATABASE_URL": settings.url(includingPassword: true)]) == settings)
    }

    @Test func urlWithoutPasswordHasNone() {
        let settings = DatabaseSettings(database: "db", user: "u", password: Secret("hunter2"))
        #expect(settings.url(includingPassword: false) == "mysql://u@127.0.0.1:3306/db")
        #expect(settings.url(includingPassword: true) == "mysql://u:hunter2@127.0.0.1:3306/db")
    }
}
