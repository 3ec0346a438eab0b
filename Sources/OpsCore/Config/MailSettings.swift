/// How mail is sent.
public struct MailSettings: Sendable, Equatable {
    /// Mail server (SMTP_HOST); nil when none is set.
    public var host: String?
    /// TCP port (SMTP_PORT).
    public var port: Int
    /// Encryption (SMTP_TLS).
    public var security: MailSecurity
    /// Account at the mail server (SMTP_USER); nil for no sign-in.
    public var user: String?
    /// Its password (SMTP_PASSWORD).
    public var password: Secret?
    /// Address that mail comes from (SMTP_FROM), with or without a display name.
    public var sender: String?
    /// Whether mail is sent at all (SMTP_ENABLED); when that is not set, whether there is a mail server.
    public var isEnabled: Bool
    /// Gets a blind copy of each registration mail (CURATOR_EMAIL).
    public var curatorAddress: String?

    /// Values that no variable gave; each default is that of its variable.
    public init(
        host: String? = nil, port: Int = 587, security: MailSecurity = .starttls, user: String? = nil,
        password: Secret? = nil, sender: String? = nil, isEnabled: Bool? = nil, curatorAddress: String? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.sender = sender
        self.isEnabled = isEnabled ?? (host != nil)
        self.curatorAddress = curatorAddress
    }

    init(_ values: inout SettingValues) {
        self.init(
            host: values.optionalText(.smtpHost), port: values.integer(.smtpPort),
            security: values.choice(.smtpSecurity, default: .starttls), user: values.optionalText(.smtpUser),
            password: values.secret(.smtpPassword), sender: values.optionalText(.smtpSender),
            isEnabled: values.boolean(.smtpEnabled), curatorAddress: values.optionalText(.curatorAddress))
    }
}
