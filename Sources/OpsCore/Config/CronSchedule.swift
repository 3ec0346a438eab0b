import Foundation

/// Points in time as cron writes them, in UTC: minute, hour, day of month, month, day of week.
///
/// Each field takes `*`, numbers, ranges, lists and steps (`*/15`, `1-5`, `0,30`, `8-18/2`); months and days of the week
/// also three letters of their English names, and Sunday is 0 or 7. Where both day fields are restricted, either one is
/// enough, as in every cron. `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly` and `@annually` work too.
public struct CronSchedule: Sendable, Equatable, CustomStringConvertible {
    private static let words = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]
    /// Every combination of month, day and day of the week comes back within this many days: 29 February skips a year
    /// that is divisible by 100.
    private static let horizon = 366 * 8

    /// As it was given.
    public let description: String
    private let minutes: CronField
    private let hours: CronField
    private let days: CronField
    private let months: CronField
    private let weekdays: CronField

    /// Nil for a text that is none, and for days that never come, such as 30 February.
    public init?(_ text: String) {
        description = text.trimmed
        let written = Self.words[description.lowercased()] ?? description
        let fields = written.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard fields.count == 5, let minutes = CronField(fields[0], 0...59), let hours = CronField(fields[1], 0...23),
            let days = CronField(fields[2], 1...31),
            let months = CronField(fields[3], 1...12, names: CronField.monthNames),
            let weekdays = CronField(fields[4], 0...7, names: CronField.weekdayNames)
        else { return nil }
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        self.weekdays = weekdays.joining(7, with: 0)
        guard next(after: Date(timeIntervalSince1970: 0)) != nil else { return nil }
    }

    /// The first point in time later than a moment; nil when there is none for years.
    public func next(after moment: Date) -> Date? {
        let minute = Int((moment.timeIntervalSince1970 / 60).rounded(.down)) + 1
        let (today, rest) = Self.split(minute)
        for day in today...(today + Self.horizon) where includes(CivilDay(daysSince1970: day)) {
            let first = day == today ? rest : 0
            if let found = minuteOfDay(in: Array(first..<1440)) { return Self.date(day, found) }
        }
        return nil
    }

    /// The last point in time that is not later than a moment; nil when there is none for years.
    public func last(notAfter moment: Date) -> Date? {
        let minute = Int((moment.timeIntervalSince1970 / 60).rounded(.down))
        let (today, rest) = Self.split(minute)
        for day in ((today - Self.horizon)...today).reversed() where includes(CivilDay(daysSince1970: day)) {
            let last = day == today ? rest : 1439
            if let found = minuteOfDay(in: (0...last).reversed()) { return Self.date(day, found) }
        }
        return nil
    }

    private func minuteOfDay(in minutes: [Int]) -> Int? {
        minutes.first { hours.includes($0 / 60) && self.minutes.includes($0 % 60) }
    }

    private func includes(_ day: CivilDay) -> Bool {
        guard months.includes(day.month) else { return false }
        let (byDay, byWeekday) = (days.includes(day.day), weekdays.includes(day.weekday))
        return days.isRestricted && weekdays.isRestricted ? byDay || byWeekday : byDay && byWeekday
    }

    /// Days since 1970 and the minute of that day, before 1970 too.
    private static func split(_ minute: Int) -> (day: Int, minute: Int) {
        let rest = ((minute % 1440) + 1440) % 1440
        return ((minute - rest) / 1440, rest)
    }

    private static func date(_ day: Int, _ minute: Int) -> Date {
        Date(timeIntervalSince1970: Double(day * 86_400 + minute * 60))
    }
}
