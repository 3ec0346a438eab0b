import Dispatch

/// Runs one blocking call on a thread of its own, away from Swift's cooperative pool.
enum BlockingCall {
    /// Waits for `body` without blocking the caller's thread, and returns or throws what it does.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            // A serial queue gets a thread at once; a concurrent one adds threads slowly while those it has are blocked.
            DispatchQueue(label: "sysndd-ctl.blocking").async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
