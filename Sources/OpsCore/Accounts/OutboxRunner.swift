import Synchronization

/// Sends what waits in the outbox: when told that there is something, and every few seconds, because another process may
/// have stored it, or a pause may be over.
public final class OutboxRunner: Sendable {
    static let interval = Duration.seconds(2)

    private let outbox: Outbox
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let report: @Sendable (any Error) -> Void

    /// - Parameter report: told when rounds begin to fail as a whole, as without a database.
    public init(_ outbox: Outbox, report: @escaping @Sendable (any Error) -> Void) {
        self.outbox = outbox
        self.report = report
        // However often it is told, one more round is enough.
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// There is something to send.
    public func wake() { waker.yield() }

    /// Works until the task is cancelled. A mail that is being handed over then is finished by the next process.
    public func run() async {
        let ticker: Task<Void, any Error> = Task { [waker] in
            while true {
                waker.yield()
                try await Task.sleep(for: Self.interval)
            }
        }
        defer { ticker.cancel() }
        var lastFailure: String?
        for await _ in wakes {
            do {
                try await outbox.deliverDue()
                lastFailure = nil
            } catch {
                // What goes on for hours is told once.
                if !Task.isCancelled, lastFailure != "\(error)" { report(error) }
                lastFailure = "\(error)"
            }
        }
    }
}
