import Hummingbird
import NIOCore
import OpsCore

/// What every handler knows of its request.
struct ShimContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Stands in the log lines and in the answer, so that one leads to the other.
    let requestID: String
    /// The address at the other end of the connection, which may be a proxy's; nil for a connection without one.
    var peer: String? { remote?.ipAddress }
    /// Taken at once: the client may be gone when it is asked for.
    private let remote: SocketAddress?
    /// Who asks; nil for a request without a token.
    var identity: AccessClaims?
    /// What the audit is told beside the request itself.
    let audit = AuditNote()

    init(source: Source) {
        coreContext = .init(source: source)
        // A log handler that keeps no metadata has no id either.
        requestID = source.logger[metadataKey: "hb.request.id"].map(String.init(describing:)) ?? "\(RequestID())"
        remote = source.channel.remoteAddress
    }
}
