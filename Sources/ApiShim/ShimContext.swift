import Hummingbird
import Logging
import NIOCore
import OpsCore
import Synchronization

/// What every handler knows of its request.
struct ShimContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Stands in the log lines and in the answer, so that one leads to the other.
    var id: String { facts.id }
    /// Does not name the request.
    var plainLogger: Logger { facts.logger }
    /// Names the request in its lines. It is made when there is one to write, which is seldom.
    var logger: Logger {
        var logger = plainLogger
        logger[metadataKey: "request_id"] = .string(id)
        return logger
    }
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
        private static let next = Atomic(UInt64.random(in: 1 << 56..<1 << 59))

        /// 15 hexadecimal digits: as much text as needs no memory of its own.
        let id = String(Facts.next.wrappingAdd(1, ordering: .relaxed).oldValue, radix: 16)
        /// Taken at once: the client may be gone when it is asked for.
        let remote: SocketAddress?
        let logger: Logger
        let audit = AuditNote()

        init(_ source: Source) {
            remote = source.channel.remoteAddress
            logger = source.logger
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
