import Foundation
import Testing

@testable import OpsCore

@Suite struct ScheduleDecisionTests {
    private static func date(_ text: String) -> Date {
        (try? Date("2026-11-\(text):00Z", strategy: .iso8601)) ?? .distantPast
    }

    private static func decide(
        _ now: String, baseline: String = "01T00:00", _ attempts: [ScheduleDecision.Attempt] = [], chance: Double = 0
    ) -> ScheduleDecision? {
        CronSchedule("0 3 * * *").flatMap {
            ScheduleDecision($0, now: date(now), baseline: date(baseline), attempts: attempts, chance: chance)
        }
    }

    private static func good(_ began: String) -> ScheduleDecision.Attempt {
        .init(began: date(began), ended: date(began), hasSucceeded: true)
    }

    private static func bad(_ began: String, stopped: Bool = false) -> ScheduleDecision.Attempt {
        .init(began: date(began), ended: date(began), hasSucceeded: false, wasStopped: stopped)
    }

    @Test func aRunIsDueAtItsPointAndNotBefore() {
        let before = Self.decide("24T02:59", [Self.good("23T03:00")])
        #expect(before?.due == Self.date("24T03:00") && before?.tick == Self.date("24T03:00"))
        let at = Self.decide("24T03:00", [Self.good("23T03:00")])
        #expect(at?.due == Self.date("24T03:00"))
        let after = Self.decide("24T03:01", [Self.good("23T03:00"), Self.good("24T03:00")])
        #expect(after?.due == Self.date("25T03:00"))
    }

    @Test func howeverManyPointsWereMissedOneRunStandsForAll() {
        let missed = Self.decide("24T12:00", [Self.good("10T03:00")])
        #expect(missed?.tick == Self.date("24T03:00") && missed?.due == Self.date("24T03:00"))
        let caughtUp = Self.decide("24T12:01", [Self.good("10T03:00"), Self.good("24T12:00")])
        #expect(caughtUp?.due == Self.date("25T03:00"))
    }

    @Test func whatLiesBeforeTheFirstStartWasNotMissed() {
        #expect(Self.decide("24T12:00", baseline: "24T12:00")?.due == Self.date("25T03:00"))
        #expect(Self.decide("25T03:05", baseline: "24T12:00")?.due == Self.date("25T03:00"))
    }

    @Test func oneThatRunsIsNotBegunAgain() {
        let running = ScheduleDecision.Attempt(began: Self.date("24T03:00"), ended: nil, hasSucceeded: false)
        #expect(Self.decide("24T05:00", [running])?.due == Self.date("25T03:00"))
    }

    @Test func aFailureIsTriedAgainTwiceWithPauses() {
        var attempts = [Self.good("23T03:00"), Self.bad("24T03:01")]
        #expect(Self.decide("24T03:02", attempts)?.due == Self.date("24T03:06"))
        attempts.append(Self.bad("24T03:06"))
        #expect(Self.decide("24T03:07", attempts)?.due == Self.date("24T03:21"))
        attempts.append(Self.bad("24T03:21"))
        #expect(Self.decide("24T04:00", attempts)?.due == Self.date("25T03:00"))
        // A failure of yesterday says nothing about today.
        #expect(Self.decide("25T03:00", attempts)?.due == Self.date("25T03:00"))
    }

    @Test func oneThatWasStoppedWithItsProcessIsBegunAgainAtOnce() {
        let stopped = (0..<5).map { Self.bad("24T03:0\($0)", stopped: true) }
        #expect(Self.decide("24T03:10", stopped)?.due == Self.date("24T03:00"))
    }

    @Test func chanceSpreadsTheBeginningOverASmallPartOfTheTime() {
        #expect(Self.decide("24T02:59", [Self.good("23T03:00")], chance: 1)?.due == Self.date("24T03:01"))
        #expect(Self.decide("24T03:00", [Self.good("23T03:00")], chance: 0.5)?.due == Self.date("24T03:00") + 30)
        // One that is late anyway does not wait on top of it.
        #expect(Self.decide("24T12:00", [Self.good("10T03:00")], chance: 1)?.due == Self.date("24T03:01"))
        let everyMinute = CronSchedule("* * * * *").flatMap {
            ScheduleDecision(
                $0, now: Self.date("24T03:00") + 1, baseline: Self.date("24T03:00"), attempts: [], chance: 1)
        }
        #expect(everyMinute?.due == Self.date("24T03:01") + 6)
    }
}
