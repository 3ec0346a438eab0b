import Testing

@testable import OpsCore

@Suite struct OptionFileTests {
    private func values(_ text: String) throws -> [String: String] {
        try OptionFile(parsing: text, file: "~/.my.cnf").entries.mapValues(\.value)
    }

    @Test func everyConnectionOptionIsRead() throws {
        let text = """
            [client]
            host = db.example.org
            port=3307
            socket=/run/mysqld/mysqld.sock
            user=ops
            password=pass
            database=sysndd
            ssl-ca=/etc/ca.pem
            ssl-mode=VERIFY_CA
            """
        #expect(
            try values(text) == [
                "MYSQL_HOST": "db.example.org", "MYSQL_PORT": "3307", "MYSQL_SOCKET": "/run/mysqld/mysqld.sock",
                "MYSQL_USER": "ops", "MYSQL_PASSWORD": "pass", "MYSQL_DATABASE": "sysndd",
                "MYSQL_SSL_CA": "/etc/ca.pem", "MYSQL_SSL_MODE": "VERIFY_CA",
            ])
    }

    @Test(arguments: ["client", "client-server", "client-mariadb"])
    func clientGroupsAreRead(group: String) throws {
        #expect(try values("[\(group)]\nuser=a") == ["MYSQL_USER": "a"])
    }

    @Test(arguments: ["user=a", "[mysqld]\nuser=a", "[client]\n[mysql]\nuser=a", "[client_backup]\nuser=a"])
    func otherGroupsAreNot(text: String) throws {
        #expect(try values(text).isEmpty)
    }

    @Test func underscoresAndDashesAreAlike() throws {
        #expect(
            try values("[client]\nssl_ca=/a\nssl_mode=required") == [
                "MYSQL_SSL_CA": "/a", "MYSQL_SSL_MODE": "required",
            ])
    }

    @Test(
        arguments: [
            ("'a b'", "a b"), ("\"a#b\"", "a#b"), ("a#b", "a"), ("a # note", "a"), ("a;b", "a;b"), ("'a", "'a"),
            (#"a\sb\\c"#, #"a b\c"#), (#"'a\'b'"#, "a'b"), (#"a\d"#, #"a\d"#), ("a=b", "a=b"), (#""a\n""#, "a\n"),
        ])
    func valueIsReadAsTheClientsReadIt(text: String, value: String) throws {
        #expect(try values("[client]\npassword = \(text)") == ["MYSQL_PASSWORD": value])
    }

    @Test func commentsIncludesAndOtherOptionsArePassedOver() throws {
        let text = "# a\r\n; b\r\n!include /etc/x\r\n[client]\r\npassword\r\ncompress\r\nloose-x=1\r\nuser=a\r\n"
        #expect(try values(text) == ["MYSQL_USER": "a"])
    }

    @Test func laterLineOverridesAndItsNumberIsKept() throws {
        let file = try OptionFile(parsing: "[client]\nuser=a\nuser=b", file: "f")
        #expect(file.entries["MYSQL_USER"] == SettingLine(value: "b", line: 3))
    }

    @Test(arguments: [
        ("ssl-verify-server-cert", true), ("ssl_verify_server_cert=1", true), ("ssl-verify-server-cert=0", false),
    ])
    func verificationOfMariaDBIsKept(line: String, verifies: Bool) throws {
        #expect(try values("[client]\n\(line)")["MYSQL_SSL_MODE"] == (verifies ? "verify-identity" : nil))
    }

    @Test func openGroupIsAnErrorWithItsLine() {
        let expected = SettingProblem(
            source: "~/.my.cnf:2", reason: "the group has no closing bracket", remedy: "write it as [client]")
        #expect(throws: expected) { _ = try values("\n[client\npassword=hunter2") }
    }
}
