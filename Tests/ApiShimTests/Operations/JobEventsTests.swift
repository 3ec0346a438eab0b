import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import ApiShim
@testable import OpsCore

/// The stream of a job that goes on until it is told to end.
@Suite struct JobEventsTests {
    /// A job of another process, as far as the shim can tell.
    private final class Work: Sendable {
        private let state = Mutex((progress: JobProgress(step: "rows"), isOver: false))

        func report(_ current: Int) { state.withLock { $0.progress.current = current } }
        func end() { state.withLock { $0.isOver = true } }

        func run(_ job: JobContext) async throws -> String {
            while true {
                let (progress, isOver) = state.withLock { $0 }
                job.report(progress)
                if isOver { return "done" }
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    /// One request for the events of a job, and what has come of the answer.
    private final class Listener: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let received = Mutex("")
        var text: String { received.withLock { $0 } }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let piece = String(buffer: unwrapInboundIn(data))
            received.withLock { $0 += piece }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {}

        static func open(_ id: String, _ port: Int) async throws -> (Listener, any Channel) {
            let listener = Listener()
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { $0.pipeline.addHandler(listener) }
                .connect(host: "127.0.0.1", port: port).get()
            try await channel.writeAndFlush(
                ByteBuffer(string: "GET /api/jobs/\(id)/events HTTP/1.1\r\nHost: x\r\n\r\n"))
            return (listener, channel)
        }
    }

    private static func with(
        _ body: @escaping @Sendable (any TestClientProtocol, Work, String) async throws -> Void
    ) async throws {
        try await OperationFixture.with { fixture in
            try await fixture.serving { client in
                let work = Work()
                let runner = JobRunner(database: fixture.settings.database, logger: Logger(label: "test"))
                let id = try await runner.submit(.backupCreate, by: "ada") { try await work.run($0) }
                let outcome = await Result { try await body(client, work, id) }
                work.end()
                try await eventually { await !runner.isBusy }
                try outcome.get()
            }
        }
    }

    @Test func progressIsToldWhenItChangesAndTheEndOnce() async throws {
        try await Self.with { client, work, id in
            let (listener, channel) = try await Listener.open(id, try #require(client.port))
            try await eventually { listener.text.contains("event: progress\ndata: {") }
            for step in [17, 18] {
                work.report(step)
                try await eventually { listener.text.contains("\"progress\":{\"current\":\(step),") }
            }
            #expect(!listener.text.contains("event: end"))
            work.end()
            try await eventually { listener.text.contains("event: end\ndata: {") }
            #expect(listener.text.contains("\"status\":\"completed\""))
            try await channel.close()
        }
    }

    /// As many as there may be are opened, and left without a word.
    @Test func aClientThatGoesLeavesNoStreamBehind() async throws {
        try await Self.with { client, work, id in
            let port = try #require(client.port)
            var channels: [any Channel] = []
            for _ in 0..<JobStreams.maximum {
                let (listener, channel) = try await Listener.open(id, port)
                try await eventually { listener.text.hasPrefix("HTTP/1.1 200") }
                channels.append(channel)
            }
            let path = "/api/jobs/\(id)/events"
            let full = try await client.call(.get, path)
            #expect(full.status == 503)
            #expect(full.headers["retry-after"] == "5")
            for channel in channels { try await channel.close() }
            var current = 0
            try await eventually {
                // Whoever is told something shows whether it is still there.
                current += 1
                work.report(current)
                let (listener, channel) = try await Listener.open(id, port)
                try await eventually { listener.text.hasPrefix("HTTP/1.1 ") }
                try await channel.close()
                return listener.text.hasPrefix("HTTP/1.1 200")
            }
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
