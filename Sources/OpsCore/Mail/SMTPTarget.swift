/// A mail server and how to talk to it.
struct SMTPTarget: Sendable {
    let host: String
    let port: Int
    let security: MailSecurity
    let user: String?
    let password: Secret?
    /// File with the certificates of the trusted authorities; nil for those of the system.
    let authorityFile: String?
    /// The longest that one stage may take.
    let timeout: Duration

    /// - Throws: ``MailError`` at stage `config` when there is no server.
    init(_ settings: MailSettings, authorityFile: String?, timeout: Duration) throws {
        guard let host = settings.host else {
            throw MailError.badInput("no mail server is set", hint: "set SMTP_HOST")
        }
        self.host = host
        port = settings.port
        security = settings.security
        user = settings.user
        password = settings.password
        self.authorityFile = authorityFile
        self.timeout = timeout
    }

    /// `host:port`, for messages.
    var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    var url: String {
        let name = host.contains(":") ? "[\(host.replacing("%", with: "%25"))]" : host
        return "\(security == .tls ? "smtps" : "smtp")://\(name):\(port)"
    }
}
