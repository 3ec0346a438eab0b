import Foundation
import Testing

@testable import OpsCore

@Suite struct RetentionPolicyTests {
    /// The marks of the arguments: `!` incomplete, `+` proven, `?` unread; the rest is the date.
    private static func record(
        _ text: String, kind: BackupName.Kind = .scheduled, database: String? = "db"
    ) throws -> BackupRecord {
        let date = try Date(text.filter { !"!+?".contains($0) } + "Z", strategy: .iso8601)
        return BackupRecord(
            filename: "\(kind.rawValue) \(database ?? "-") \(text)", kind: kind, sizeBytes: 1, createdAt: date,
            database: database, tableCount: nil, rows: nil, isComplete: !text.contains { "!?".contains($0) },
            isRead: !text.contains("?"), verifiedAt: nil, provenAt: text.contains("+") ? date : nil, restoreMs: nil)
    }

    private static func date(_ text: String) throws -> Date { try Date(text + "T00:00:00Z", strategy: .iso8601) }

    private static func kept(
        _ policy: RetentionPolicy, _ texts: [String], now: String = "2027-01-10T00:00:00Z",
        kind: BackupName.Kind = .scheduled
    ) throws -> [String] {
        let records = try texts.map { try record($0, kind: kind) }
        let names = Dictionary(uniqueKeysWithValues: zip(records.map(\.filename), texts))
        return policy.decide(records.shuffled(), now: try Date(now, strategy: .iso8601))
            .filter { $0.action == .keep }.compactMap { names[$0.filename] }
    }

    @Test(
        arguments: [
            // Each rule: a policy, backups newest first, and which of them stay.
            (
                RetentionPolicy(last: 2), ["2026-06-03T01:00:00", "2026-06-02T01:00:00", "2026-06-01T01:00:00"], [0, 1]
            ),
            (
                RetentionPolicy(hourly: 2),
                ["2026-06-01T03:59:59", "2026-06-01T03:00:00", "2026-06-01T02:59:59", "2026-06-01T01:00:00"], [0, 2]
            ),
            // Days without a backup do not count.
            (
                RetentionPolicy(daily: 3),
                [
                    "2026-06-20T23:59:59", "2026-06-20T00:00:00", "2026-06-19T23:59:59", "2026-06-01T01:00:00",
                    "2026-05-31T01:00:00",
                ], [0, 2, 3]
            ),
            // The end of a leap day, and of a year.
            (
                RetentionPolicy(daily: 9),
                ["2024-03-01T00:00:00", "2024-02-29T23:59:59", "2024-02-29T00:00:00", "2024-02-28T23:59:59"], [0, 1, 3]
            ),
            (
                RetentionPolicy(yearly: 2),
                ["2026-01-01T00:00:00", "2025-12-31T23:59:59", "2025-01-01T00:00:00", "2024-12-31T23:59:59"], [0, 1]
            ),
            // 2026 has 53 weeks by ISO 8601: its last one reaches to January 3, and January 4 begins week 1 of 2027.
            (
                RetentionPolicy(weekly: 9),
                [
                    "2027-01-04T00:00:00", "2027-01-03T23:59:59", "2027-01-01T00:00:00", "2026-12-28T00:00:00",
                    "2026-12-27T23:59:59",
                ], [0, 1, 4]
            ),
            // December 29, 2025 lies in week 1 of 2026: not the same week as the one with January 2025.
            (
                RetentionPolicy(weekly: 9), ["2025-12-29T00:00:00", "2025-12-28T23:59:59", "2025-01-01T00:00:00"],
                [0, 1, 2]
            ),
            (
                RetentionPolicy(monthly: 2),
                ["2026-03-31T00:00:00", "2026-03-01T00:00:00", "2026-02-28T23:59:59", "2026-01-31T00:00:00"], [0, 2]
            ),
            // From the newest backup on, not from now, and not the one that is exactly that old.
            (
                RetentionPolicy(within: .init(days: 2)),
                ["2026-03-10T12:00:00", "2026-03-08T12:00:01", "2026-03-08T12:00:00", "2026-03-01T00:00:00"], [0, 1]
            ),
            // A year before February 29 is February 28.
            (
                RetentionPolicy(within: .init(years: 1)),
                ["2024-02-29T12:00:00", "2023-02-28T12:00:01", "2023-02-28T12:00:00"], [0, 1]
            ),
            // Whatever any rule keeps stays.
            (
                RetentionPolicy(last: 1, daily: 2, monthly: 2),
                ["2026-03-31T02:00:00", "2026-03-31T01:00:00", "2026-03-30T01:00:00", "2026-02-01T00:00:00"], [0, 2, 3]
            ),
            // Without a rule nothing goes.
            (RetentionPolicy(), ["2026-03-31T02:00:00", "2020-03-31T01:00:00"], [0, 1]),
            (RetentionPolicy(last: 0, daily: -1), ["2026-03-31T02:00:00", "2020-03-31T01:00:00"], [0, 1]),
            // The newest proven one stays for ever, an older proven one does not.
            (
                RetentionPolicy(last: 1),
                ["2026-03-31T02:00:00", "2026-03-30T02:00:00", "2026-01-01T00:00:00+", "2025-01-01T00:00:00+"], [0, 2]
            ),
            // What is incomplete counts for nothing, and goes.
            (
                RetentionPolicy(last: 2),
                ["2026-03-31T02:00:00!", "2026-03-30T02:00:00", "2026-03-29T02:00:00!", "2026-03-28T02:00:00"],
                [0, 1, 3]
            ),
            (RetentionPolicy(last: 1), ["2026-03-31T02:00:00", "2026-03-30T02:00:00!"], [0]),
            (RetentionPolicy(last: 1), ["2026-03-31T02:00:00!", "2026-03-30T02:00:00!"], [0, 1]),
            // A proof does not help a file that is damaged by now.
            (RetentionPolicy(last: 1), ["2026-03-31T02:00:00", "2026-03-30T02:00:00!+"], [0]),
            // What could not be read may be good.
            (
                RetentionPolicy(last: 1), ["2026-03-31T02:00:00", "2026-03-30T02:00:00?", "2026-03-29T02:00:00"],
                [0, 1]
            ),
            (RetentionPolicy(last: 5), [], []),
        ] as [(RetentionPolicy, [String], [Int])])
    func theRulesKeepTheNewestOfEachPeriod(policy: RetentionPolicy, backups: [String], expected: [Int]) throws {
        #expect(try Self.kept(policy, backups) == expected.map { backups[$0] })
    }

    @Test func anIncompleteFileIsLeftAloneForADay() throws {
        let backups = ["2026-03-31T02:00:00", "2026-03-31T01:00:00!"]
        #expect(try Self.kept(RetentionPolicy(last: 9), backups, now: "2026-04-01T00:59:00Z") == backups)
        #expect(try Self.kept(RetentionPolicy(last: 9), backups, now: "2026-04-01T01:01:00Z") == [backups[0]])
    }

    @Test func aDateInTheFutureIsKeptAndDoesNotCount() throws {
        let backups = ["2030-01-01T00:00:00", "2026-03-31T02:00:00", "2026-03-30T02:00:00"]
        let one = RetentionPolicy(last: 1)
        #expect(try Self.kept(one, backups, now: "2026-04-01T00:00:00Z") == Array(backups.prefix(2)))
        // A clock that has been set back far sees nothing but the future, and removes nothing.
        #expect(try Self.kept(one, backups, now: "1970-01-01T00:00:00Z") == backups)
    }

    @Test func aClockThatRunsFarAheadMakesNoBackupOld() throws {
        let backups = ["2026-03-31T02:00:00", "2026-03-30T02:00:00", "2026-03-29T02:00:00"]
        let policy = RetentionPolicy(within: .init(days: 2))
        #expect(try Self.kept(policy, backups, now: "2099-01-01T00:00:00Z") == Array(backups.prefix(2)))
    }

    @Test(arguments: [BackupName.Kind.preRestore, .preMigrate])
    func safetyBackupsHaveTheirOwnRule(kind: BackupName.Kind) throws {
        let days = ["10", "09", "08", "07", "06", "05", "04", "03"].map { "2026-06-\($0)T00:00:00" }
        let later = "2027-01-01T00:00:00Z"
        for policy in [RetentionPolicy(), RetentionPolicy(last: 1)] {
            #expect(try Self.kept(policy, days, now: later, kind: kind) == Array(days.prefix(5)))
            #expect(try Self.kept(policy, days, now: "2026-06-11T00:00:00Z", kind: kind) == Array(days.prefix(6)))
        }
        // An incomplete one is none of the five.
        let more = ["2026-06-11T00:00:00!"] + days
        #expect(try Self.kept(RetentionPolicy(), more, now: later, kind: kind) == Array(more.prefix(6)))
    }

    @Test(arguments: [BackupName.Kind.manual, .foreign])
    func whatPeopleAndOtherToolsMadeStays(kind: BackupName.Kind) throws {
        let backups = ["2026-06-10T00:00:00", "2020-01-01T00:00:00", "2019-01-01T00:00:00!"]
        #expect(try Self.kept(RetentionPolicy(last: 1), backups, kind: kind) == backups)
    }

    @Test func databasesAndKindsDoNotCrowdEachOtherOut() throws {
        let records = [
            try Self.record("2026-06-10T00:00:00", database: "a"),
            try Self.record("2026-06-09T00:00:00", database: "a"),
            try Self.record("2026-06-08T00:00:00", database: "b"),
            try Self.record("2026-06-07T00:00:00", database: "b"),
            try Self.record("2026-06-11T00:00:00", kind: .manual, database: "a"),
            try Self.record("2026-06-11T00:00:00", kind: .foreign, database: nil),
        ]
        let decisions = RetentionPolicy(last: 1).decide(records, now: try Self.date("2026-07-01"))
        let removed = Set(decisions.filter { $0.action == .remove }.map(\.filename))
        #expect(removed == [records[1].filename, records[3].filename])
    }

    @Test func theNewestProvenOneMayBeManual() throws {
        // Then an older proven scheduled one is nothing special.
        let records = [
            try Self.record("2026-06-10T00:00:00"), try Self.record("2026-06-01T00:00:00+"),
            try Self.record("2026-06-09T00:00:00+", kind: .manual),
        ]
        let decisions = RetentionPolicy(last: 1).decide(records, now: try Self.date("2026-07-01"))
        #expect(decisions.filter { $0.action == .remove }.map(\.filename) == [records[1].filename])
    }

    @Test func everyDecisionHasItsReasonsInWords() throws {
        let records = try ["2026-12-28T00:00:00+", "2026-12-27T00:00:00", "2026-12-26T00:00:00"].map {
            try Self.record($0)
        }
        let policy = RetentionPolicy(last: 1, daily: 1, weekly: 2, within: .init(hours: 3))
        let decisions = policy.decide(records, now: try Self.date("2027-01-01"))
        #expect(
            decisions.map(\.reasons) == [
                [
                    "newest complete backup of its kind", "newest 1 of 1", "newest of day 2026-12-28, 1 of 1",
                    "newest of week 2026-W53, 1 of 2", "within 3h of the newest", "newest proven backup",
                ],
                ["newest of week 2026-W52, 2 of 2"], ["no rule keeps it"],
            ])
        let json = try JSONEncoder().encode(decisions[2])
        #expect(String(decoding: json, as: UTF8.self).contains(#""action":"remove""#))
    }

    @Test(
        arguments: [
            ("7d", "7d"), ("2y5m7d3h", "2y5m7d3h"), ("3h1y", "1y3h"), ("0d1h", "1h"), ("", nil), ("0d", nil),
            ("7", nil),
            ("d", nil), ("-7d", nil), ("7D", nil), ("7d7d", nil), ("7 d", nil), ("1.5d", nil), ("100000d", nil),
            ("7w", nil),
            ("٧d", nil),
        ] as [(String, String?)])
    func aWindowIsWrittenInUnits(text: String, expected: String?) {
        #expect(RetentionPolicy.Window(text)?.description == expected)
    }
}
