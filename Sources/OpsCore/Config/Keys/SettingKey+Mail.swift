extension SettingKey {
    static let mail = [
        smtpHost, smtpPort, smtpSecurity, smtpUser, smtpPassword, smtpSender, smtpEnabled, curatorAddress,
    ]

    static let smtpHost = SettingKey("SMTP_HOST", .host, "host of the mail server")
    static let smtpPort = SettingKey(
        "SMTP_PORT", .integer(1...65535), default: "587", "TCP port of the mail server")
    static let smtpSecurity = SettingKey(
        "SMTP_TLS", .choice(MailSecurity.allCases.map(\.rawValue)), default: MailSecurity.starttls.rawValue,
        "encryption of the mail connection")
    static let smtpUser = SettingKey("SMTP_USER", .text, "account at the mail server")
    static let smtpPassword = SettingKey(
        "SMTP_PASSWORD", .secret(minimumBytes: 0), secret: true, "password of the account at the mail server")
    static let smtpSender = SettingKey("SMTP_FROM", .mailAddress, "address that mail comes from")
    static let smtpEnabled = SettingKey(
        "SMTP_ENABLED", .boolean, "whether mail is sent; without it, when SMTP_HOST is set")
    static let curatorAddress = SettingKey(
        "CURATOR_EMAIL", .mailAddress, "gets a blind copy of each registration mail")
}
