extension BackupResult {
    /// The result after older backups were removed. Whatever goes wrong there is a note: the backup itself is good.
    func pruned(by policy: RetentionPolicy, in folder: BackupFolder) async -> BackupResult {
        var result = self
        do {
            let outcome = try await BackupPruner(folder: folder).pruneLocked(policy)
            result.pruned = outcome.decisions.filter { $0.action == .remove }.map(\.filename)
        } catch {
            let reason = (error as? any OperatorError)?.message ?? "\(error)"
            result.notes.append("the backup is good, but older ones could not all be removed: \(reason)")
        }
        return result
    }
}
