import Foundation
import FoundationNetworking
import OpsCore
import Testing

@testable import DevStack

/// The mail capture as programs see it: mail in by SMTP, out by Mailpit's API.
@Suite struct MailCaptureTests {
    /// Runs one on free ports while `body` runs.
    private func withCapture(_ body: @escaping @Sendable (MailCapture.Ports) async throws -> Void) async throws {
        let (ports, open) = AsyncStream.makeStream(of: MailCapture.Ports.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await MailCapture(smtpPort: 0, httpPort: 0).run { open.yield($0) } } catch is CancellationError
                {}
            }
            var iterator = ports.makeAsyncIterator()
            try await body(try #require(await iterator.next()))
            group.cancelAll()
        }
    }

    private func send(_ ports: MailCapture.Ports, _ subject: String, bcc: [String] = []) async throws {
        let settings = MailSettings(
            host: "127.0.0.1", port: Int(ports.smtp), security: .none, user: "app", password: Secret("whatever"))
        let message = try MailMessage(
            from: MailAddress(name: "Käthe", address: "app@example.org"),
            to: [MailAddress(name: "Ada", address: "ada@example.org")],
            bcc: bcc.map { try MailAddress(address: $0) }, subject: subject,
            text: "Grüße, ein Link: https://example.org/PasswordReset/abc=def\n", html: "<p>Grüße</p>\n",
            messageID: "<one@example.org>")
        try await SMTPClient(settings).send(message)
    }

    private func request(_ ports: MailCapture.Ports, _ path: String, _ method: String = "GET", body: String = "")
        async throws -> (Int, Data)
    {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(ports.http)\(path)")))
        request.httpMethod = method
        if !body.isEmpty { request.httpBody = Data(body.utf8) }
        let (data, response) = try await URLSession.shared.data(for: request)
        return (try #require(response as? HTTPURLResponse).statusCode, data)
    }

    private func json(_ ports: MailCapture.Ports, _ path: String) async throws -> [String: Any] {
        let (status, data) = try await request(ports, path)
        #expect(status == 200)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func aMessageIsListedFoundReadAndRemoved() async throws {
        try await withCapture { ports in
            try await send(ports, "Grüße aus der Gruppe", bcc: ["eve@example.org"])
            try await send(ports, "another")
            let list = try await json(ports, "/api/v1/messages")
            #expect(list["total"] as? Int == 2 && list["unread"] as? Int == 2 && list["count"] as? Int == 2)
            let newest = try #require((list["messages"] as? [[String: Any]])?.first)
            #expect(newest["Subject"] as? String == "another" && newest["Attachments"] as? Int == 0)

            let found = try await json(ports, "/api/v1/search?query=to:ada@example.org%20subject:gr%C3%BC%C3%9Fe")
            let summary = try #require((found["messages"] as? [[String: Any]])?.first)
            #expect(found["count"] as? Int == 1)
            #expect(summary["Subject"] as? String == "Grüße aus der Gruppe")
            #expect(summary["MessageID"] as? String == "one@example.org" && summary["Username"] as? String == "app")
            #expect(summary["From"] as? [String: String] == ["Name": "Käthe", "Address": "app@example.org"])
            #expect(summary["To"] as? [[String: String]] == [["Name": "Ada", "Address": "ada@example.org"]])
            #expect(summary["Bcc"] as? [[String: String]] == [["Name": "", "Address": "eve@example.org"]])
            #expect((summary["Snippet"] as? String)?.hasPrefix("Grüße, ein Link") == true)

            let id = try #require(summary["ID"] as? String)
            let message = try await json(ports, "/api/v1/message/\(id)")
            #expect(message["Text"] as? String == "Grüße, ein Link: https://example.org/PasswordReset/abc=def\n")
            #expect(
                message["HTML"] as? String == "<p>Grüße</p>\n" && (message["Attachments"] as? [Any])?.isEmpty == true)
            #expect(try await json(ports, "/api/v1/messages")["unread"] as? Int == 1)
            #expect(try await json(ports, "/api/v1/message/latest")["Subject"] as? String == "another")
            let raw = String(decoding: try await request(ports, "/api/v1/message/\(id)/raw").1, as: UTF8.self)
            #expect(raw.contains("Message-ID: <one@example.org>\r\n") && !raw.contains("eve@example.org"))

            #expect(try await request(ports, "/api/v1/messages", "DELETE", body: "{\"IDs\":[\"\(id)\"]}").0 == 200)
            #expect(try await json(ports, "/api/v1/messages")["total"] as? Int == 1)
            #expect(try await request(ports, "/api/v1/message/\(id)").0 == 404)
            #expect(try await request(ports, "/api/v1/messages", "DELETE").0 == 200)
            #expect(try await json(ports, "/api/v1/info")["Messages"] as? Int == 0)
            #expect(try await request(ports, "/livez").0 == 200)
            #expect(try await request(ports, "/readyz").0 == 200)
            #expect(try await request(ports, "/").0 == 200)
        }
    }

    @Test func chaosMakesItRefuse() async throws {
        try await withCapture { ports in
            let body = "{\"Recipient\":{\"ErrorCode\":451,\"Probability\":100}}"
            #expect(try await request(ports, "/api/v1/chaos", "PUT", body: body).0 == 200)
            let error = await #expect(throws: MailError.self) { try await send(ports, "no") }
            #expect(error?.stage == .rcpt && error?.replyCode == 451)
            #expect(try await request(ports, "/api/v1/chaos", "PUT", body: "{}").0 == 200)
            try await send(ports, "yes")
            #expect(try await json(ports, "/api/v1/messages")["total"] as? Int == 1)
        }
    }

    @Test func theOldestMakeRoom() async throws {
        var limits = CaptureLimits()
        limits.messages = 3
        limits.totalBytes = 250
        let store = MailStore(limits: limits)
        for number in 1...5 {
            await store.add(CapturedMail(Array("Subject: \(number)\r\n\r\n".utf8), CaptureEnvelope()))
        }
        #expect(await store.messages.map(\.subject) == ["5", "4", "3"])
        await store.add(CapturedMail([UInt8](repeating: 65, count: 240), CaptureEnvelope()))
        #expect(await store.messages.count == 1)
    }
}
