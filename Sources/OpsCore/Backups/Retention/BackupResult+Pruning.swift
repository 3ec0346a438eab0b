extension BackupResult {
    /// The result after older backups were removed. Whatever goes wrong there is a note: the backup itself is good.
    func pruned(by policy: RetentionPolicy, in folder: BackupFolder) async -> BackupResult {
        await pruned { try await BackupPruner(folder: folder).pruneLocked(policy) }
    }

    /// The same for a caller that does not hold the lock of the folder.
    func pruned(by policy: RetentionPolicy, inFolder directory: String) async -> BackupResult {
        await pruned {
            try await BackupPruner(folder: BackupFolder(directory, creating: false)).prune(policy, dryRun: false)
        }
    }

    private func pruned(_ prune: () async throws -> BackupPruner.Outcome) async -> BackupResult {
        var result = self
        do {
            result.pruned = try await prune().decisions.filter { $0.action == .remove }.map(\.filename)
        } catch {
            let reason = (error as? any OperatorError)?.message ?? "\(error)"
            result.notes.append("the backup is good, but older ones could not all be removed: \(reason)")
        }
        return result
    }
}
