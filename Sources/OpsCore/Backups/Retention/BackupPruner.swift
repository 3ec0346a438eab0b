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

    private let folder: BackupFolder

    public init(folder: BackupFolder) { self.folder = folder }

    /// - Throws: ``BackupFolderError``; files that were removed before it stay removed.
    public func prune(_ policy: RetentionPolicy, dryRun: Bool) async throws -> Outcome {
        guard !dryRun else { return Outcome(try await decisions(policy), dryRun: true) }
        return try await folder.withLock(operation: "prune") {
            let decisions = try await decisions(policy)
            for decision in decisions where decision.action == .remove {
                if let name = BackupName(decision.filename) { _ = try folder.delete(name) }
            }
            return Outcome(decisions, dryRun: false)
        }
    }

    private func decisions(_ policy: RetentionPolicy) async throws -> [RetentionDecision] {
        policy.decide(try await BackupCatalog(folder: folder, readers: .files).list())
    }
}

extension BackupPruner.Outcome {
    fileprivate init(_ decisions: [RetentionDecision], dryRun: Bool) {
        self.decisions = decisions
        self.dryRun = dryRun
        freedBytes = decisions.filter { $0.action == .remove }.reduce(0) { $0 + $1.sizeBytes }
    }
}
