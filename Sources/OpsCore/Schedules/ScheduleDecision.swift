import Foundation

/// What a schedule asks for at a moment, decided from what was done before.
struct ScheduleDecision: Sendable, Equatable {
    /// A run that somebody began, as far as it matters here.
    struct Attempt: Sendable, Equatable {
        var began: Date
        /// Nil while it runs.
        var ended: Date?
        var hasSucceeded: Bool
        /// It was stopped together with its process, so it tells nothing about the next one.
        var wasStopped = false
    }

    /// How often a run that failed is begun anew before the next point of the schedule, and how long after the failure.
    static let retries: [TimeInterval] = [300, 900]
    /// Of the time between two points of the schedule, the part in which a run may begin: not all in the same second.
    private static let spread = 0.1
    private static let longestDelay: TimeInterval = 60

    /// When the next run is to begin, unless it is settled until then; not later than `now` when it is due.
    let due: Date
    /// The point of the schedule that is due or comes next.
    let tick: Date

    /// - Parameters:
    ///   - baseline: what came before that moment counts as done.
    ///   - attempts: in any order.
    ///   - chance: from 0 to 1, the same for the life of a process.
    /// - Returns: nil when the schedule never comes again.
    init?(_ schedule: CronSchedule, now: Date, baseline: Date, attempts: [Attempt], chance: Double) {
        guard let next = schedule.next(after: now) else { return nil }
        // However many points were missed, one run stands for all of them.
        if let last = schedule.last(notAfter: now), last > baseline,
            let due = Self.due(of: last, attempts: attempts.filter { $0.began >= last })
        {
            let delay = Self.delay(from: last, to: next, chance)
            self.due = max(due, last.addingTimeInterval(delay))
            tick = last
        } else {
            due = next.addingTimeInterval(Self.delay(from: next, to: schedule.next(after: next) ?? next, chance))
            tick = next
        }
    }

    /// - Parameter attempts: those for this point.
    /// - Returns: nil when nothing is left to do for it.
    private static func due(of tick: Date, attempts: [Attempt]) -> Date? {
        if attempts.contains(where: { $0.hasSucceeded || $0.ended == nil }) { return nil }
        let failures = attempts.filter { !$0.wasStopped }.compactMap(\.ended)
        guard let last = failures.max() else { return tick }
        guard failures.count <= retries.count else { return nil }
        return last.addingTimeInterval(retries[failures.count - 1])
    }

    private static func delay(from tick: Date, to next: Date, _ chance: Double) -> TimeInterval {
        min(next.timeIntervalSince(tick) * spread, longestDelay) * chance
    }
}
