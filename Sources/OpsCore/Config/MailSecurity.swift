/// How a connection to the mail server is encrypted.
public enum MailSecurity: String, Sendable, Equatable, CaseIterable {
    /// Plain text, for a mail capture on this machine.
    case none
    /// Starts in plain text and must be upgraded with STARTTLS before anything else is said.
    case starttls
    /// TLS from the first byte, usually on port 465.
    case tls
}
