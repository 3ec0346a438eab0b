/// How a connection to the database is encrypted, and whether the server must prove who it is.
public enum TLSMode: String, Sendable, Equatable, CaseIterable {
    /// Never TLS.
    case disabled
    /// TLS when the server offers it, nothing verified.
    case preferred
    /// TLS or no connection, nothing verified.
    case required
    /// TLS, and the certificate must come from a trusted authority.
    case verifyCA = "verify-ca"
    /// TLS, a trusted authority, and the certificate must be for this host.
    case verifyIdentity = "verify-identity"
}
