import Synchronization

/// Adds up how far a backup has come, and tells.
final class BackupProgressMeter: Sendable {
    private let state: Mutex<BackupProgress>
    private let report: @Sendable (BackupProgress) -> Void

    init(_ report: @escaping @Sendable (BackupProgress) -> Void) {
        state = Mutex(BackupProgress(step: .schema))
        self.report = report
    }

    /// Changes the figures and tells them, one at a time, so that they never seem to go back.
    func update(_ change: (inout BackupProgress) -> Void) {
        state.withLock { progress in
            change(&progress)
            report(progress)
        }
    }

    /// Takes in a member with rows.
    func add(_ member: ArchiveMember, _ table: String) {
        update { progress in
            progress.table = table
            progress.rows += member.label.rows ?? 0
            progress.bytes += member.inflatedLength
        }
    }
}
