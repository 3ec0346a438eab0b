import Testing

@testable import OpsCore

struct SMTPDialogueTests {
    private static let start = ContinuousClock.now

    /// Plays a session, one line a second: `C: ` was sent, `S: ` received.
    private func play(_ security: MailSecurity, _ lines: [String]) -> SMTPDialogue {
        var dialogue = SMTPDialogue(security, at: Self.start)
        for (index, line) in lines.enumerated() {
            let now = Self.start + .seconds(index + 1)
            let text = String(line.dropFirst(3))
            if line.hasPrefix("C: ") { dialogue.sent(text, at: now) } else { dialogue.received(text, at: now) }
        }
        return dialogue
    }

    private static let starttls = [
        "S: 220 mx ready", "C: EHLO me", "S: 250-mx", "S: 250 STARTTLS", "C: STARTTLS", "S: 220 go", "C: EHLO me",
        "S: 250-mx", "S: 250-auth plain", "S: 250 AUTH LOGIN PLAIN", "C: AUTH PLAIN", "S: 334 ", "C: AFMAcw==",
        "S: 235 welcome", "C: MAIL FROM:<a@b>", "S: 250 ok", "C: RCPT TO:<c@d>", "S: 451 4.7.1 later",
    ]

    @Test func followsASessionWithSTARTTLS() {
        let dialogue = play(.starttls, Self.starttls)
        #expect(
            dialogue.passed.map(\.stage) == [.dns, .connect, .banner, .ehlo, .tls, .ehlo2, .auth, .mail])
        #expect(dialogue.passed.map { $0.reply?.code } == [nil, nil, 220, 250, 220, 250, 235, 250])
        #expect(dialogue.passed[4].duration == .seconds(2))
        #expect(dialogue.stage == .rcpt && dialogue.reply == SMTPReply(code: 451, lines: ["4.7.1 later"]))
        #expect(dialogue.mechanism == "PLAIN" && dialogue.mechanisms == ["PLAIN", "LOGIN", "PLAIN"])
        #expect(dialogue.offers("AUTH") && !dialogue.misspells("AUTH") && !dialogue.offers("STARTTLS"))
    }

    @Test func credentialsThatLookLikeACommandAreNone() {
        let lines = Self.starttls.prefix(12) + ["C: QUIT", "S: 334 ", "C: DATA"]
        #expect(play(.starttls, Array(lines)).stage == .auth)
        let over = play(.starttls, Array(Self.starttls.prefix(14)) + ["C: QUIT"])
        #expect(over.stage == .quit)
    }

    @Test func tlsFromTheFirstByteComesBeforeTheGreeting() {
        let dialogue = play(.tls, ["S: 220 mx", "C: EHLO me", "S: 250 mx"])
        #expect(dialogue.passed.map(\.stage) == [.dns, .connect, .tls, .banner])
        #expect(dialogue.stage == .ehlo)
    }

    @Test func aStrangerIsNoMailServer() {
        let dialogue = play(.none, ["S: SSH-2.0-OpenSSH_9.2"])
        #expect(dialogue.stage == .banner && dialogue.reply == nil && dialogue.stranger == "SSH-2.0-OpenSSH_9.2")
    }

    @Test func smallLettersAreNoticed() {
        let dialogue = play(.starttls, ["S: 220 mx", "C: EHLO me", "S: 250-mx", "S: 250 starttls"])
        #expect(dialogue.misspells("STARTTLS"))
    }

    @Test func repliesHaveSeveralLines() {
        var reader = SMTPReplyReader()
        #expect(reader.take("250-one") == nil)
        #expect(reader.take("nonsense") == nil)
        #expect(reader.take("250 two") == SMTPReply(code: 250, lines: ["one", "two"]))
        #expect(reader.take("250") == SMTPReply(code: 250, lines: [""]))
    }

    @Test func theTranscriptHoldsNoCredentials() {
        var transcript = SMTPTranscript()
        transcript.sent("AUTH PLAIN AFMAc2VjcmV0", isSecret: false)
        transcript.sent("auth login c2VjcmV0", isSecret: false)
        transcript.sent("AUTH LOGIN", isSecret: false)
        transcript.sent("c2VjcmV0", isSecret: true)
        transcript.received("235 ok\u{7}")
        #expect(
            transcript.lines == [
                "C: AUTH PLAIN <redacted>", "C: auth login <redacted>", "C: AUTH LOGIN", "C: <redacted>", "S: 235 ok",
            ])
    }
}
