import Foundation
import FoundationNetworking
import OpsCore
import TestSupport
import Testing

@testable import DevStack

/// The mail capture as programs see it: mail in by SMTP, out by Mailpit's API.
@Suite struct MailCaptureTests {
    private func send(
        _ mailbox: MailboxTarget, _ subject: String, to address: String = "ada@example.org", bcc: [String] = []
    ) async throws {
        let settings = MailSettings(
            host: mailbox.smtpHost, port: mailbox.smtpPort, security: .none, user: "app", password: Secret("whatever"))
        try await SMTPClient(settings).send(message(subject, to: address, bcc: bcc))
    }

    private func message(
        _ subject: String, to address: String = "ada@example.org", bcc: [String] = []
    ) throws -> MailMessage {
        try MailMessage(
            from: MailAddress(name: "Käthe", address: "app@example.org"),
            to: [MailAddress(name: "Ada", address: address)], bcc: bcc.map { try MailAddress(address: $0) },
            subject: subject, text: "Grüße, ein Link: https://example.org/PasswordReset/abc=def\n",
            html: "<p>Grüße</p>\n", messageID: "<one@example.org>")
    }

    private func request(_ mailbox: MailboxTarget, _ path: String, _ method: String = "GET", body: String = "")
        async throws -> (Int, Data)
    {
        var request = URLRequest(url: try #require(URL(string: mailbox.url + path)))
        request.httpMethod = method
        if !body.isEmpty { request.httpBody = Data(body.utf8) }
        let (data, response) = try await URLSession.shared.data(for: request)
        return (try #require(response as? HTTPURLResponse).statusCode, data)
    }

    private func json(_ mailbox: MailboxTarget, _ path: String) async throws -> [String: Any] {
        let (status, data) = try await request(mailbox, path)
        #expect(status == 200)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// On a server that others use too, only what this test sent there is looked at and removed.
    @Test func aMessageIsListedFoundReadAndRemoved() async throws {
        try await MailboxTarget.with { mailbox in
            let address = "ada-\(UInt32.random(in: 0 ... .max))@example.org"
            let search = "/api/v1/search?query=to:\(address)"
            try await send(mailbox, "Grüße aus der Gruppe", to: address, bcc: ["eve@example.org"])
            try await send(mailbox, "another", to: address)
            let list = try await json(mailbox, search)
            #expect(list["messages_count"] as? Int == 2 && list["count"] as? Int == 2)
            let newest = try #require((list["messages"] as? [[String: Any]])?.first)
            #expect(newest["Subject"] as? String == "another" && newest["Attachments"] as? Int == 0)

            let found = try await json(mailbox, search + "%20subject:gr%C3%BC%C3%9Fe")
            let summary = try #require((found["messages"] as? [[String: Any]])?.first)
            #expect(found["count"] as? Int == 1)
            #expect(summary["Subject"] as? String == "Grüße aus der Gruppe" && summary["Read"] as? Bool == false)
            #expect(summary["MessageID"] as? String == "one@example.org" && summary["Username"] as? String == "app")
            #expect(summary["From"] as? [String: String] == ["Name": "Käthe", "Address": "app@example.org"])
            #expect(summary["To"] as? [[String: String]] == [["Name": "Ada", "Address": address]])
            #expect(summary["Bcc"] as? [[String: String]] == [["Name": "", "Address": "eve@example.org"]])
            #expect((summary["Snippet"] as? String)?.hasPrefix("Grüße, ein Link") == true)

            let id = try #require(summary["ID"] as? String)
            let message = try await json(mailbox, "/api/v1/message/\(id)")
            #expect(message["Text"] as? String == "Grüße, ein Link: https://example.org/PasswordReset/abc=def\n")
            #expect(
                message["HTML"] as? String == "<p>Grüße</p>\n" && (message["Attachments"] as? [Any])?.isEmpty == true)
            #expect(try await json(mailbox, search + "%20is:unread")["messages_count"] as? Int == 1)
            let raw = String(decoding: try await request(mailbox, "/api/v1/message/\(id)/raw").1, as: UTF8.self)
            #expect(raw.contains("Message-ID: <one@example.org>\r\n") && !raw.contains("eve@example.org"))

            #expect(try await request(mailbox, "/api/v1/messages", "DELETE", body: "{\"IDs\":[\"\(id)\"]}").0 == 200)
            #expect(try await json(mailbox, search)["messages_count"] as? Int == 1)
            #expect(try await request(mailbox, "/api/v1/message/\(id)").0 == 404)
            #expect(try await request(mailbox, search, "DELETE").0 == 200)
            #expect(try await json(mailbox, search)["messages_count"] as? Int == 0)
            for path in ["/livez", "/readyz", "/"] { #expect(try await request(mailbox, path).0 == 200) }
        }
    }

    /// What concerns all messages is asked of a server of the test's own.
    @Test func allMessagesAreCountedAndRemoved() async throws {
        try await MailboxTarget.withCapture { ports in
            let mailbox = MailboxTarget(ports)
            try await send(mailbox, "first")
            try await send(mailbox, "second")
            let list = try await json(mailbox, "/api/v1/messages")
            #expect(list["total"] as? Int == 2 && list["unread"] as? Int == 2 && list["count"] as? Int == 2)
            #expect(try await json(mailbox, "/api/v1/message/latest")["Subject"] as? String == "second")
            #expect(try await json(mailbox, "/api/v1/messages")["unread"] as? Int == 1)
            #expect(try await request(mailbox, "/api/v1/messages", "DELETE").0 == 200)
            #expect(try await json(mailbox, "/api/v1/info")["Messages"] as? Int == 0)
        }
    }

    @Test func chaosMakesItRefuse() async throws {
        try await MailboxTarget.withCapture { ports in
            let mailbox = MailboxTarget(ports)
            let body = "{\"Recipient\":{\"ErrorCode\":451,\"Probability\":100}}"
            #expect(try await request(mailbox, "/api/v1/chaos", "PUT", body: body).0 == 200)
            let error = await #expect(throws: MailError.self) { try await send(mailbox, "no") }
            #expect(error?.stage == .rcpt && error?.replyCode == 451)
            #expect(try await request(mailbox, "/api/v1/chaos", "PUT", body: "{}").0 == 200)
            try await send(mailbox, "yes")
            #expect(try await json(mailbox, "/api/v1/messages")["total"] as? Int == 1)
        }
    }

    @Test func withACertificateMailComesEncryptedAndClearTextStillWorks() async throws {
        try await TestFolder.with { folder in
            let file = folder + "/capture.pem"
            try await MailboxTarget.withCapture(certificateFile: file) { ports in
                let mailbox = MailboxTarget(ports)
                let settings = MailSettings(
                    host: "localhost", port: Int(ports.smtp), security: .starttls, user: "app",
                    password: Secret("whatever"))
                try await SMTPClient(settings, authorityFile: file).send(message("encrypted"))
                #expect(try await json(mailbox, "/api/v1/message/latest")["Subject"] as? String == "encrypted")
                // Nobody vouches for the certificate but its own file.
                let message = try message("refused")
                let error = await #expect(throws: MailError.self) { try await SMTPClient(settings).send(message) }
                #expect(error?.stage == .tls)
                try await send(mailbox, "in the clear")
                #expect(try await json(mailbox, "/api/v1/messages")["total"] as? Int == 2)
                #expect(try !String(contentsOfFile: file, encoding: .utf8).contains("PRIVATE"))
            }
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
