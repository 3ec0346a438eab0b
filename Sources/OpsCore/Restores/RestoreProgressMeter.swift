import Synchronization

/// Adds up how far a restore has come, and tells.
final class RestoreProgressMeter: Sendable {
    private let state = Mutex(RestoreProgress(step: .verification))
    private let report: @Sendable (RestoreProgress) -> Void

    init(_ report: @escaping @Sendable (RestoreProgress) -> Void) { self.report = report }

    /// Changes the figures and tells them, one at a time, so that they never seem to go back.
    func update(_ change: (inout RestoreProgress) -> Void) {
        state.withLock { progress in
            change(&progress)
            report(progress)
        }
    }

    func begin(_ step: RestoreProgress.Step) { update { $0.step = step } }
}
