import Testing

@testable import OpsCore

@Suite struct DatabaseURLTests {
    @Test func everyPartIsRead() throws {
        let url = try DatabaseURL(
            parsing: "mysql://ops:s%40cr%2Fet@db.example.org:3307/sys%20ndd?ssl-mode=VERIFY_CA&ssl-ca=/etc/c%26a.pem")
        #expect(url.user == "ops")
        #expect(url.password == Secret("s@cr/et"))
        #expect(url.host == "db.example.org")
        #expect(url.port == 3307)
        #expect(url.database == "sys ndd")
        #expect(url.tlsMode == .verifyCA)
        #expect(url.tlsCAFile == "/etc/c&a.pem")
        #expect(url.socket == nil)
    }

    @Test(arguments: ["mysql://", "mariadb://", "MySQL:///", "mysql://:@/?"])
    func everyPartMayBeMissing(text: String) throws {
        #expect(try DatabaseURL(parsing: text).variables.isEmpty)
    }

    @Test(arguments: [("mysql://[::1]/db", nil), ("mysql://u@[::1]:3307/db", 3307)] as [(String, Int?)])
    func addressInBracketsIsAnIPv6Host(text: String, port: Int?) throws {
        let url = try DatabaseURL(parsing: text)
        #expect(url.host == "::1")
        #expect(url.port == port)
    }

    @Test(arguments: [
        ("a:b", "a", "b"), ("a:b:c", "a", "b:c"), ("a:b@c", "a", "b@c"), ("a", "a", nil), ("a:", "a", nil),
    ])
    func credentialsMayHoldColonAndAt(credentials: String, user: String, password: String?) throws {
        let url = try DatabaseURL(parsing: "mysql://\(credentials)@host/db")
        #expect(url.user == user)
        #expect(url.password?.exposed == password)
        #expect(url.host == "host")
    }

    @Test func socketGoesWithLocalhostOrNoHost() throws {
        #expect(try DatabaseURL(parsing: "mysql://u@localhost/db?socket=/run/m.sock").socket == "/run/m.sock")
        #expect(try DatabaseURL(parsing: "mysql://u@/db?socket=%2Frun%2Fm.sock").socket == "/run/m.sock")
    }

    @Test(
        arguments: [
            ("postgres://u:hunter2@h/db", "the scheme is neither mysql:// nor mariadb://"),
            ("hunter2", "the scheme is neither mysql:// nor mariadb://"),
            ("mysql://u:hun#ter2@h/db", "a reserved character is not encoded"),
            ("mysql://u:hun/ter2@h/db", "a reserved character is not encoded"),
            ("mysql://u:hun?ter2@h/db", "a reserved character is not encoded"),
            ("mysql://u:hunter2%zz@h/db", "the password is not percent-encoded UTF-8 text"),
            ("mysql://u:hunter2%ff@h/db", "the password is not percent-encoded UTF-8 text"),
            ("mysql://u:hunter2%00@h/db", "the password is not percent-encoded UTF-8 text"),
            ("mysql://u:hunter2/db", "what follows the host is not a port"),
            ("mysql://u:hunter2@h:0/db", "what follows the host is not a port"),
            ("mysql://u:hunter2@h:65536/db", "what follows the host is not a port"),
            ("mysql://u:hunter2@h:/db", "what follows the host is not a port"),
            ("mysql://u:hunter2@::1/db", "what follows the host is not a port"),
            ("mysql://u:hunter2@[::1]x/db", "what follows the host is not a port"),
            ("mysql://u:hunter2@[::1/db", "the host in brackets is not an IPv6 address"),
            ("mysql://u:hunter2@[10.0.0.1]/db", "the host in brackets is not an IPv6 address"),
            ("mysql://u:hunter2@h/db/x", "the path has more than one part"),
            ("mysql://u:hunter2@h/db?charset=utf8", "unknown parameter 'charset'"),
            ("mysql://u:hunter2@h/db?ssl-mode", "the parameter ssl-mode has no value"),
            ("mysql://u:hunter2@h/db?ssl-ca=", "the parameter ssl-ca has no value"),
            ("mysql://u:hunter2@h/db?ssl-ca=a&ssl-ca=b", "the parameter ssl-ca is given twice"),
            ("mysql://u:hunter2@h/db?ssl-mode=maybe", "ssl-mode is not valid"),
            ("mysql://u:hunter2@h/db?socket=/s", "it names both a socket and a host other than localhost"),
        ])
    func malformedURLIsExplainedWithoutAnyPartOfIt(text: String, reason: String) {
        do throws(DatabaseURL.Malformed) {
            _ = try DatabaseURL(parsing: text)
            Issue.record("accepted")
        } catch {
            #expect(error.reason == reason)
            #expect(!error.remedy.isEmpty && !error.remedy.contains("hunter2"))
        }
    }

    @Test(
        arguments: [
            "mysql://u:p%40%2F%3A%25@h:1/d%20b?ssl-mode=verify-ca&ssl-ca=/a%26b", "mysql://[fe80::1%25eth0]:3306/db",
            "mysql://u@localhost/db?socket=/run/m.sock", "mysql://h", "mysql:///db",
        ])
    func textReadsBackAsTheSameURL(text: String) throws {
        let url = try DatabaseURL(parsing: text)
        #expect(try DatabaseURL(parsing: url.text(includingPassword: true)) == url)
    }

    @Test func passwordIsShownOnlyOnRequest() throws {
        let url = try DatabaseURL(parsing: "mysql://u:hunter2@h:1/db")
        #expect(url.text(includingPassword: true) == "mysql://u:hunter2@h:1/db")
        #expect(url.text(includingPassword: false) == "mysql://u@h:1/db")
        #expect(url.redacted == "mysql://u:<redacted>@h:1/db")
        #expect("\(url)" == url.redacted)
    }
}
