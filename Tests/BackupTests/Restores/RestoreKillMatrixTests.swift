import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Process and server are killed at every stage of a restore and of its undoing, many times: the database holds the old rows
/// or the new ones, all of them, and the next command leaves it whole. In place, the database is half of something only while
/// that is told. Prints a table of stages and outcomes.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["SYSNDD_TEST_KILLS"] != nil, "run by make test-kills"))
struct RestoreKillMatrixTests {
    /// How many times each stage is killed, for each of process and server.
    private static func moments(_ mode: Restore.Mode) -> Int { mode == .shadow ? 6 : 4 }

    @Test func whateverIsKilledTheDatabaseIsOldOrNew() async throws {
        try await BackupScope.withOwnServer { scope, server in
            let subject = try await KillSubject.make(scope, server)
            var table = KillTable()
            for mode in Restore.Mode.allCases {
                let durations = try await subject.measured(mode)
                for occasion in KillOccasion.all(of: mode) {
                    let moments = Self.moments(mode)
                    for moment in 0..<moments {
                        let next = moment.isMultiple(of: 2) ? "resume" : "undo"
                        let delay = (durations[occasion.stage] ?? .zero) * (Double(moment / 2) * 2 / Double(moments))
                        table.add(try await subject.round(occasion, after: delay, next: next), occasion)
                    }
                }
            }
            print(table.text)
            #expect(table.runs >= 100)
            #expect(table.mixtures == 0)
            for mode in Restore.Mode.allCases {
                for victim in KillVictim.allCases { #expect(table.resumed(mode, victim) > 0, "\(mode), \(victim)") }
            }
        }
    }
}

/// What is killed, and when.
struct KillOccasion: CustomStringConvertible {
    var mode: Restore.Mode
    var victim: KillVictim
    var stage: KillStage

    static func all(of mode: Restore.Mode) -> [KillOccasion] {
        KillVictim.allCases.flatMap { victim in
            KillStage.all(of: mode).map { KillOccasion(mode: mode, victim: victim, stage: $0) }
        }
    }

    var description: String { "\(mode.rawValue), \(victim), \(stage)" }
}

/// Who is killed.
enum KillVictim: String, CaseIterable {
    case process, server
}

/// What is under way then; the raw value is how the line begins by which the tool tells it.
enum KillStage: String {
    case verification = "looking at every byte"
    case safetyBackup = "making a safety backup"
    case load = "loading"
    case comparison = "comparing every row"
    case swap = "moving the tables"
    case objects = "making routines"
    /// The undoing of a restore that is done, which says nothing.
    case undo = ""

    /// In their order.
    static func all(of mode: Restore.Mode) -> [KillStage] {
        [.verification, .safetyBackup, .load, .comparison, mode == .shadow ? .swap : .objects, .undo]
    }
}

/// What became of the database: at once, and by the next command.
struct KillOutcome: Hashable {
    enum State: String {
        case old, new, mixture
        /// A mixture that `restore status` tells as what it is.
        case half
    }

    var atOnce: State
    /// What `restore status` says of the restore.
    var began: String
    var next: String
    var then: State

    /// Whether there was something to go on with, and somebody did.
    var isResumed: Bool { next == "resume" && ["unfinished", "exchanged", "in_place_unfinished"].contains(began) }
}

/// How often each outcome was seen at each stage.
struct KillTable {
    private var counts: [String: [KillOutcome: Int]] = [:]
    private var order: [String] = []
    private(set) var runs = 0
    private(set) var mixtures = 0
    private var resumed: [String: Int] = [:]

    /// How many restores were killed in the middle and then finished.
    func resumed(_ mode: Restore.Mode, _ victim: KillVictim) -> Int { resumed["\(mode), \(victim)"] ?? 0 }

    mutating func add(_ outcome: KillOutcome, _ occasion: KillOccasion) {
        let row = "\(occasion)"
        if outcome.isResumed, outcome.then == .new { resumed["\(occasion.mode), \(occasion.victim)", default: 0] += 1 }
        if counts[row] == nil { order.append(row) }
        counts[row, default: [:]][outcome, default: 0] += 1
        runs += 1
        if outcome.atOnce == .mixture || outcome.then == .mixture { mixtures += 1 }
    }

    var text: String {
        let lines = order.map { row in
            let cells = (counts[row] ?? [:]).map { outcome, count in
                "\(count) × \(outcome.atOnce) (\(outcome.began)), \(outcome.next) → \(outcome.then)"
            }
            return row.padding(toLength: 34, withPad: " ", startingAt: 0) + cells.sorted().joined(separator: "; ")
        }
        return (["\(runs) kills, \(mixtures) mixtures"] + lines).joined(separator: "\n")
    }
}
