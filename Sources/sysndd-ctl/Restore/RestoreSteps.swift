import OpsCore
import Synchronization

/// One plain line on standard error for each step of a restore or a proof.
final class RestoreSteps: Sendable {
    private let last = Mutex<RestoreProgress.Step?>(nil)
    private let quiet: Bool

    init(quiet: Bool) { self.quiet = quiet }

    /// To be called with each progress.
    @Sendable func report(_ progress: RestoreProgress) {
        let isNew = last.withLock { last in
            defer { last = progress.step }
            return last != progress.step
        }
        if isNew { Output.note(progress.text, unless: quiet) }
    }
}

extension RestoreProgress {
    fileprivate var text: String {
        switch step {
        case .verification: "looking at every byte of the backup"
        case .safetyBackup: "making a safety backup of what is there"
        case .load: "loading \(totalRows) rows"
        case .comparison: "comparing every row with what the backup says"
        case .swap: "moving the tables into place"
        case .objects: "making routines, views and triggers"
        }
    }
}
