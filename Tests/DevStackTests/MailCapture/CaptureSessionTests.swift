import Testing

@testable import DevStack

/// The SMTP dialogue of the mail capture, without a network.
@Suite struct CaptureSessionTests {
    private func say(_ session: inout CaptureSession, _ lines: String...) -> [CaptureSession.Action] {
        session.receive(lines.map { $0 + "\r\n" }.joined().utf8)
    }

    private func codes(_ actions: [CaptureSession.Action]) -> [String] {
        actions.compactMap { if case .reply(let text) = $0 { String(text.prefix(3)) } else { nil } }
    }

    private func replies(_ actions: [CaptureSession.Action]) -> [String] {
        actions.compactMap { if case .reply(let text) = $0 { text } else { nil } }
    }

    private func kept(_ actions: [CaptureSession.Action]) -> [(CaptureEnvelope, String)] {
        actions.compactMap {
            if case .keep(let envelope, let bytes) = $0 {
                (envelope, String(decoding: bytes, as: UTF8.self))
            } else {
                nil
            }
        }
    }

    @Test func aWholeSessionInOnePieceAndByteByByteIsTheSame() {
        let text =
            "EHLO me\r\nAUTH PLAIN AGFwcABzZWNyZXQ=\r\nMAIL FROM:<a@b.org> SIZE=9\r\nRCPT TO:<c@d.org>\r\nRCPT TO:<e@f.org>\r\n"
            + "DATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n"
        var whole = CaptureSession()
        var bytewise = CaptureSession()
        let actions = whole.receive(text.utf8)
        #expect(text.utf8.flatMap { bytewise.receive([$0]) } == actions)
        let mail = kept(actions)
        #expect(mail.map(\.0) == [CaptureEnvelope(sender: "a@b.org", recipients: ["c@d.org", "e@f.org"], user: "app")])
        #expect(mail.map(\.1) == ["Subject: x\r\n\r\n.dot\r\n"])
        #expect(actions.last == .close)
        #expect(Array(codes(actions).suffix(7)) == ["235", "250", "250", "250", "354", "250", "221"])
    }

    @Test func commandsOutOfOrderAreRefused() {
        var session = CaptureSession()
        let actions = say(
            &session, "DATA", "RCPT TO:<a@b>", "MAIL TO:<a@b>", "MAIL FROM:<a@b>", "MAIL FROM:<a@b>", "DATA",
            "RCPT TO:a@b", "RSET", "RCPT TO:<a@b>", "HUH", "NOOP")
        #expect(codes(actions) == ["503", "503", "501", "250", "503", "503", "501", "250", "503", "500", "250"])
    }

    @Test func aMessageThatIsTooLargeIsReadToItsEndAndForgotten() {
        var limits = CaptureLimits()
        limits.messageBytes = 100
        var session = CaptureSession(limits: limits)
        #expect(codes(say(&session, "MAIL FROM:<a@b> SIZE=101")) == ["552"])
        _ = say(&session, "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA", String(repeating: "x", count: 60))
        let actions = say(&session, String(repeating: "y", count: 500), "z", ".", "NOOP")
        #expect(codes(actions) == ["552", "250"] && kept(actions).isEmpty)
    }

    @Test func linesAndRecipientsAreBounded() {
        var limits = CaptureLimits()
        limits.recipients = 2
        var session = CaptureSession(limits: limits)
        #expect(codes(say(&session, String(repeating: "A", count: 5000), "NOOP")) == ["500", "250"])
        let actions = say(&session, "MAIL FROM:<>", "RCPT TO:<a@b>", "RCPT TO:<c@d>", "RCPT TO:<e@f>")
        #expect(codes(actions) == ["250", "250", "250", "452"])
    }

    @Test func whatFollowsSTARTTLSInClearTextIsDroppedAndWhatCameBeforeForgotten() {
        var session = CaptureSession(offersTLS: true)
        #expect(replies(say(&session, "EHLO me")).contains { $0.contains("STARTTLS") })
        let actions = say(&session, "MAIL FROM:<a@b>", "STARTTLS", "RCPT TO:<evil@b>")
        #expect(codes(actions) == ["250"] && actions.last == .encrypt("220 2.0.0 go ahead"))
        #expect(codes(say(&session, "RCPT TO:<c@d>", "STARTTLS")) == ["503", "502"])
        #expect(!replies(say(&session, "EHLO me")).contains { $0.contains("STARTTLS") })
        var plain = CaptureSession()
        #expect(codes(say(&plain, "STARTTLS")) == ["502"])
    }

    @Test func refusesOnDemand() {
        let chaos = CaptureChaos.Switch()
        chaos.value.recipient = .init(errorCode: 451, probability: 100)
        var session = CaptureSession(chaos: chaos)
        #expect(codes(say(&session, "MAIL FROM:<a@b>", "RCPT TO:<c@d>")) == ["250", "451"])
    }
}
