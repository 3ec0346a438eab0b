/// How far a restore, or a proof, has come.
public struct RestoreProgress: Sendable, Equatable {
    /// What is being done.
    public enum Step: String, Sendable {
        case verification
        case safetyBackup = "safety backup"
        case load, comparison, swap, objects
    }

    public var step: Step
    /// Rows that were loaded.
    public var rows = 0
    /// Rows that the archive holds.
    public var totalRows = 0

    init(step: Step) { self.step = step }
}
