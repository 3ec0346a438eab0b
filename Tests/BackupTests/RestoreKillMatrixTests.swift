import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Process and server are killed at every stage of a restore and of its undoing, many times: the database holds the old rows
/// or the new ones, all of them, and the next command leaves it whole. Prints a table of stages and outcomes.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["SYSNDD_TEST_KILLS"] != nil, "run by make test-kills"))
struct RestoreKillMatrixTests {
    /// How many times each stage is killed, for each of process and server.
    private static let moments = 6

    @Test func whateverIsKilledTheDatabaseIsOldOrNew() async throws {
        try await BackupScope.withOwnServer { scope, server in
            let subject = try await KillSubject.make(scope, server)
            var table = KillTable()
            for victim in KillVictim.allCases {
                for stage in KillStage.allCases {
                    for moment in 0..<Self.moments {
                        let next = moment.isMultiple(of: 2) ? "resume" : "undo"
                        let fraction = Double(moment / 2) * 2 / Double(Self.moments)
                        let outcome = try await subject.round(victim, at: stage, after: fraction, next: next)
                        table.add(outcome, victim, stage)
                    }
                }
            }
            print(table.text)
            #expect(table.runs >= 60)
            #expect(table.mixtures == 0)
        }
    }
}

/// Who is killed.
enum KillVictim: String, CaseIterable {
    case process, server
}

/// What is under way then; the raw value is how the line begins by which the tool tells it.
enum KillStage: String, CaseIterable {
    case verification = "looking at every byte"
    case safetyBackup = "making a safety backup"
    case load = "loading"
    case comparison = "comparing every row"
    case swap = "moving the tables"
    /// The undoing of a restore that is done, which says nothing.
    case undo = ""
}

/// What became of the database: at once, and by the next command.
struct KillOutcome: Hashable {
    enum State: String {
        case old, new, mixture
    }

    var atOnce: State
    var next: String
    var then: State
}

/// How often each outcome was seen at each stage.
struct KillTable {
    private var counts: [String: [KillOutcome: Int]] = [:]
    private var order: [String] = []
    private(set) var runs = 0
    private(set) var mixtures = 0

    mutating func add(_ outcome: KillOutcome, _ victim: KillVictim, _ stage: KillStage) {
        let row = "\(victim.rawValue), \(stage)"
        if counts[row] == nil { order.append(row) }
        counts[row, default: [:]][outcome, default: 0] += 1
        runs += 1
        if outcome.atOnce == .mixture || outcome.then == .mixture { mixtures += 1 }
    }

    var text: String {
        let lines = order.map { row in
            let cells = (counts[row] ?? [:]).map { outcome, count in
                "\(count) × \(outcome.atOnce.rawValue), \(outcome.next) → \(outcome.then.rawValue)"
            }
            return row.padding(toLength: 24, withPad: " ", startingAt: 0) + cells.sorted().joined(separator: "; ")
        }
        return (["\(runs) kills, \(mixtures) mixtures"] + lines).joined(separator: "\n")
    }
}
