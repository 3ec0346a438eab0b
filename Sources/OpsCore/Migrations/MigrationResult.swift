/// What a run of `migrate up` did, as it is printed; after a failure, what it did before.
public struct MigrationResult: Codable, Sendable, Equatable {
    /// One file that was applied.
    public struct Applied: Codable, Sendable, Equatable {
        public let file: String
        public let version: Int
        public let statements: Int
        public let durationMs: Int
    }

    /// Applied by this run, in order.
    public internal(set) var applied: [Applied] = []
    /// Count of `applied`.
    public internal(set) var totalApplied = 0
    /// Files that are still pending.
    public internal(set) var pending: Int
    /// True when nothing was pending and no lock was taken.
    public internal(set) var fastPath: Bool
    public internal(set) var lockAcquired: Bool
    public internal(set) var durationMs = 0
    /// Absent when all went well.
    public internal(set) var failure: MigrationFailure?

    init(pending: Int, fastPath: Bool, lockAcquired: Bool) {
        self.pending = pending
        self.fastPath = fastPath
        self.lockAcquired = lockAcquired
    }

    mutating func append(_ file: Applied) {
        applied.append(file)
        totalApplied = applied.count
        pending -= 1
    }
}
