/// Removes the backups that a retention policy no longer keeps.
public struct BackupPruner: Sendable {
    /// What was decided and done, as `backup prune` prints it.
    public struct Outcome: Encodable, Sendable, Equatable {
        /// Every backup with its decision and the reasons, newest first.
        public let decisions: [RetentionDecision]
        /// True when nothing was removed because only the decisions were asked for.
        public let dryRun: Bool
        /// Bytes of the files that were, or would be, removed.
        public let freedBytes: Int
    }

    private let catalog: BackupCatalog
    private var folder: BackupFolder { catalog.folder }

    public init(folder: BackupFolder) { catalog = BackupCatalog(folder: folder, readers: .files) }

    /// Removes what `policy` does not keep, and lets the `latest` links follow.
    /// - Throws: ``BackupFolderError``; files that were removed before it stay removed.
    public func prune(_ policy: RetentionPolicy, dryRun: Bool) async throws -> Outcome {
        guard !dryRun else { return Outcome(policy.decide(try await catalog.list()), dryRun: true) }
        return try await folder.withLock(operation: "prune") { try await pruneLocked(policy) }
    }

    /// The same for a caller that holds the lock of the folder.
    func pruneLocked(_ policy: RetentionPolicy) async throws -> Outcome {
        let decisions = policy.decide(try await catalog.list())
        for decision in decisions where decision.action == .remove {
            if let name = BackupName(decision.filename) { try folder.delete(name) }
        }
        try await catalog.updateLatestLinks()
        return Outcome(decisions, dryRun: false)
    }
}

extension BackupPruner.Outcome {
    fileprivate init(_ decisions: [RetentionDecision], dryRun: Bool) {
        self.decisions = decisions
        self.dryRun = dryRun
        freedBytes = decisions.filter { $0.action == .remove }.reduce(0) { $0 + $1.sizeBytes }
    }
}
