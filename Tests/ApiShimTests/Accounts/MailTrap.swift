import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A small mail server that takes every message, on a port that it keeps when it is stopped and started again.
final class MailTrap: Sendable {
    struct Mail: Sendable, Equatable {
        var recipients: [String] = []
        var lines: [String] = []

        /// Headers and text; a long line of quoted-printable text is joined again.
        var text: String {
            lines.joined(separator: "\n").replacing("=\n", with: "").replacing("=3D", with: "=")
        }

        func header(_ name: String) -> String? {
            lines.first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }.map {
                String($0.dropFirst(name.count + 2))
            }
        }
    }

    private struct State {
        var channel: (any Channel)?
        var port = 0
        var mails: [Mail] = []
        /// What is answered to a message; 250 takes it, nil leaves the sender waiting.
        var dataReply: String? = "250 taken"
        /// Messages that were handed over, taken or not.
        var handedOver = 0
    }

    private let state = Mutex(State())

    var port: Int { state.withLock { $0.port } }
    var mails: [Mail] { state.withLock { $0.mails } }
    var handedOver: Int { state.withLock { $0.handedOver } }

    /// From now on every message gets this answer.
    func answerMessages(with reply: String?) { state.withLock { $0.dataReply = reply } }

    func start() async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Session(self))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        state.withLock {
            $0.channel = channel
            $0.port = channel.localAddress?.port ?? 0
        }
    }

    func stop() async throws {
        let channel = state.withLock { state in
            defer { state.channel = nil }
            return state.channel
        }
        try await channel?.close()
    }

    fileprivate func take(_ mail: Mail) -> String? {
        state.withLock { state in
            state.handedOver += 1
            if state.dataReply?.hasPrefix("2") == true { state.mails.append(mail) }
            return state.dataReply
        }
    }

    /// One connection.
    private final class Session: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let trap: MailTrap
        private var pending = ""
        private var mail = Mail()
        private var isInData = false

        init(_ trap: MailTrap) { self.trap = trap }

        func channelActive(context: ChannelHandlerContext) { reply("220 trap ESMTP", context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pending += String(buffer: unwrapInboundIn(data))
            while let end = pending.range(of: "\r\n") {
                let line = String(pending[..<end.lowerBound])
                pending.removeSubrange(..<end.upperBound)
                take(line, context)
            }
        }

        private func take(_ line: String, _ context: ChannelHandlerContext) {
            if isInData {
                guard line == "." else { return mail.lines.append(line) }
                isInData = false
                if let answer = trap.take(mail) { reply(answer, context) }
                mail = Mail()
                return
            }
            switch line.prefix(4).uppercased() {
            case "RCPT":
                mail.recipients.append(String(line.dropFirst(8).prefix { $0 != " " }.filter { !"<>".contains($0) }))
                reply("250 yes", context)
            case "DATA":
                isInData = true
                reply("354 go on", context)
            case "QUIT":
                reply("221 bye", context)
                context.close(promise: nil)
            default: reply("250 yes", context)
            }
        }

        private func reply(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
        }
    }
}
