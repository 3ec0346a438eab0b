import Dispatch
import Synchronization
import TestSupport

@testable import OpsCore

/// Stops an operation at a certain point, so that a test can do something meanwhile.
final class ProgressPause<Progress: Sendable>: Sendable {
    private let isReached = Mutex(false)
    private let goOn = DispatchSemaphore(value: 0)
    private let condition: @Sendable (Progress) -> Bool

    init(when condition: @escaping @Sendable (Progress) -> Bool) { self.condition = condition }

    /// To be called with each progress; blocks the first time that the condition holds.
    @Sendable func check(_ progress: Progress) {
        guard condition(progress),
            isReached.withLock({ reached in
                defer { reached = true }
                return !reached
            })
        else { return }
        goOn.wait()
    }

    /// Waits until it has stopped, runs `body`, and lets it go on.
    func during<Value>(_ body: () async throws -> Value) async throws -> Value {
        defer { goOn.signal() }
        try await eventually(within: .seconds(180)) { isReached.withLock { $0 } }
        return try await body()
    }
}
