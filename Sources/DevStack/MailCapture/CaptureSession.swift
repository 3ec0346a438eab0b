/// The dialogue of one SMTP connection, from the server's side (RFC 5321): bytes in, replies and messages out.
///
/// A pure value. It keeps at most one line and one message of the size that is allowed.
struct CaptureSession {
    /// What is to be done now, in this order.
    enum Action: Equatable {
        case reply(String)
        /// A whole message came; its reply is `accepted`, once it is kept.
        case keep(CaptureEnvelope, [UInt8])
        /// STARTTLS was asked for: this reply is the last one in clear text.
        case encrypt(String)
        case close

        fileprivate var endsReading: Bool {
            switch self {
            case .close, .encrypt: true
            case .reply, .keep: false
            }
        }
    }

    enum State: Equatable {
        case commands
        case message
        /// A message that is too large: read to its end, and forgotten.
        case tooLarge
        /// Waits for a line with credentials; whatever they are, they are accepted.
        case credentials(left: Int)
    }

    static let greeting = "220 sysndd-ctl mail capture"
    static let accepted = "250 2.0.0 captured"
    static let host = "localhost"

    let limits: CaptureLimits
    let chaos: CaptureChaos.Switch
    /// Whether STARTTLS is offered now.
    var offersTLS: Bool
    var state = State.commands
    /// nil between transactions.
    var envelope: CaptureEnvelope?
    var user = ""
    private var line: [UInt8] = []
    private var lineIsTooLong = false
    private var message: [UInt8] = []

    init(
        limits: CaptureLimits = CaptureLimits(), chaos: CaptureChaos.Switch = .init(), offersTLS: Bool = false
    ) {
        self.limits = limits
        self.chaos = chaos
        self.offersTLS = offersTLS
    }

    /// Takes what the client sent. What follows STARTTLS in clear text is dropped: somebody in between could have put it
    /// there (RFC 3207, 5).
    mutating func receive(_ bytes: some Sequence<UInt8>) -> [Action] {
        var actions: [Action] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                actions += endLine()
                if actions.last?.endsReading == true { break }
            } else if line.count < lineLimit {
                line.append(byte)
            } else {
                lineIsTooLong = true
            }
        }
        return actions
    }

    /// A message is bounded as a whole: its lines may be as long as they like.
    private var lineLimit: Int { state == .message ? limits.messageBytes + 1 : limits.lineBytes }

    private mutating func endLine() -> [Action] {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer {
            line.removeAll(keepingCapacity: line.capacity <= 65_536)
            lineIsTooLong = false
        }
        switch state {
        case .message, .tooLarge: return endMessageLine()
        case .commands where lineIsTooLong, .credentials where lineIsTooLong:
            state = .commands
            return [.reply("500 5.5.2 line too long")]
        case .commands: return command(String(decoding: line, as: UTF8.self))
        case .credentials(let left): return credentials(String(decoding: line, as: UTF8.self), left: left)
        }
    }

    private mutating func endMessageLine() -> [Action] {
        guard line != [UInt8(ascii: ".")] || lineIsTooLong else { return endMessage() }
        if state == .tooLarge { return [] }
        let content = line.first == UInt8(ascii: ".") ? line.dropFirst() : line[...]
        if lineIsTooLong || message.count + content.count + 2 > limits.messageBytes {
            message = []
            state = .tooLarge
        } else {
            message += content
            message += [13, 10]
        }
        return []
    }

    private mutating func endMessage() -> [Action] {
        defer {
            message = []
            envelope = nil
            state = .commands
        }
        guard state == .message, let envelope else {
            return [.reply("552 5.3.4 a message has at most \(limits.messageBytes) bytes")]
        }
        return [.keep(envelope, message), .reply(Self.accepted)]
    }
}
