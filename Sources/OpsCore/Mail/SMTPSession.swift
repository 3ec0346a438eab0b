import CCurl

/// One session with a mail server through libcurl. Used by one thread from beginning to end; its calls block.
final class SMTPSession {
    let handle: CurlHandle
    let target: SMTPTarget
    private(set) var dialogue: SMTPDialogue
    private(set) var transcript = SMTPTranscript()
    /// What libcurl said last; it says why before it gives up.
    private var remark = ""
    /// libcurl ends a session that was refused.
    private var isGivingUp = false
    /// Protocol and cipher, once encrypted.
    private(set) var cipher: String?
    private let stop: BlockingMail.Stop
    /// How long a session that is to be stopped waits for the answer to its message.
    private static let lastAnswerLimit = Duration.seconds(3)
    private var stopLimit: ContinuousClock.Instant?

    init(_ target: SMTPTarget, stop: BlockingMail.Stop) throws {
        self.target = target
        self.stop = stop
        handle = try CurlHandle()
        dialogue = SMTPDialogue(target.security, at: .now)
        setUp()
    }

    /// TLS is demanded, never merely tried: libcurl's CURLUSESSL_TRY would go on in clear text, with the password.
    private func setUp() {
        handle.set(CURLOPT_URL, target.url)
        handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        // Not even where the environment names one: a mail session goes straight to its server.
        handle.set(CURLOPT_PROXY, "")
        handle.set(CURLOPT_USE_SSL, Int(target.security == .none ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue))
        // Longer than the limit of a stage, which is kept here: libcurl's own would be told as something else.
        handle.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, Int(target.timeout.components.seconds) + 2)
        handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        handle.set(CURLOPT_SSL_VERIFYPEER, 1)
        handle.set(CURLOPT_SSL_VERIFYHOST, 2)
        handle.set(CURLOPT_CERTINFO, 1)
        if let file = target.authorityFile { handle.set(CURLOPT_CAINFO, file) }
        if let user = target.user {
            handle.set(CURLOPT_USERNAME, user)
            handle.set(CURLOPT_PASSWORD, target.password?.exposed ?? "")
        }
        handle.mayBegin = { [unowned self] in target.user == nil || dialogue.mechanism != nil }
        handle.onEvent = { [unowned self] in take($0) }
    }

    private func take(_ event: CurlHandle.Event) {
        switch event {
        case .sent(let text):
            for line in text.smtpLines {
                transcript.sent(line, isSecret: dialogue.awaitsCredentials)
                // libcurl takes its leave by itself after a refusal; what counts is where the session was refused.
                if line.uppercased() == "QUIT", dialogue.reply?.isPositive == false { isGivingUp = true }
                if !isGivingUp { dialogue.sent(line, at: .now) }
            }
        case .received(let text):
            for line in text.smtpLines {
                transcript.received(line)
                if !isGivingUp { dialogue.received(line, at: .now) }
            }
        case .remark(let text):
            let text = text.printableLine
            if text.hasPrefix("SSL connection using ") { cipher = String(text.dropFirst(21)) }
            if !["TLSv1", "TLS ", "Closing connection"].contains(where: text.hasPrefix) { remark = text }
        }
    }

    /// Runs what the handle is set up for.
    /// - Throws: ``SMTPFault``, or CancellationError.
    func run() throws {
        let code = try handle.perform { [self] in
            try checkStop()
            follow()
            if dialogue.stage == .banner, dialogue.stranger != nil { throw fault(.refused) }
            if ContinuousClock.now > dialogue.began + target.timeout { throw fault(.timedOut) }
        }
        follow()
        guard code == CURLE_OK else { throw fault(code) }
    }

    /// Whether the server took a message that it has got whole is worth a moment: nobody could tell later, and it would be
    /// sent twice.
    private func checkStop() throws {
        do {
            try stop.check()
        } catch {
            let now = ContinuousClock.now
            let end = stopLimit ?? now + Self.lastAnswerLimit
            stopLimit = end
            guard dialogue.handedOver, !dialogue.messageWasTaken, now < end else { throw error }
        }
    }

    /// Tells the dialogue what only libcurl's clocks show.
    private func follow() {
        if handle.microseconds(CURLINFO_NAMELOOKUP_TIME_T) > 0 { dialogue.lookedUp(at: .now) }
        if handle.microseconds(CURLINFO_CONNECT_TIME_T) > 0 { dialogue.connected(at: .now) }
        if handle.microseconds(CURLINFO_APPCONNECT_TIME_T) > 0 { dialogue.encrypted(at: .now) }
    }

    /// Sends one command and waits for its reply; only after a `run` that ended with a session. What the reply says is for
    /// the caller to judge.
    /// - Throws: ``SMTPFault`` when the connection fails.
    func command(_ line: String) throws -> SMTPReply {
        transcript.sent(line, isSecret: false)
        dialogue.sent(line, at: .now)
        do {
            try SMTPChannel(handle).write(Array((line + "\r\n").utf8), waits)
            return try awaitReply()
        } catch is SMTPChannel.Lost {
            throw fault(.lost)
        }
    }

    private func awaitReply() throws -> SMTPReply {
        var buffer: [UInt8] = []
        while true {
            while let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                take(.received(String(decoding: buffer[...end], as: UTF8.self)))
                buffer.removeSubrange(...end)
            }
            if let reply = dialogue.reply { return reply }
            // A reply has a few lines; a server that never ends one is none.
            guard buffer.count < 65_536 else { throw fault(.curl(CURLE_WEIRD_SERVER_REPLY.rawValue, "endless reply")) }
            buffer += try SMTPChannel(handle).read(waits)
        }
    }

    private func waits() throws {
        try stop.check()
        if ContinuousClock.now > dialogue.began + target.timeout { throw fault(.timedOut) }
    }

    /// The address that the connection went to.
    var peer: String? {
        handle.text(CURLINFO_PRIMARY_IP).flatMap { $0.isEmpty ? nil : $0 }
    }

    func messageIsComplete() { dialogue.messageIsComplete() }

    func fault(_ cause: SMTPFault.Cause, at stage: MailStage? = nil) -> SMTPFault {
        SMTPFault(
            stage: stage ?? dialogue.stage, cause: cause, reply: stage == nil ? dialogue.reply : nil,
            stranger: dialogue.stranger, handedOver: dialogue.handedOver)
    }

    private func fault(_ code: CURLcode) -> SMTPFault {
        SMTPFault(code, systemError: Int32(handle.number(CURLINFO_OS_ERRNO)), remark: remark, dialogue)
    }
}

extension String {
    /// The lines of a piece of dialogue, without their ends.
    var smtpLines: [String] {
        unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { String(String.UnicodeScalarView($0)) }
    }
}
