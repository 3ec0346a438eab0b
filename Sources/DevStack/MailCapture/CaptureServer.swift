import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The SMTP server of the mail capture, on 127.0.0.1 only.
struct CaptureServer: Sendable {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// A client that says nothing for this long is let go (RFC 5321, 4.5.3.2 asks for five minutes).
    private static let idleLimit = TimeAmount.minutes(5)

    let store: MailStore
    let chaos: CaptureChaos.Switch
    let limits: CaptureLimits
    /// With it STARTTLS is offered.
    let tls: NIOSSLContext?

    /// Listens, and serves until the task is cancelled.
    /// - Parameter onRunning: called once the port is open, with its number.
    func run(port: Int, onRunning: @Sendable (Int) async -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(readTimeout: Self.idleLimit))
                    try channel.pipeline.syncOperations.addHandler(IdleClose())
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        let open = Counter()
        try await server.executeThenClose { connections in
            await onRunning(server.channel.localAddress?.port ?? port)
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await serve(connection, open) }
                }
            }
        }
    }

    private func serve(_ connection: Connection, _ open: Counter) async {
        let count = open.add(1)
        defer { open.add(-1) }
        // A client that goes away in the middle ends its own connection, nothing else.
        try? await connection.executeThenClose { input, output in
            guard count <= limits.connections else {
                try await output.write(Self.line("421 4.3.2 too many connections"))
                return
            }
            try await output.write(Self.line(CaptureSession.greeting))
            var session = CaptureSession(limits: limits, chaos: chaos, offersTLS: tls != nil)
            for try await buffer in input {
                for action in session.receive(buffer.readableBytesView) {
                    switch action {
                    case .reply(let text): try await output.write(Self.line(text))
                    case .keep(let envelope, let bytes): await store.add(CapturedMail(bytes, envelope))
                    case .encrypt(let text): try await encrypt(connection.channel, after: text)
                    case .close: return
                    }
                }
            }
        }
    }

    /// In one turn of the event loop: nothing is read between the reply in clear text and the beginning of TLS.
    private func encrypt(_ channel: any Channel, after reply: String) async throws {
        guard let tls else { return }
        try await channel.eventLoop.submit {
            channel.writeAndFlush(Self.line(reply), promise: nil)
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
        }.get()
    }

    private static func line(_ text: String) -> ByteBuffer { ByteBuffer(string: text + "\r\n") }

    private final class Counter: Sendable {
        private let value = Mutex(0)

        @discardableResult
        func add(_ number: Int) -> Int {
            value.withLock {
                $0 += number
                return $0
            }
        }
    }
}

/// Closes a connection on which nothing was read for too long.
private final class IdleClose: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else { return context.fireUserInboundEventTriggered(event) }
        context.close(promise: nil)
    }
}
