/// The stages of handing a message to a mail server, in the order in which a STARTTLS session passes them. With TLS from
/// the first byte, ``tls`` comes before ``banner`` and there is no second EHLO.
public enum MailStage: String, Codable, Sendable, CaseIterable {
    /// The settings, before anything leaves this machine.
    case config
    /// Looking the server's name up.
    case dns
    /// The TCP connection.
    case connect
    /// The server's greeting.
    case banner
    /// What the server offers.
    case ehlo
    /// Encryption and the server's certificate.
    case tls
    /// What the server offers once encrypted.
    case ehlo2
    /// Signing in.
    case auth
    /// The sender.
    case mail
    /// The recipients.
    case rcpt
    /// The message itself.
    case data
    /// The farewell.
    case quit

    /// The exit code of a command that fails for good at this stage.
    public var exitStatus: ExitStatus {
        switch self {
        case .config: .badSettings
        case .dns: .mailNameLookup
        case .connect: .mailConnection
        case .banner, .ehlo, .ehlo2: .mailGreeting
        case .tls: .mailTLS
        case .auth: .mailSignIn
        case .mail, .rcpt: .mailAddress
        case .data, .quit: .mailData
        }
    }
}
