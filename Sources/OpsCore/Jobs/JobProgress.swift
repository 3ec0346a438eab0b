/// How far a job has come.
public struct JobProgress: Sendable, Equatable, Codable {
    /// What is being done, for people: `rows`, `verification`, `013_add_index.sql`.
    public var step: String
    /// Units of work that are done; which unit it is depends on the operation.
    public var current: Int
    /// Units in all, an estimate; nil while it is not known.
    public var total: Int?

    public init(step: String, current: Int = 0, total: Int? = nil) {
        self.step = step
        self.current = current
        self.total = total
    }
}

extension JobProgress {
    /// A restore counts rows.
    public init(_ restore: RestoreProgress) {
        self.init(
            step: restore.step.rawValue, current: restore.rows, total: restore.totalRows > 0 ? restore.totalRows : nil)
    }

    /// A migration counts files; nil for what is not told.
    init?(_ event: Migrator.Event) {
        guard case .started(let file, let position, let total, _) = event else { return nil }
        self.init(step: file, current: position - 1, total: total)
    }

    /// A backup counts rows. The server's estimate of them is often too low; then the bar stays just below its end.
    public init(_ backup: BackupProgress) {
        let total = max(backup.estimatedRows, backup.rows)
        self.init(step: backup.step.rawValue, current: backup.rows, total: total > 0 ? total : nil)
    }
}
