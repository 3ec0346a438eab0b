/// Follows a session with a mail server, command by command: which stage it is at, what the server answered there, how
/// long each took. A pure value: it is told what happened and when.
struct SMTPDialogue: Sendable {
    /// A stage that is over.
    struct Passed: Equatable, Sendable {
        let stage: MailStage
        let duration: Duration
        let reply: SMTPReply?
    }

    typealias Instant = ContinuousClock.Instant

    /// Where the session is now.
    private(set) var stage = MailStage.dns
    /// When that began.
    private(set) var began: Instant
    /// The stages before it, in order.
    private(set) var passed: [Passed] = []
    /// The last complete reply at this stage; nil before there is one.
    private(set) var reply: SMTPReply?
    /// What the last EHLO was answered with, one keyword a line, its first line left out.
    private(set) var offers: [String] = []
    /// The mechanism with which signing in was tried.
    private(set) var mechanism: String?
    /// True once STARTTLS was asked for.
    private(set) var askedForTLS = false
    /// True once the end of the message was sent.
    private(set) var handedOver = false
    /// Whatever the server said that is no reply, such as the first line of another protocol.
    private(set) var stranger: String?
    private let security: MailSecurity
    private var reader = SMTPReplyReader()

    init(_ security: MailSecurity, at now: Instant) {
        self.security = security
        began = now
    }

    /// The name was looked up.
    mutating func lookedUp(at now: Instant) { if stage == .dns { enter(.connect, at: now) } }

    /// The TCP connection stands.
    mutating func connected(at now: Instant) {
        lookedUp(at: now)
        if stage == .connect { enter(security == .tls ? .tls : .banner, at: now) }
    }

    /// TLS from the first byte stands.
    mutating func encrypted(at now: Instant) { if stage == .tls, security == .tls { enter(.banner, at: now) } }

    /// The message was read to its end.
    mutating func messageIsComplete() { handedOver = true }

    /// One line came from the server.
    mutating func received(_ line: String, at now: Instant) {
        connected(at: now)
        encrypted(at: now)
        guard let reply = reader.take(line) else {
            if stage == .banner, stranger == nil, !line.hasPrefix("2") { stranger = line.printableLine }
            return
        }
        self.reply = reply
        if stage == .ehlo || stage == .ehlo2 { offers = reply.isPositive ? Array(reply.lines.dropFirst()) : [] }
    }

    /// One line was sent to the server.
    mutating func sent(_ line: String, at now: Instant) {
        defer { reply = nil }
        // Credentials are sent without a verb, while the server waits for them.
        if awaitsCredentials { return }
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let verb = words.first?.uppercased(), let next = stage(after: verb) else { return }
        if verb == "STARTTLS" { askedForTLS = true }
        if verb == "AUTH", words.count > 1 { mechanism = words[1].uppercased() }
        if next != stage { enter(next, at: now) }
    }

    /// What is sent next are credentials.
    var awaitsCredentials: Bool { stage == .auth && reply?.code == 334 }

    private func stage(after verb: String) -> MailStage? {
        switch verb {
        case "EHLO", "HELO": askedForTLS ? .ehlo2 : .ehlo
        case "STARTTLS": .tls
        case "AUTH": .auth
        case "MAIL": .mail
        case "RCPT": .rcpt
        case "DATA", "BDAT": .data
        case "QUIT": .quit
        default: nil
        }
    }

    /// Ends the stage and begins the next.
    mutating func enter(_ next: MailStage, at now: Instant) {
        passed.append(Passed(stage: stage, duration: now - began, reply: reply))
        stage = next
        began = now
        reply = nil
    }
}

extension SMTPDialogue {
    /// The mechanisms that the server offers, upper-case.
    var mechanisms: [String] {
        offers.map { $0.uppercased() }.filter { $0.hasPrefix("AUTH ") || $0.hasPrefix("AUTH=") }
            .flatMap { $0.dropFirst(5).split(separator: " ").map(String.init) }
    }

    /// Whether the server took the message over, in words.
    var messageWasTaken: Bool {
        let isYes = { (reply: SMTPReply?) in reply.map { (200..<300).contains($0.code) } == true }
        return stage == .data && isYes(reply) || passed.contains { $0.stage == .data && isYes($0.reply) }
    }

    /// Whether the server offers an extension, in whatever case it spells it.
    func offers(_ keyword: String) -> Bool {
        offers.contains { $0.split(separator: " ").first?.uppercased() == keyword }
    }

    /// Whether it offers it, but spelled in a way that libcurl does not see: it compares byte by byte.
    func misspells(_ keyword: String) -> Bool {
        offers(keyword) && !offers.contains { $0.hasPrefix(keyword) }
    }
}
