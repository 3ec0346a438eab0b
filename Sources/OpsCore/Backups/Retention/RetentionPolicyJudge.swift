import Foundation

/// Carries out a ``RetentionPolicy`` on the records of one folder.
struct RetentionPolicyJudge {
    /// Backups that the rules see together.
    private struct Group: Hashable {
        let kind: BackupName.Kind
        let database: String?
    }

    private let policy: RetentionPolicy
    private let now: Date
    /// By file name, why it is kept.
    private var reasons: [String: [String]] = [:]
    private var newestComplete: [Group: Date] = [:]

    /// - Parameter records: newest first.
    init(policy: RetentionPolicy, records: [BackupRecord], now: Date) {
        self.policy = policy
        self.now = now
        let sound = records.filter { [now] in $0.isComplete && !Self.isInFuture($0, now) }
        let groups = Dictionary(grouping: sound) { Group(kind: $0.kind, database: $0.database) }
        for (group, members) in groups {
            newestComplete[group] = members[0].createdAt
            note("newest complete backup of its kind", members[0])
            if group.kind == .scheduled { applyRules(to: members) } else { applySafetyRules(to: members) }
        }
        for members in Dictionary(grouping: sound, by: \.database).values {
            if let proven = members.first(where: { $0.provenAt != nil && $0.kind != .foreign }) {
                note("newest proven backup", proven)
            }
        }
    }

    func decide(_ record: BackupRecord) -> RetentionDecision {
        switch record.kind {
        case .manual: return RetentionDecision(record, .keep, ["made by hand, so only removed by hand"])
        case .foreign: return RetentionDecision(record, .keep, ["made by another tool"])
        case .scheduled, .preRestore, .preMigrate: break
        }
        if Self.isInFuture(record, now) {
            return RetentionDecision(record, .keep, ["dated in the future: check the clock"])
        }
        // Never taken for incomplete: a disk that could not be read today may be well again tomorrow.
        if !record.isRead { return RetentionDecision(record, .keep, ["its content could not be read"]) }
        if !record.isComplete { return decideIncomplete(record) }
        if record.kind == .scheduled, policy.isEmpty { return RetentionDecision(record, .keep, ["no rule is given"]) }
        guard let reasons = reasons[record.filename] else {
            return RetentionDecision(record, .remove, ["no rule keeps it"])
        }
        return RetentionDecision(record, .keep, reasons)
    }

    private func decideIncomplete(_ record: BackupRecord) -> RetentionDecision {
        if now.timeIntervalSince(record.createdAt) < RetentionPolicy.unfinishedAge {
            return RetentionDecision(record, .keep, ["incomplete, but younger than a day"])
        }
        guard let newest = newestComplete(like: record), newest > record.createdAt else {
            return RetentionDecision(record, .keep, ["incomplete, but there is no newer complete one"])
        }
        return RetentionDecision(record, .remove, ["incomplete or damaged"])
    }

    /// An incomplete file may not tell its database; then any database will do.
    private func newestComplete(like record: BackupRecord) -> Date? {
        newestComplete.filter { group, _ in
            group.kind == record.kind && (record.database == nil || group.database == record.database)
        }.values.max()
    }

    // MARK: - Rules

    private mutating func applyRules(to members: [BackupRecord]) {
        let moments = members.map { RetentionPolicy.Period.moment($0.createdAt) }
        for (period, limit) in policy.rules {
            apply(period, limit, to: Array(zip(members, moments)))
        }
        guard let within = policy.within else { return }
        let start = within.start(before: members[0].createdAt)
        for member in members where member.createdAt > start { note("within \(within) of the newest", member) }
    }

    private mutating func apply(
        _ period: RetentionPolicy.Period, _ limit: Int, to members: [(BackupRecord, DateComponents)]
    ) {
        var count = 0
        var previous: String?
        for (member, moment) in members where count < limit {
            let name = period.name(of: moment)
            if name != nil, name == previous { continue }
            previous = name
            count += 1
            note((name.map { "newest of \(period) \($0), " } ?? "newest ") + "\(count) of \(limit)", member)
        }
    }

    private mutating func applySafetyRules(to members: [BackupRecord]) {
        for (index, member) in members.enumerated() {
            if index < RetentionPolicy.safetyCount {
                note("newest \(index + 1) of \(RetentionPolicy.safetyCount) safety backups", member)
            }
            if now.timeIntervalSince(member.createdAt) < RetentionPolicy.safetyAge {
                note("safety backup younger than 7 days", member)
            }
        }
    }

    private mutating func note(_ reason: String, _ record: BackupRecord) {
        reasons[record.filename, default: []].append(reason)
    }

    private static func isInFuture(_ record: BackupRecord, _ now: Date) -> Bool {
        record.createdAt.timeIntervalSince(now) > RetentionPolicy.clockTolerance
    }
}
