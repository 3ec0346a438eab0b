import Foundation
import Glibc
import HummingbirdTesting
import TestSupport
import Testing

@testable import ApiShim

/// Requests that no client of good will sends, byte for byte. Each is refused, and the others are served meanwhile.
@Suite struct HostileRequestTests {
    private static func with(
        _ body: @escaping @Sendable (any TestClientProtocol, String, OperationFixture) async throws -> Void
    ) async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("a.sql")
            try FileManager.default.createSymbolicLink(
                atPath: fixture.folder + "/link.sql", withDestinationPath: "/etc/passwd")
            let token = try await fixture.token()
            try await fixture.serving { client in
                try await body(client, token, fixture)
                #expect(try await client.get("/api/health/").status == 200)
            }
        }
    }

    /// The status of the first answer to bytes that are sent as they are; nil where the connection is closed without one.
    private static func send(_ text: String, to client: any TestClientProtocol) async throws -> Int? {
        let port = UInt16(try #require(client.port))
        return await PlainHTTP.onThreads(1) { _ in PlainHTTP(port: port).status(ofBytes: Array(text.utf8)) }[0]
    }

    @Test func aBodyOfUnknownLengthIsReadNoFurtherThanTheLimit() async throws {
        try await Self.with { client, token, _ in
            let chunk = "1000\r\n" + String(repeating: "a", count: 4096) + "\r\n"
            let head =
                "POST /api/backup/restore HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            let short = try await Self.send(head + chunk + "0\r\n\r\n", to: client)
            #expect(short == 400)
            let long = try await Self.send(head + String(repeating: chunk, count: 17) + "0\r\n\r\n", to: client)
            #expect(long == 413)
            let broken = try await Self.send(head + "zz\r\naaaa\r\n", to: client)
            #expect(broken == 400)
        }
    }

    @Test func bytesThatAreNoRequestAreRefused() async throws {
        try await Self.with { client, token, _ in
            let rest = " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
            let fields = (0...200).map { "X-\($0): a\r\n" }.joined()
            let cases = [
                "GET /api/backup/download/a\0.sql\(rest)\r\n", "GET\0 /api/health/\(rest)\r\n",
                "GET /api/health/\(rest)X-Bad: a\0b\r\n\r\n",
                "GET /api/health/\(rest)X-Long: "
                    + String(repeating: "a", count: 40_000) + "\r\n\r\n",
                "GET /api/health/\(rest)\(fields)\r\n", "GET /\(String(repeating: "a", count: 100_000))\(rest)\r\n",
                "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\r\n\r\n",
                // Two lengths, on which a proxy and the shim could disagree.
                "POST /api/backup/create\(rest)Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
                "POST /api/backup/create\(rest)Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /api/backup/create\(rest)Content-Length: -1\r\n\r\n",
            ]
            for text in cases {
                let status = try await Self.send(text, to: client)
                #expect(status.map { (400...431).contains($0) } ?? true, "\(status ?? 0): \(text.prefix(80))")
            }
            let history = try await client.call(.get, "/api/jobs/history", token: token)
            #expect(try history.value("meta", "count") as? Int == 0)
        }
    }

    /// Bytes of a body would be taken for the next answer.
    @Test(arguments: ["/api/nowhere", "/api/backup/create", "/api/backup/list"])
    func anAnswerToHeadHasNoBody(_ path: String) async throws {
        try await Self.with { client, _, _ in
            let port = UInt16(try #require(client.port))
            let requests =
                "HEAD \(path) HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            let answers = await PlainHTTP.onThreads(1) { _ in PlainHTTP(port: port).text(ofBytes: Array(requests.utf8))
            }[0]
            let end = try #require(answers.firstRange(of: "\r\n\r\n"))
            #expect(answers.hasPrefix("HTTP/1.1 4"))
            #expect(answers[end.upperBound...].hasPrefix("HTTP/1.1 200"), "\(answers)")
        }
    }

    /// Dots that a client has left in the path, which libraries for clients take out of it.
    @Test func noPathLeadsOutOfTheFolder() async throws {
        try await Self.with { client, token, fixture in
            let names = [
                "../../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "%2e%2e/passwd.sql", "..%5c..%5cpasswd.sql",
                "....//passwd.sql", "%252e%252e%252fpasswd.sql", "/etc/passwd.sql", "a.sql/../../passwd.sql",
                "link.sql", "a.sql%00.gz", "%00", "%c0%ae%c0%ae%2fpasswd.sql", "a%0d%0aX: y.sql",
                String(repeating: "a", count: 5000) + ".sql",
            ]
            let calls = [
                ("GET", "download", ""), ("POST", "verify", ""),
                ("DELETE", "delete", #"{"confirm": "DELETE"}"#),
            ]
            for (method, action, body) in calls {
                for name in names {
                    let fields = body.isEmpty ? "" : "Content-Type: application/json\r\n"
                    let status = try await Self.send(
                        """
                        \(method) /api/backup/\(action)/\(name) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r
                        \(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)
                        """, to: client)
                    #expect([400, 404].contains(status), "\(method) \(action) \(name.prefix(60)): \(status ?? 0)")
                }
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
            #expect(Set(left).isSuperset(of: ["a.sql", "link.sql"]))
        }
    }
}
