import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The rule by which a lease may be taken, and what happens around it, without a server.
@Suite struct LeaseRuleTests {
    private static let here = LeaseServer(node: "here", started: 1000)

    private static func row(isExpired: Bool = false, isHeld: Bool = true) -> LeaseRow {
        let columns = [
            "owner", "process_id", "operation", "job_id", "token", "account", "node", "server_started",
            "connection_id", "work_sessions", "acquired", "heartbeat", "expires", "is_expired",
        ]
        let values = [
            isHeld ? "host" : nil, "1", "backup", nil, "7", "app@%", "here", "1000", "5", "6,7", "0", "0", "0",
            isExpired ? "1" : "0",
        ]
        return LeaseRow(DatabaseRow(columns: columns, values: values.map { $0.map { Array($0.utf8) } }))
    }

    @Test(
        arguments: [
            // node, start of the server, sessions present, statements running, expired, the claim
            ("here", 1000, 1, 0, false, nil),
            ("here", 1000, 0, 0, false, .gone),
            ("here", 1000, nil, nil, false, nil),
            ("here", 1000, nil, nil, true, .expired),
            ("here", 1000, 1, 0, true, .expired),
            ("here", 1000, 1, 1, true, nil),
            // The server was started again: all sessions of before are gone, whoever has their numbers now.
            ("here", 2000, 3, 1, false, .gone),
            // Numbers of another node mean nothing.
            ("there", 1000, 0, 0, false, nil),
            ("there", 2000, 0, 0, false, nil),
            ("there", 1000, 1, 1, true, .expired),
        ] as [(String, Int, Int?, Int?, Bool, LeaseTable.Claim?)])
    func aHolderIsDeadOnlyWhenThatIsKnown(
        node: String, started: Int, present: Int?, working: Int?, isExpired: Bool, expected: LeaseTable.Claim?
    ) {
        let sessions = present.map { LeaseSessions(present: $0, working: working ?? 0) }
        let server = LeaseServer(node: node, started: started)
        #expect(Self.row(isExpired: isExpired).claim(server: server, sessions: sessions) == expected)
    }

    @Test func aFreeLeaseMayBeTakenByAnyone() {
        #expect(Self.row(isHeld: false).claim(server: Self.here, sessions: nil) == .free)
        #expect(Self.row(isHeld: false).holder == nil)
        #expect(Self.row().workSessions == [6, 7])
    }

    @Test(arguments: [UInt32(1213), 1020])
    func aConflictBetweenNodesIsTriedAgain(number: UInt32) throws {
        var attempts = 0
        var pauses: [Duration] = []
        let value = try LeaseConflict.retrying(wait: { pauses.append($0) }) {
            attempts += 1
            if attempts < 4 { throw DatabaseError(number: number, sqlState: "40001", message: "conflict") }
            return "taken"
        }
        #expect(value == "taken")
        #expect(pauses.count == 3)
    }

    @Test func aConflictThatDoesNotEndIsThrown() {
        var attempts = 0
        let error = #expect(throws: DatabaseError.self) {
            try LeaseConflict.retrying(attempts: 5, wait: { _ in }) {
                attempts += 1
                throw DatabaseError(number: 1213, sqlState: "40001", message: "conflict")
            }
        }
        #expect(error?.kind == .deadlock)
        #expect(attempts == 5)
    }

    @Test func anotherErrorIsNotTriedAgain() {
        var attempts = 0
        #expect(throws: DatabaseError.self) {
            try LeaseConflict.retrying(wait: { _ in }) {
                attempts += 1
                throw DatabaseError(number: 1205, sqlState: "HY000", message: "lock wait")
            }
        }
        #expect(attempts == 1)
    }

    @Test(arguments: [
        (UInt32(1290), true), (1836, true), (1142, true), (1227, true), (1044, true), (1792, true), (1045, false),
        (1213, false), (2013, false), (1205, false),
    ])
    func refusalsThatComeWithTheServerAreToldFromFailures(number: UInt32, expected: Bool) {
        let error = DatabaseError(number: number, sqlState: "HY000", message: "")
        #expect(LeaseAttempt.meansUnavailable(error) == expected)
    }
}
