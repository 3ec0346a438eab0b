import Foundation
import HummingbirdTesting
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import ApiShim
@testable import OpsCore

/// Clients that begin something and do not end it. Each is let go, and the others are served meanwhile.
@Suite struct SlowClientTests {
    /// A connection that sends what it is told to, piece by piece, and knows what came and whether it is over.
    private final class Client: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let received = Mutex(0)
        private let closed = Mutex(false)

        var isClosed: Bool { closed.withLock { $0 } }
        var bytes: Int { received.withLock { $0 } }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let count = unwrapInboundIn(data).readableBytes
            received.withLock { $0 += count }
        }

        func channelInactive(context: ChannelHandlerContext) { closed.withLock { $0 = true } }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { closed.withLock { $0 = true } }
    }

    private func connect(_ port: Int, reads: Bool = true) async throws -> (Client, any Channel) {
        let client = Client()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { $0.pipeline.addHandler(client) }
            .connect(host: "127.0.0.1", port: port).get()
        return (client, channel)
    }

    /// Sends a byte every now and then until the shim has had enough.
    private func trickle(_ client: Client, _ channel: any Channel) async throws {
        try await eventually {
            // A connection that is closed while it is written to is what is waited for.
            try? await channel.writeAndFlush(ByteBuffer(string: "x"))
            try await Task.sleep(for: .milliseconds(50))
            return client.isClosed
        }
    }

    private static func with(
        _ limits: ConnectionLimits, _ body: @escaping @Sendable (Int, String, OperationFixture) async throws -> Void
    ) async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.limits = limits
            let token = try await fixture.token()
            try await fixture.serving { [fixture] client in
                try await body(try #require(client.port), token, fixture)
                // On a connection of its own: that of the client was idle too.
                let health = HTTPCall(url: "http://127.0.0.1:\(try #require(client.port))/api/health/")
                try await eventually { (try? await health.send().status) == 200 }
            }
        }
    }

    private static let head = "POST /api/backup/restore HTTP/1.1\r\nHost: x\r\n"

    @Test func aConnectionWithoutARequestIsClosed() async throws {
        try await Self.with(ConnectionLimits(idle: .milliseconds(300))) { port, _, _ in
            let (client, _) = try await connect(port)
            try await eventually { client.isClosed }
            #expect(client.bytes == 0)
        }
    }

    @Test func aHeaderThatTricklesIsNotWaitedFor() async throws {
        try await Self.with(ConnectionLimits(idle: .milliseconds(500))) { port, _, _ in
            let (client, channel) = try await connect(port)
            try await channel.writeAndFlush(ByteBuffer(string: Self.head + "X-Slow: "))
            try await trickle(client, channel)
        }
    }

    @Test func aBodyThatTricklesIsNotWaitedFor() async throws {
        try await Self.with(ConnectionLimits(request: .milliseconds(500))) { port, token, _ in
            let (client, channel) = try await connect(port)
            let rest =
                "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
            try await channel.writeAndFlush(ByteBuffer(string: Self.head + rest))
            try await trickle(client, channel)
            #expect(client.bytes == 0)
        }
    }

    /// The file of the download is closed with the connection.
    @Test func aClientThatTakesNothingIsNotWaitedFor() async throws {
        try await Self.with(ConnectionLimits(stall: .seconds(3))) { port, token, fixture in
            let file = fixture.folder + "/big.sql"
            try fixture.write("big.sql", "")
            try FileHandle(forWritingTo: URL(filePath: file)).truncate(atOffset: 1 << 30)
            let open = OpenFiles.count(of: file)
            let (_, channel) = try await connect(port, reads: false)
            let request =
                "GET /api/backup/download/big.sql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n"
            try await channel.writeAndFlush(ByteBuffer(string: request))
            try await eventually { OpenFiles.count(of: file) == open + 1 }
            try await eventually { OpenFiles.count(of: file) == open }
            try await channel.close()
        }
    }

    /// Limits are for those that stand still: a slow one that goes on gets the whole file.
    @Test func aSlowDownloadThatGoesOnComesToItsEnd() async throws {
        try await Self.with(ConnectionLimits(stall: .seconds(20))) { port, token, fixture in
            let size = 32 << 20
            try fixture.write("slow.sql", "")
            try FileHandle(forWritingTo: URL(filePath: fixture.folder + "/slow.sql")).truncate(atOffset: UInt64(size))
            let (client, channel) = try await connect(port, reads: false)
            let request =
                "GET /api/backup/download/slow.sql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n"
            try await channel.writeAndFlush(ByteBuffer(string: request))
            try await eventually {
                channel.read()
                return client.bytes > size
            }
            try await channel.close()
        }
    }
}

/// Which files of the shim, which runs in this process, are open.
enum OpenFiles {
    static func count(of path: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.count {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
        }
    }
}
