import DevStack
import Foundation
import OpsCore
import TestSupport
import Testing

/// Sending mail to a real server.
@Suite struct SMTPClientTests {
    private static let password = "pass-3f9c-Wörd"

    private static func message(bcc: [String] = []) throws -> MailMessage {
        try MailMessage(
            from: MailAddress(name: "Käthe", address: "app@example.org"), to: [MailAddress(address: "ada@example.org")],
            cc: [MailAddress(address: "carl@example.org")], bcc: bcc.map { try MailAddress(address: $0) },
            subject: "Grüße aus der Gruppe", text: "Ein Text.\n.\nFrom here on\n", html: "<p>Ein Text.</p>\n")
    }

    private static func settings(
        _ server: MailServer, _ security: MailSecurity = .none, user: String? = nil, password: String? = nil
    ) -> MailSettings {
        MailSettings(
            host: "localhost", port: server.port, security: security, user: user, password: password.map(Secret.init))
    }

    /// The error of a send that has to fail.
    private static func failure(_ client: SMTPClient) async throws -> MailError {
        let message = try message()
        let error = await #expect(throws: MailError.self) { try await client.send(message) }
        return try #require(error)
    }

    private static func heard(_ name: String, _ server: MailServer) throws -> [MailServer.Event] {
        try server.events.filter { $0.event == name }
    }

    /// Commands of a name that a scripted server heard.
    private static func lines(_ verb: String, _ server: MailServer) throws -> [String] {
        try server.events.compactMap(\.line).filter { $0.uppercased().hasPrefix(verb) }
    }

    @Test func everyRecipientIsInOneTransactionAndBlindCopiesAreInNoHeader() async throws {
        try await MailServer.with(.receiving) { server in
            let message = try Self.message(bcc: ["eve@example.org", "ada@example.org"])
            try await SMTPClient(Self.settings(server)).send(message)
            #expect(try Self.heard("MAIL", server).map(\.address) == ["app@example.org"])
            let data = try Self.heard("DATA", server)
            #expect(data.map(\.recipients) == [["ada@example.org", "carl@example.org", "eve@example.org"]])
            let content = try #require(data.first?.content)
            #expect(!content.contains("eve@example.org"))
            #expect(content.contains("Message-ID: \(message.messageID)\r\n"))
            #expect(content.contains("Auto-Submitted: auto-generated\r\n"))
            #expect(content.contains("To: ada@example.org\r\n") && content.contains("multipart/alternative"))
        }
    }

    @Test func aRefusedRecipientMeansThatNobodyGetsIt() async throws {
        try await MailServer.with(.receiving, ["refused": ["carl@example.org"]]) { server in
            let error = try await Self.failure(SMTPClient(Self.settings(server)))
            #expect(error.stage == .rcpt && error.replyCode == 550 && !error.isTemporary && !error.outcomeIsUnknown)
            #expect(error.exitStatus == .mailAddress)
            #expect(try Self.heard("DATA", server).isEmpty)
        }
    }

    @Test(arguments: [("starttls", MailSecurity.starttls), ("tls", .tls)])
    func encryptedAndSignedIn(_ tls: String, _ security: MailSecurity) async throws {
        try await TestFolder.with { folder in
            let certificates = try await MailCertificates.make(in: folder)
            let account: [String: any Sendable] = ["tls": tls, "user": "app", "password": Self.password]
            try await MailServer.with(.receiving, certificates.options(.good).merging(account) { $1 }) { server in
                let settings = Self.settings(server, security, user: "app", password: Self.password)
                try await SMTPClient(settings, authorityFile: certificates.authority).send(Self.message())
                #expect(try Self.heard("AUTH", server).map(\.good) == [true])
                #expect(try Self.heard("AUTH", server).map(\.encrypted) == [true])
                #expect(try Self.heard("MAIL", server).map(\.encrypted) == [true])
                #expect(try Self.heard("DATA", server).count == 1)

                // The same server is not trusted without its authority, and gets no credentials.
                let refused = try await Self.failure(SMTPClient(settings))
                #expect(refused.stage == .tls && refused.exitStatus == .mailTLS)
                #expect(try Self.heard("AUTH", server).count == 1)
            }
        }
    }

    @Test func aWrongPasswordIsRefusedAndShownNowhere() async throws {
        try await MailServer.with(.receiving, ["user": "app", "password": "another"]) { server in
            let settings = Self.settings(server, user: "app", password: Self.password)
            let error = try await Self.failure(SMTPClient(settings))
            #expect(error.stage == .auth && error.replyCode == 535, "\(error)")
            #expect(error.exitStatus == .mailSignIn)
            #expect(!"\(error)".contains(Self.password))
            #expect(try Self.heard("MAIL", server).isEmpty)
        }
    }

    @Test func withoutSTARTTLSNothingIsSaidThatMattersAndNoPasswordIsSent() async throws {
        try await MailServer.with(.scripted, ["ehlo": ["AUTH PLAIN LOGIN", "SIZE 1000000"]]) { server in
            let settings = Self.settings(server, .starttls, user: "app", password: Self.password)
            let error = try await Self.failure(SMTPClient(settings))
            #expect(error.stage == .tls && error.exitStatus == .mailTLS)
            #expect(try Self.lines("AUTH", server).isEmpty && Self.lines("MAIL", server).isEmpty)
        }
    }

    /// A server, or somebody in between, that answers STARTTLS with a refusal.
    @Test func aRefusedSTARTTLSIsNotGoneRoundEither() async throws {
        let options: [String: any Sendable] = [
            "ehlo": ["STARTTLS", "AUTH PLAIN"], "replies": ["STARTTLS": "454 4.7.0 not now"],
        ]
        try await MailServer.with(.scripted, options) { server in
            let settings = Self.settings(server, .starttls, user: "app", password: Self.password)
            let error = try await Self.failure(SMTPClient(settings))
            #expect(error.stage == .tls && error.isTemporary && error.exitStatus == .mailTemporary)
            #expect(try Self.lines("AUTH", server).isEmpty && Self.lines("MAIL", server).isEmpty)
        }
    }

    /// A user that is set signs in, or nothing is sent: a relay that takes mail from anybody is not what was asked for.
    @Test func whereNoSignInIsOfferedNothingIsSent() async throws {
        try await MailServer.with(.scripted, ["ehlo": ["SIZE 1000000"]]) { server in
            let settings = Self.settings(server, user: "app", password: Self.password)
            let error = try await Self.failure(SMTPClient(settings))
            #expect(error.stage == .auth && error.exitStatus == .mailSignIn)
            #expect(try Self.lines("MAIL", server).isEmpty)
        }
    }

    @Test func aServerThatHangsIsGivenUpAtItsDeadline() async throws {
        try await MailServer.with(.scripted, ["hang": "RCPT"]) { server in
            let began = ContinuousClock.now
            let error = try await Self.failure(SMTPClient(Self.settings(server), timeout: .seconds(4)))
            #expect(error.stage == .rcpt && error.isTemporary && !error.outcomeIsUnknown)
            #expect(ContinuousClock.now - began < .seconds(20))
        }
    }

    /// libcurl waits for that answer in another way than for all others.
    @Test func aServerThatKeepsItsAnswerToAMessageIsGivenUpToo() async throws {
        try await MailServer.with(.scripted, ["hang": "."]) { server in
            let began = ContinuousClock.now
            let error = try await Self.failure(SMTPClient(Self.settings(server), timeout: .seconds(2)))
            #expect(error.stage == .data && error.outcomeIsUnknown && error.message.contains("within 2 s"), "\(error)")
            #expect(ContinuousClock.now - began < .seconds(30))
        }
    }

    /// The deadline is so far away that only the cancellation can end it.
    @Test func aCancelledSendEndsAtOnce() async throws {
        try await MailServer.with(.scripted, ["hang": "RCPT"]) { server in
            let client = SMTPClient(Self.settings(server), timeout: .seconds(600))
            let message = try Self.message()
            let task = Task { try await client.send(message) }
            try await eventually(within: .seconds(30)) { try !Self.lines("RCPT", server).isEmpty }
            let began = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - began < .seconds(20))
        }
    }

    /// A message that was taken although its sender was stopped would be sent again.
    @Test func theAnswerToAMessageThatWasHandedOverIsAwaitedAlsoWhenCancelled() async throws {
        try await MailServer.with(.scripted, ["slow": true]) { server in
            let client = SMTPClient(Self.settings(server))
            let message = try Self.message()
            let task = Task { try await client.send(message) }
            try await eventually(within: .seconds(30)) { try !Self.heard("message", server).isEmpty }
            task.cancel()
            try await task.value
        }
    }

    /// One that never answers does not keep whoever is stopped.
    @Test func aServerThatKeepsItsAnswerIsLeftWhenCancelled() async throws {
        try await MailServer.with(.scripted, ["hang": "."]) { server in
            let client = SMTPClient(Self.settings(server), timeout: .seconds(600))
            let message = try Self.message()
            let task = Task { try await client.send(message) }
            try await eventually(within: .seconds(30)) { try !Self.heard("message", server).isEmpty }
            let began = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - began < .seconds(30))
        }
    }

    /// After the end of the message nobody can tell whether it was taken: the caller has to know that.
    @Test func aConnectionLostAfterTheMessageLeavesItsFateOpen() async throws {
        try await MailServer.with(.scripted, ["drop": "."]) { server in
            let error = try await Self.failure(SMTPClient(Self.settings(server)))
            #expect(error.stage == .data && error.outcomeIsUnknown && error.isTemporary)
        }
    }

    @Test func aRefusedMessageIsNoDoubt() async throws {
        try await MailServer.with(.scripted, ["replies": [".": "554 5.6.0 spam"]]) { server in
            let error = try await Self.failure(SMTPClient(Self.settings(server)))
            #expect(error.stage == .data && error.replyCode == 554 && !error.outcomeIsUnknown && !error.isTemporary)
            #expect(error.exitStatus == .mailData)
        }
    }

    @Test func nobodyListening() async throws {
        let port = Int(try FreePort.find())
        let error = try await Self.failure(SMTPClient(MailSettings(host: "127.0.0.1", port: port, security: .none)))
        #expect(error.stage == .connect && error.isTemporary && error.exitStatus == .mailConnection)
    }

    @Test func turnedOffMeansThatNothingLeaves() async throws {
        try await MailServer.with(.receiving) { server in
            var settings = Self.settings(server)
            settings.isEnabled = false
            let error = try await Self.failure(SMTPClient(settings))
            #expect(error.stage == .config && !error.isTemporary)
            #expect(try server.events.allSatisfy { $0.event == "listening" })
        }
    }
}
