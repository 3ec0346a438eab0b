import Foundation
import Testing

@testable import OpsCore

@Suite struct CronScheduleTests {
    private func date(_ text: String) throws -> Date { try Date(text + ":00Z", strategy: .iso8601) }
    private func text(_ date: Date?) -> String? { date.map { String($0.formatted(.iso8601).dropLast(4)) } }

    @Test(
        arguments: [
            ("* * * * *", "2026-11-24T13:05", "2026-11-24T13:06"),
            ("0 3 * * *", "2026-11-24T02:59", "2026-11-24T03:00"),
            ("0 3 * * *", "2026-11-24T03:00", "2026-11-25T03:00"),
            ("*/15 * * * *", "2026-11-24T23:46", "2026-11-25T00:00"),
            ("5,35 8-18/2 * * *", "2026-11-24T08:35", "2026-11-24T10:05"),
            ("10/20 * * * *", "2026-11-24T00:11", "2026-11-24T00:30"),
            ("0 0 29 2 *", "2026-11-24T00:00", "2028-02-29T00:00"),
            ("0 0 29 2 *", "2096-02-29T00:00", "2104-02-29T00:00"),
            ("0 0 31 * *", "2026-11-24T00:00", "2026-12-31T00:00"),
            ("30 4 1 JAN *", "2026-11-24T00:00", "2027-01-01T04:30"),
            // 24 November 2026 is a Tuesday.
            ("0 12 * * sun", "2026-11-24T00:00", "2026-11-29T12:00"),
            ("0 12 * * 7", "2026-11-24T00:00", "2026-11-29T12:00"),
            ("0 12 * * 0", "2026-11-24T00:00", "2026-11-29T12:00"),
            ("0 12 * * 5-7", "2026-11-28T13:00", "2026-11-29T12:00"),
            ("0 0 * * mon-FRI", "2026-11-27T00:00", "2026-11-30T00:00"),
            // Both days restricted: either is enough. One that begins with * is no condition.
            ("0 0 13 * 5", "2026-11-24T00:00", "2026-11-27T00:00"),
            ("0 0 13 * 5", "2026-12-12T00:00", "2026-12-13T00:00"),
            ("0 0 */2 * 5", "2026-11-24T00:00", "2026-11-27T00:00"),
            ("0 0 */2 * 5", "2026-11-27T00:00", "2026-12-11T00:00"),
            ("@daily", "2026-11-24T13:00", "2026-11-25T00:00"), ("@Hourly", "2026-11-24T13:00", "2026-11-24T14:00"),
            ("@weekly", "2026-11-24T13:00", "2026-11-29T00:00"), ("@yearly", "2026-11-24T13:00", "2027-01-01T00:00"),
        ])
    func theNextPointIsLaterThanTheMoment(_ schedule: String, _ moment: String, _ next: String) throws {
        let cron = try #require(CronSchedule(schedule), "\(schedule)")
        #expect(try text(cron.next(after: date(moment))) == next, "\(schedule)")
        // Seen from the next point, nothing lies in between.
        let point = try date(next)
        #expect(cron.last(notAfter: point) == point)
        #expect(try cron.last(notAfter: point.addingTimeInterval(-1)).map { try $0 <= date(moment) } ?? true)
    }

    @Test(
        arguments: [
            "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *",
            "* * * * 8", "-1 * * * *", "+1 * * * *", "1- * * * *", "5-1 * * * *", "*/0 * * * *", "1,,2 * * * *",
            "a * * * *", "* * * foo *", "1/2/3 * * * *", "0 0 30 2 *", "0 0 31 4,6 *", "@reboot", "every day",
            "0 3 * * *; rm", "٣ * * * *",
        ])
    func whatIsNoScheduleIsRefused(_ text: String) { #expect(CronSchedule(text) == nil, "\(text)") }

    /// Against a walk through every minute with the calendar of Foundation.
    @Test func nextAndLastAgreeWithACalendar() throws {
        var generator = SeededGenerator(seed: 42)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for _ in 0..<60 {
            let schedule = Self.random(&generator)
            let cron = try #require(CronSchedule(schedule), "\(schedule)")
            let start = Date(timeIntervalSince1970: Double(Int.random(in: 0..<2_000_000_000, using: &generator)))
            var minute = Date(timeIntervalSince1970: (start.timeIntervalSince1970 / 60).rounded(.down) * 60 + 60)
            var steps = 0
            while !Self.matches(schedule, minute, calendar), steps < 60 * 24 * 40 {
                minute += 60
                steps += 1
            }
            let next = try #require(cron.next(after: start))
            if steps < 60 * 24 * 40 {
                #expect(next == minute, "\(schedule) after \(start)")
                #expect(cron.last(notAfter: minute + 59) == minute)
                #expect(try #require(cron.last(notAfter: minute - 1)) <= start)
            } else {
                #expect(next > minute)
            }
        }
    }

    /// Each field is `*` or one number.
    private static func random(_ generator: inout SeededGenerator) -> String {
        let fields = [0...59, 0...23, 1...28, 1...12, 0...6].map { range in
            Bool.random(using: &generator) ? "*" : String(Int.random(in: range, using: &generator))
        }
        return fields.joined(separator: " ")
    }

    private static func matches(_ schedule: String, _ date: Date, _ calendar: Calendar) -> Bool {
        let fields = schedule.split(separator: " ").map { Int($0) }
        let parts = calendar.dateComponents([.minute, .hour, .day, .month, .weekday], from: date)
        func holds(_ field: Int?, _ value: Int?) -> Bool { field == nil || field == value }
        let byDay = holds(fields[2], parts.day)
        let byWeekday = holds(fields[4], parts.weekday.map { $0 - 1 })
        let isEither = fields[2] != nil && fields[4] != nil
        return holds(fields[0], parts.minute) && holds(fields[1], parts.hour) && holds(fields[3], parts.month)
            && (isEither ? byDay || byWeekday : byDay && byWeekday)
    }
}

/// SplitMix64: the same numbers in every run.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
