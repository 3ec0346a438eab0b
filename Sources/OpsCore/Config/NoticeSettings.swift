/// Where backup and migration notices go. The URLs are secrets: whoever knows one can write to it.
public struct NoticeSettings: Sendable, Equatable {
    /// Gets a POST after backups, restores and migrations (NOTIFY_WEBHOOK_URL).
    public var webhookURL: Secret?
    /// Gets a GET after each good scheduled backup (HEARTBEAT_URL).
    public var heartbeatURL: Secret?
    /// Gets a mail after backups, restores and migrations (NOTIFY_EMAIL).
    public var mailAddress: String?
    /// How that mail is sent.
    public var mail: MailSettings?

    /// Values that no variable gave; each default is that of its variable.
    public init(
        webhookURL: Secret? = nil, heartbeatURL: Secret? = nil, mailAddress: String? = nil, mail: MailSettings? = nil
    ) {
        self.webhookURL = webhookURL
        self.heartbeatURL = heartbeatURL
        self.mailAddress = mailAddress
        self.mail = mail
    }

    init(_ values: inout SettingValues, mail: MailSettings) {
        self.init(
            webhookURL: values.secret(.webhookURL), heartbeatURL: values.secret(.heartbeatURL),
            mailAddress: values.optionalText(.noticeAddress), mail: mail)
    }
}
