/// What a diagnosis will do: decided from the settings alone.
struct SMTPProbePlan: Sendable {
    let target: SMTPTarget
    let sender: MailAddress
    let recipient: MailAddress
    /// What is odd about the settings, although they can be used.
    let warning: (detail: String, hint: String)?

    /// - Throws: ``MailError`` at stage `config` when the settings cannot work.
    init(_ settings: MailSettings, _ options: SMTPProbe.Options) throws {
        target = try SMTPTarget(settings, authorityFile: options.authorityFile, timeout: options.timeout)
        guard let from = settings.sender else {
            throw MailError.badInput("no sender is set", hint: "set SMTP_FROM to the address that mail comes from")
        }
        sender = try MailAddress(parsing: from)
        recipient = try options.recipient ?? settings.curatorAddress.map(MailAddress.init(parsing:)) ?? sender
        guard settings.isEnabled || !options.sends else {
            throw MailError.badInput("mail is turned off (SMTP_ENABLED), so nothing was sent", hint: Self.enable)
        }
        guard settings.user != nil || settings.password == nil else {
            throw MailError.badInput("SMTP_PASSWORD is set without SMTP_USER", hint: "set both or none")
        }
        guard settings.user == nil || settings.password != nil else {
            throw MailError.badInput("SMTP_USER is set without SMTP_PASSWORD", hint: "set both or none")
        }
        warning = Self.warning(settings, target)
    }

    private static let enable = "set SMTP_ENABLED=true"

    private static func warning(_ settings: MailSettings, _ target: SMTPTarget) -> (String, String)? {
        if !settings.isEnabled {
            return ("mail is turned off (SMTP_ENABLED): nothing is sent; the server is only asked", enable)
        }
        guard target.security == .none, target.user != nil, !target.isOnThisMachine else { return nil }
        return ("the password crosses the network in clear text", "set SMTP_TLS=starttls or tls")
    }

    func message() throws -> MailMessage {
        try MailMessage(
            from: sender, to: [recipient], subject: "Test message from sysndd-ctl",
            text: "This message was sent by sysndd-ctl smtp-test to show that mail arrives.\n",
            html: "<p>This message was sent by <code>sysndd-ctl smtp-test</code> to show that mail arrives.</p>\n")
    }
}

extension SMTPTarget {
    var isOnThisMachine: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
