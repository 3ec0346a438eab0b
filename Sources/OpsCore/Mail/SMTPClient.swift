import CCurl

/// Sends mail through the server of the settings.
///
/// One session a message; all recipients, blind copies too, in one transaction: either all of them are accepted, or the
/// message is not sent. TLS that is asked for is never done without, and a user that is set always signs in.
public struct SMTPClient: Sendable {
    private let settings: MailSettings
    private let timeout: Duration
    private let authorityFile: String?

    /// - Parameters:
    ///   - timeout: the longest that one stage may take, such as the connection or the answer to a command.
    ///   - authorityFile: certificates of the authorities to trust; nil for those of the system.
    public init(_ settings: MailSettings, timeout: Duration = .seconds(30), authorityFile: String? = nil) {
        self.settings = settings
        self.timeout = timeout
        self.authorityFile = authorityFile
    }

    /// Returns once the server has taken the message over.
    /// - Throws: ``MailError``, at stage `config` when mail is turned off; CancellationError when the task is cancelled,
    ///   except that the answer to a message that was handed over is waited for a little longer.
    public func send(_ message: MailMessage) async throws {
        guard settings.isEnabled || settings.host == nil else {
            throw MailError(.config, "mail is turned off, so nothing was sent", hint: "set SMTP_ENABLED=true")
        }
        let target = try SMTPTarget(settings, authorityFile: authorityFile, timeout: timeout)
        try await BlockingMail.run { try Self.send(message, to: target, $0) }
    }

    private static func send(_ message: MailMessage, to target: SMTPTarget, _ stop: BlockingMail.Stop) throws {
        let session = try SMTPSession(target, stop: stop)
        session.handle.set(CURLOPT_MAIL_FROM, message.from.address)
        session.handle.set(CURLOPT_MAIL_RCPT, message.recipients.map(\.address))
        session.handle.setUpload(message.rendered()) { [unowned session] in session.messageIsComplete() }
        do {
            try session.run()
            session.handle.saysFarewell = true
        } catch let fault as SMTPFault {
            // A farewell that fails after the message was taken does not matter.
            if fault.stage == .quit, session.dialogue.messageWasTaken { return }
            throw MailError(fault, target)
        } catch is CancellationError where session.dialogue.messageWasTaken {
            // Whoever believes that it was not sent would send it again.
        }
    }
}

extension MailError {
    init(_ fault: SMTPFault, _ target: SMTPTarget) {
        self.init(
            fault.stage, "mail to \(target.place) failed at stage \(fault.stage.rawValue): \(fault.detail(target))",
            isTemporary: fault.isTemporary, outcomeIsUnknown: fault.handedOver && fault.reply?.code ?? 354 == 354,
            replyCode: fault.reply.flatMap { $0.isPositive ? nil : $0.code }, hint: fault.hint(target))
    }
}
