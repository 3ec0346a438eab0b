/// How much a mail capture takes; beyond that it refuses, or forgets its oldest messages.
struct CaptureLimits: Sendable {
    /// Bytes of one message (SIZE, RFC 1870).
    var messageBytes = 10_485_760
    /// Messages kept.
    var messages = 500
    /// Bytes of all kept messages together.
    var totalBytes = 104_857_600
    /// Recipients of one message; RFC 5321, 4.5.3.1.8 asks for 100 at least.
    var recipients = 100
    /// Bytes of one command line. RFC 5321, 4.5.3.1.4 allows 512, extensions add to it.
    var lineBytes = 4096
    /// Connections at the same time.
    var connections = 50
}
