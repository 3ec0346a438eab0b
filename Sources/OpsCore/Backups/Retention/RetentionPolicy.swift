import Foundation

/// Which backups are kept.
///
/// The rules are those of restic: each counts periods that have a backup, from the newest one on, and keeps the newest
/// backup of each; a backup that any rule keeps stays. Periods are those of UTC, weeks those of ISO 8601. They apply to
/// the scheduled backups of each database by itself. Besides:
/// - Backups made by hand and the dumps of other tools are never removed, and do not count.
/// - Safety backups (`pre-restore_`, `pre-migrate_`) are not subject to these rules: of each of the two kinds the newest
///   five stay, and everything younger than seven days.
/// - The newest proven backup of a database, and the newest complete one of each kind, are never removed.
/// - A file that is incomplete or damaged does not count. It goes once it is a day old and a newer complete backup of its
///   kind is there; until then another tool may still be writing it.
/// - A file dated in the future stays and does not count: a clock was wrong, and nobody knows its age.
public struct RetentionPolicy: Sendable, Equatable {
    /// How many of the newest backups are kept.
    public var last: Int?
    /// How many hours that have a backup.
    public var hourly: Int?
    /// How many days that have a backup.
    public var daily: Int?
    /// How many weeks that have a backup.
    public var weekly: Int?
    /// How many months that have a backup.
    public var monthly: Int?
    /// How many years that have a backup.
    public var yearly: Int?
    /// Everything that is no older than this, counted from the newest backup, so that nothing goes when backups stop.
    public var within: Window?

    /// How many safety backups of each kind are kept in any case.
    static let safetyCount = 5
    /// How long each safety backup is kept in any case, in seconds.
    static let safetyAge: TimeInterval = 7 * 86_400
    /// How long an incomplete file is left alone, in seconds.
    static let unfinishedAge: TimeInterval = 86_400
    /// By how much clocks of two machines may differ before a date counts as one in the future, in seconds.
    static let clockTolerance: TimeInterval = 300

    /// Rules; one that is nil or not above 0 keeps nothing, and without any rule every scheduled backup is kept.
    public init(
        last: Int? = nil, hourly: Int? = nil, daily: Int? = nil, weekly: Int? = nil, monthly: Int? = nil,
        yearly: Int? = nil, within: Window? = nil
    ) {
        self.last = last
        self.hourly = hourly
        self.daily = daily
        self.weekly = weekly
        self.monthly = monthly
        self.yearly = yearly
        self.within = within
    }

    /// True when no rule is given.
    public var isEmpty: Bool { within == nil && rules.isEmpty }

    /// The rules that count, each with its limit.
    var rules: [(period: Period, limit: Int)] {
        let limits: [(Period, Int?)] = [
            (.backup, last), (.hour, hourly), (.day, daily), (.week, weekly), (.month, monthly), (.year, yearly),
        ]
        return limits.compactMap { period, limit in limit.flatMap { $0 > 0 ? (period, $0) : nil } }
    }

    /// What is to become of each backup, newest first, with the reasons.
    /// - Parameter now: the present time; only dates in the future, safety backups and unfinished files depend on it.
    public func decide(_ records: [BackupRecord], now: Date = Date()) -> [RetentionDecision] {
        let ordered = records.sorted { ($0.createdAt, $0.filename) > ($1.createdAt, $1.filename) }
        let judge = RetentionPolicyJudge(policy: self, records: ordered, now: now)
        return ordered.map(judge.decide)
    }
}
