import Synchronization

/// The members that threads share among themselves, and what they have found.
final class ArchiveVerificationWork: Sendable {
    private struct State {
        var next = 0
        var problems: [(number: Int, problem: ArchiveProblem)] = []
    }

    private let count: Int
    private let state = Mutex(State())

    init(count: Int) { self.count = count }

    /// The number of a member that nobody has taken; nil when there is none.
    func next() -> Int? {
        state.withLock { state in
            guard state.next < count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    /// Leaves the other members alone.
    func stop() { state.withLock { $0.next = count } }

    func add(_ problem: ArchiveProblem, at number: Int) { state.withLock { $0.problems.append((number, problem)) } }

    /// In the order of the file.
    var problems: [ArchiveProblem] {
        state.withLock { $0.problems.sorted { $0.number < $1.number }.map(\.problem) }
    }
}
