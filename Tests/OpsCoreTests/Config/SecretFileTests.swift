import Foundation
import Testing

@testable import OpsCore

/// `X_FILE` in the place of `X`.
@Suite struct SecretFileTests {
    private let folder: SettingsFolder

    init() throws { folder = try SettingsFolder() }

    @Test(
        arguments: [
            ("pw", "pw"), ("pw\n", "pw"), ("pw\r\n", "pw"), ("pw\n\n", "pw\n"), (" pw ", " pw "), ("a\nb\n", "a\nb"),
        ])
    func contentIsTheValueWithoutOneNewline(content: String, value: String) throws {
        try folder.write("pw", content)
        #expect(try folder.reader(env: ["MYSQL_PASSWORD_FILE": "pw"]).read().database.password?.exposed == value)
    }

    @Test func everyPlaceMayNameTheFile() throws {
        try folder.write("port", "99\n")
        try folder.write("c.yaml", "api_port_file: port")
        #expect(try folder.reader(config: "c.yaml").read().server.port == 99)
        try folder.write(".env", "API_PORT_FILE=\(folder.path)/port")
        #expect(try folder.reader().read().server.port == 99)
        let flags = ["API_PORT_FILE": FlagValue(flag: "--port-file", value: "port")]
        try folder.write(".env", "")
        #expect(try folder.reader(flags: flags).read().server.port == 99)
    }

    @Test func databaseURLMayComeFromAFile() throws {
        try folder.write("url", "mysql://u:hunter2@h/db\n")
        let settings = try folder.reader(env: ["DATABASE_URL_FILE": "url"]).read().database
        #expect(settings.host == "h")
        #expect(settings.password == Secret("hunter2"))
    }

    @Test func bothIsAnErrorThatNamesBothPlaces() throws {
        try folder.write("pw", "hunter2")
        try folder.write(".env", "MYSQL_PASSWORD=hunter2")
        #expect(
            folder.problems(env: ["MYSQL_PASSWORD_FILE": "pw"]) == [
                "MYSQL_PASSWORD (.env:1): MYSQL_PASSWORD_FILE is set as well (environment); set only one of the two"
            ])
    }

    @Test func emptyOneOfTheTwoIsNotSet() throws {
        try folder.write("pw", "a")
        let env = ["MYSQL_PASSWORD_FILE": "pw", "MYSQL_PASSWORD": ""]
        #expect(try folder.reader(env: env).read().database.password == Secret("a"))
    }

    @Test func missingFileIsNamed() {
        #expect(
            folder.problems(env: ["JWT_SECRET_FILE": "/nowhere/key"]) == [
                "JWT_SECRET_FILE (environment): the file '/nowhere/key' cannot be read: no such file or directory; "
                    + "give the path of a file with the value of JWT_SECRET"
            ])
    }

    @Test func emptyFileIsAnError() throws {
        try folder.write("key", "\n")
        #expect(
            folder.problems(env: ["JWT_SECRET_FILE": "key"]) == [
                "JWT_SECRET_FILE (environment): the file 'key' is empty; "
                    + "give the path of a file with the value of JWT_SECRET"
            ])
    }

    @Test func fileThatIsNoTextIsNamedWithoutItsContent() throws {
        try Data("hunter2".utf8 + [0xff]).write(to: URL(fileURLWithPath: folder.path + "/key"))
        let lines = folder.problems(env: ["JWT_SECRET_FILE": "key"])
        #expect(lines.count == 1 && lines[0].contains("'key' cannot be read: the file is not UTF-8 text"))
        #expect(!lines.joined().contains("hunter2"))
    }

    @Test func badContentIsNotShownAndItsPlaceIs() throws {
        try folder.write("key", "hunter2")
        #expect(
            folder.problems(env: ["JWT_SECRET_FILE": "key"]) == [
                "JWT_SECRET (file key of JWT_SECRET_FILE (environment)): the value (not shown) is not valid; "
                    + "give at least 32 bytes"
            ])
    }
}
