/// Why a message was not sent: the stage, the server's answer, and whether it makes sense to try again.
public struct MailError: OperatorError, Equatable {
    /// Where it failed.
    public let stage: MailStage
    /// True when the same message may go through later although nobody changes anything: the server refused with a 4xx
    /// reply, could not be reached, or the connection was lost.
    public let isTemporary: Bool
    /// True when the whole message had been handed over and the server's answer did not come: it may have been accepted,
    /// so sending it again may make a second copy.
    public let outcomeIsUnknown: Bool
    /// The server's reply code; nil when it did not answer.
    public let replyCode: Int?
    public let message: String
    public let hint: String?

    /// Makes an error; the message names host and addresses, never a password.
    public init(
        _ stage: MailStage, _ message: String, isTemporary: Bool = false, outcomeIsUnknown: Bool = false,
        replyCode: Int? = nil, hint: String? = nil
    ) {
        self.stage = stage
        self.message = message
        self.isTemporary = isTemporary
        self.outcomeIsUnknown = outcomeIsUnknown
        self.replyCode = replyCode
        self.hint = hint
    }

    public var code: String {
        switch stage {
        case .config: "MAIL_SETTINGS"
        case .dns, .connect: "MAIL_UNREACHABLE"
        case .banner, .ehlo, .ehlo2, .quit: "MAIL_SERVER_FAILED"
        case .tls: "MAIL_TLS_FAILED"
        case .auth: "MAIL_SIGN_IN_REFUSED"
        case .mail, .rcpt: "MAIL_ADDRESS_REFUSED"
        case .data: "MAIL_REFUSED"
        }
    }

    /// 17 when the server said to come back later, else that of the stage.
    public var exitStatus: ExitStatus {
        replyCode.map { (400..<500).contains($0) } == true ? .mailTemporary : stage.exitStatus
    }

    static func badInput(_ message: String, hint: String? = nil) -> MailError {
        MailError(.config, message, hint: hint)
    }
}
