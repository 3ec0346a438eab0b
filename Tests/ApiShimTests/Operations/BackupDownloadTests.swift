import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import ApiShim

@Suite struct BackupDownloadTests {
    private static let name = "manual_2026-03-01_03-00-00.sql"
    private static let path = "/api/backup/download/\(name)"

    private static func with(
        _ body: @escaping @Sendable (any TestClientProtocol, String, OperationFixture) async throws -> Void
    ) async throws {
        try await OperationFixture.with { fixture in
            try fixture.write(name, "0123456789")
            let token = try await fixture.token()
            try await fixture.serving { try await body($0, token, fixture) }
        }
    }

    @Test func theWholeFileComesWithWhatAClientNeedsToResume() async throws {
        try await Self.with { client, token, _ in
            let answer = try await client.call(.get, Self.path, token: token)
            #expect(answer.status == 200)
            #expect(answer.text == "0123456789")
            #expect(answer.headers["content-length"] == "10")
            #expect(answer.headers["content-type"] == "application/sql")
            #expect(answer.headers["accept-ranges"] == "bytes")
            #expect(
                answer.headers["content-disposition"]
                    == "attachment; filename=\"\(Self.name)\"; filename*=UTF-8''\(Self.name)")
            let tag = try #require(answer.headers["etag"])
            let known = try await client.call(.get, Self.path, token: token, headers: [.ifNoneMatch: tag])
            #expect(known.status == 304)
            #expect(known.headers["content-length"] == nil)
            let head = try await client.call(.head, Self.path, token: token)
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == "10")
            #expect(head.text.isEmpty)
        }
    }

    @Test func aPartIsSentWhereTheFileIsStillTheSame() async throws {
        try await Self.with { client, token, fixture in
            let cases = [
                ("bytes=2-4", 206, "234", "bytes 2-4/10"), ("bytes=7-", 206, "789", "bytes 7-9/10"),
                ("bytes=-3", 206, "789", "bytes 7-9/10"), ("bytes=0-99", 206, "0123456789", "bytes 0-9/10"),
                ("bytes=10-", 416, "", "bytes */10"), ("bytes=-0", 416, "", "bytes */10"),
                ("bytes=4-2", 200, "0123456789", nil), ("bytes=1-2,4-5", 200, "0123456789", nil),
                ("lines=1-2", 200, "0123456789", nil),
            ]
            for (range, status, text, place) in cases {
                let answer = try await client.call(.get, Self.path, token: token, headers: [.range: range])
                #expect(answer.status == status, "\(range)")
                #expect(answer.text == text, "\(range)")
                #expect(answer.headers["content-range"] == place, "\(range)")
            }
            let tag = try #require(try await client.call(.head, Self.path, token: token).headers["etag"])
            let fields: HTTPFields = [.range: "bytes=5-", .ifRange: tag]
            #expect(try await client.call(.get, Self.path, token: token, headers: fields).text == "56789")
            try fixture.write(Self.name, "abcdefghij")
            let other = try await client.call(.get, Self.path, token: token, headers: fields)
            #expect(other.status == 200)
            #expect(other.text == "abcdefghij")
        }
    }

    @Test func noNameLeadsOutOfTheFolder() async throws {
        try await Self.with { client, token, fixture in
            let outside = URL(filePath: fixture.folder).deletingLastPathComponent().path + "/secret.sql"
            try Data("geheim".utf8).write(to: URL(filePath: outside))
            try FileManager.default.createSymbolicLink(
                atPath: fixture.folder + "/link.sql", withDestinationPath: outside)
            let long = String(repeating: "a", count: 300) + ".sql"
            let cases = [
                ("..%2Fsecret.sql", 400), ("%2e%2e%2fsecret.sql", 400), ("..%5Csecret.sql", 400), ("a%00.sql", 400),
                ("a%0d%0aX-Evil:1.sql", 400), (".hidden.sql", 400), ("notes.txt", 400), ("%ff.sql", 400), (long, 400),
                ("..%252Fsecret.sql", 400), ("link.sql", 404), ("missing.sql", 404), ("../secret.sql", 404),
            ]
            for (name, status) in cases {
                let answer = try await client.call(.get, "/api/backup/download/\(name)", token: token)
                #expect(answer.status == status, "\(name)")
                #expect(!answer.text.contains("geheim"))
                if status == 400 { #expect(answer.error == "INVALID_FILENAME", "\(name)") }
            }
            let missing = try await client.call(.get, "/api/backup/download/missing.sql", token: token)
            #expect(missing.error == "BACKUP_NOT_FOUND")
            #expect(!missing.text.contains(fixture.folder))
        }
    }

    @Test func aNameOfAnyCharactersIsDownloadedUnderItself() async throws {
        try await Self.with { client, token, fixture in
            try fixture.write("größe \"7\".sql.gz", "x")
            let answer = try await client.call(
                .get, "/api/backup/download/gr%C3%B6%C3%9Fe%20%227%22.sql.gz", token: token)
            #expect(answer.text == "x")
            #expect(answer.headers["content-type"] == "application/gzip")
            #expect(
                answer.headers["content-disposition"]
                    == "attachment; filename=\"gr__e _7_.sql.gz\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%227%22.sql.gz")
        }
    }

    @Test func aClientThatGoesInTheMiddleLeavesTheShimServing() async throws {
        try await Self.with { client, token, fixture in
            let big = fixture.folder + "/big.sql"
            try fixture.write("big.sql", "")
            try FileHandle(forWritingTo: URL(filePath: big)).truncate(atOffset: 4 << 30)
            let open = OpenFiles.count(of: big)
            let port = try #require(client.port)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            let request =
                "GET /api/backup/download/big.sql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n"
            try await channel.writeAndFlush(ByteBuffer(string: request))
            try await eventuallyOpen(big, open + 1)
            try await channel.close()
            try await eventuallyOpen(big, open)
            #expect(try await client.call(.get, Self.path, token: token).status == 200)
        }
    }

    private func eventuallyOpen(_ path: String, _ count: Int) async throws {
        try await eventually(within: .seconds(30)) { OpenFiles.count(of: path) == count }
    }
}
