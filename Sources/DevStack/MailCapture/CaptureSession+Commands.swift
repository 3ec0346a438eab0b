import Foundation

extension CaptureSession {
    mutating func command(_ line: String) -> [Action] {
        let verb = line.prefix { $0 != " " }.uppercased()
        let rest = String(line.dropFirst(verb.count)).trimmingCharacters(in: .whitespaces)
        switch verb {
        case "EHLO": return hello(offering: true)
        case "HELO": return hello(offering: false)
        case "STARTTLS": return startTLS()
        case "AUTH": return [.reply(signIn(rest))]
        case "MAIL": return [.reply(sender(rest))]
        case "RCPT": return [.reply(recipient(rest))]
        case "DATA": return [.reply(data())]
        case "RSET":
            envelope = nil
            return [.reply("250 2.0.0 forgotten")]
        case "NOOP": return [.reply("250 2.0.0 nothing done")]
        case "VRFY": return [.reply("252 2.5.0 every address is taken")]
        case "QUIT": return [.reply("221 2.0.0 bye"), .close]
        default: return [.reply("500 5.5.1 unknown command")]
        }
    }

    private mutating func hello(offering: Bool) -> [Action] {
        envelope = nil
        guard offering else { return [.reply("250 \(Self.host)")] }
        let keywords =
            ["SIZE \(limits.messageBytes)", "8BITMIME", "SMTPUTF8", "PIPELINING"]
            + (offersTLS ? ["STARTTLS"] : []) + ["AUTH PLAIN LOGIN"]
        return [.reply((["250-\(Self.host)"] + keywords.dropLast().map { "250-\($0)" }).joined(separator: "\r\n"))]
            + [.reply("250 \(keywords.last!)")]
    }

    /// Everything that was said before is forgotten (RFC 3207, 4.2).
    private mutating func startTLS() -> [Action] {
        guard offersTLS else { return [.reply("502 5.5.1 not offered")] }
        offersTLS = false
        envelope = nil
        user = ""
        return [.encrypt("220 2.0.0 go ahead")]
    }

    // MARK: - Signing in

    /// Everybody may: what counts is that a program with SMTP_USER set can be tried.
    private mutating func signIn(_ text: String) -> String {
        guard envelope == nil, user.isEmpty else { return "503 5.5.1 not now" }
        if let refusal = chaos.value.authentication.reply() { return refusal }
        let words = text.split(separator: " ")
        switch words.first?.uppercased() {
        case "PLAIN" where words.count > 1: return signedIn(plain: String(words[1]))
        case "PLAIN":
            state = .credentials(left: 1)
            return "334 "
        case "LOGIN":
            let hasName = words.count > 1
            if hasName { user = Self.decoded(String(words[1])) }
            state = .credentials(left: hasName ? 1 : 2)
            return hasName ? "334 UGFzc3dvcmQ6" : "334 VXNlcm5hbWU6"
        default: return "504 5.5.4 unknown mechanism"
        }
    }

    mutating func credentials(_ line: String, left: Int) -> [Action] {
        state = .commands
        guard line != "*" else {
            user = ""
            return [.reply("501 5.0.0 sign-in given up")]
        }
        if left == 2 {
            user = Self.decoded(line)
            state = .credentials(left: 1)
            return [.reply("334 UGFzc3dvcmQ6")]
        }
        return [.reply(user.isEmpty ? signedIn(plain: line) : Self.welcome)]
    }

    private static let welcome = "235 2.7.0 welcome"

    /// `authorization NUL name NUL password`, in Base64 (RFC 4616).
    private mutating func signedIn(plain: String) -> String {
        let parts = Self.decoded(plain).split(separator: "\0", omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[1].isEmpty else { return "501 5.5.2 no credentials" }
        user = String(parts[1])
        return Self.welcome
    }

    private static func decoded(_ text: String) -> String {
        String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
    }

    // MARK: - The transaction

    private mutating func sender(_ text: String) -> String {
        guard envelope == nil else { return "503 5.5.1 a transaction is under way" }
        guard let path = CapturePath(text, keyword: "FROM") else { return "501 5.1.7 no sender" }
        if let size = path.parameters["SIZE"].flatMap({ Int($0) }), size > limits.messageBytes {
            return "552 5.3.4 a message has at most \(limits.messageBytes) bytes"
        }
        if let refusal = chaos.value.sender.reply() { return refusal }
        envelope = CaptureEnvelope(sender: path.address, user: user)
        return "250 2.1.0 sender taken"
    }

    private mutating func recipient(_ text: String) -> String {
        guard let taken = envelope?.recipients.count else { return "503 5.5.1 MAIL comes first" }
        guard let path = CapturePath(text, keyword: "TO"), !path.address.isEmpty else {
            return "501 5.1.3 no recipient"
        }
        guard taken < limits.recipients else { return "452 4.5.3 too many recipients" }
        if let refusal = chaos.value.recipient.reply() { return refusal }
        envelope?.recipients.append(path.address)
        return "250 2.1.5 recipient taken"
    }

    private mutating func data() -> String {
        guard envelope?.recipients.isEmpty == false else { return "503 5.5.1 RCPT comes first" }
        state = .message
        return "354 end with a dot on a line of its own"
    }
}
