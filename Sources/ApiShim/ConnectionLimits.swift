import NIOCore

/// How long the shim waits for a client.
struct ConnectionLimits: Sendable {
    /// A connection without a request, or whose header does not come to its end, is closed after this time.
    var idle = TimeAmount.seconds(60)
    /// The longest time from the header to the end of the body; no body is longer than 64 KiB.
    var request = TimeAmount.seconds(30)
    /// The longest time in which a client takes nothing of an answer.
    var stall = TimeAmount.seconds(60)
}
