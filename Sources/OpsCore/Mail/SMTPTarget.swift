import Foundation

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

    private init(
        host: String, port: Int, security: MailSecurity, user: String?, password: Secret?, authorityFile: String?,
        timeout: Duration
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.authorityFile = authorityFile
        self.timeout = timeout
    }

    /// - Throws: ``MailError`` at stage `config` when there is no server, or no certificate in the file of authorities.
    init(_ settings: MailSettings, authorityFile: String?, timeout: Duration) throws {
        guard let host = settings.host else {
            throw MailError.badInput("no mail server is set", hint: "set SMTP_HOST")
        }
        try authorityFile.map(Self.checkAuthorities)
        self.init(
            host: host, port: settings.port, security: settings.security, user: settings.user,
            password: settings.password, authorityFile: authorityFile, timeout: timeout)
    }

    /// libcurl finds out only when the server has shown its certificate, and then it looks like that one's fault.
    private static func checkAuthorities(in file: String) throws {
        let text = (try? Data(contentsOf: URL(filePath: file))).map { String(decoding: $0, as: UTF8.self) }
        guard text?.contains(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/) == true else {
            throw MailError.badInput(
                "no certificate can be read from \(file.printable)",
                hint: "give a readable PEM file that holds certificates of authorities")
        }
    }

    /// `host:port`, for messages.
    var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    var url: String {
        let name = host.contains(":") ? "[\(host.replacing("%", with: "%25"))]" : host
        return "\(security == .tls ? "smtps" : "smtp")://\(name):\(port)"
    }

    /// In a few words.
    var summary: String { "\(place), \(security.rawValue), \(user.map { "as \($0)" } ?? "without sign-in")" }

    /// For a look at the server that tells it nothing.
    var withoutCredentials: SMTPTarget {
        SMTPTarget(
            host: host, port: port, security: security, user: nil, password: nil, authorityFile: authorityFile,
            timeout: timeout)
    }
}
