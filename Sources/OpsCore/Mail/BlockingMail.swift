import Dispatch
import Synchronization

/// Runs sessions with mail servers on threads of their own, away from Swift's cooperative pool.
enum BlockingMail {
    private static let queue = DispatchQueue(label: "sysndd-ctl.mail", attributes: .concurrent)

    /// Set when the task that waits is cancelled; the session asks for it several times a second.
    final class Stop: Sendable {
        private let isSet = Mutex(false)

        func set() { isSet.withLock { $0 = true } }

        func check() throws { if isSet.withLock({ $0 }) { throw CancellationError() } }
    }

    /// Waits for `body`. A cancelled task has it end by CancellationError.
    static func run<Value: Sendable>(_ body: @escaping @Sendable (Stop) throws -> Value) async throws -> Value {
        let stop = Stop()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try body(stop) }) }
            }
        } onCancel: {
            stop.set()
        }
    }
}
