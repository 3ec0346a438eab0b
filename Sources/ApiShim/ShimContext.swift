import Hummingbird
import NIOCore
import OpsCore

/// What every handler knows of its request.
struct ShimContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Stands in the log lines and in the answer, so that one leads to the other.
    var requestID: String { facts.id }
    /// The address at the other end of the connection, which may be a proxy's; nil for a connection without one.
    var peer: String? { facts.remote?.ipAddress }
    /// Who asks; nil for a request without a token.
    var identity: AccessClaims? {
        get { caller?.claims }
        set { caller = newValue.map(Caller.init) }
    }
    /// What the audit is told beside the request itself.
    var audit: AuditNote { facts.audit }

    // By reference, because every middleware copies the context.
    private let facts: Facts
    private var caller: Caller?

    private final class Facts: Sendable {
        let id: String
        /// Taken at once: the client may be gone when it is asked for.
        let remote: SocketAddress?
        let audit = AuditNote()

        init(_ source: Source) {
            // A log handler that keeps no metadata has no id either.
            id = source.logger[metadataKey: "hb.request.id"]?.description ?? RequestID().description
            remote = source.channel.remoteAddress
        }
    }

    private final class Caller: Sendable {
        let claims: AccessClaims

        init(_ claims: AccessClaims) { self.claims = claims }
    }

    init(source: Source) {
        coreContext = .init(source: source)
        facts = Facts(source)
    }
}
