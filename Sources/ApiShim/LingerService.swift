import ServiceLifecycle

/// Keeps the port open for a moment after the signal to stop, so that what a client had sent by then is read and answered:
/// a connection that waits to be accepted, or a request on one that seems idle, would be closed unread otherwise.
///
/// A service group stops its last service first: this one stands behind the server.
struct LingerService: Service {
    let time: Duration

    func run() async throws {
        try? await gracefulShutdown()
        try? await Task.sleep(for: time)
    }
}
