import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes the connection of a client that is too slow to be waited for: one whose request does not come to its end, or that
/// takes nothing of an answer. What it holds, such as an open file, is free again then.
///
/// A connection on which nothing begins, or only a part of the header comes, is the server's own to close.
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let limits: ConnectionLimits
    private var isReading = false
    private var reading: Scheduled<Void>?
    private var writing: Scheduled<Void>?

    init(_ limits: ConnectionLimits) { self.limits = limits }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isReading = true
        case .end:
            isReading = false
            stop(&reading)
        case .body: break
        }
        context.fireChannelRead(data)
    }

    /// Most requests come whole, and need no timer.
    func channelReadComplete(context: ChannelHandlerContext) {
        if isReading, reading == nil { reading = close(context, after: limits.request) }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stop(&writing)
        if !context.channel.isWritable { writing = close(context, after: limits.stall) }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop(&reading)
        stop(&writing)
    }

    private func stop(_ timer: inout Scheduled<Void>?) {
        timer?.cancel()
        timer = nil
    }

    private func close(_ context: ChannelHandlerContext, after time: TimeAmount) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
