import Foundation
import Synchronization
import TestSupport
import Testing

@testable import OpsCore

/// Money is moved between accounts in two tables all the time; in every backup the sum is the same.
@Suite(.serialized) struct BackupConsistencyTests {
    private static let accounts = 1000
    private static let money = 2 * accounts * 1000

    @Test(arguments: TestTarget.all)
    func theSumIsExactInEveryBackup(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await Self.prepare(scope)
            let end = End()
            let moves = try await withThrowingTaskGroup(of: Int.self) { group in
                defer { end.come() }
                for _ in 0..<8 { group.addTask { try await Self.move(scope.database, until: end) } }
                try await Self.checkBackups(scope, count: 20)
                end.come()
                return try await group.reduce(0, +)
            }
            #expect(moves > 100)
            print("\(target): \(moves) transfers during the backups")
        }
    }

    /// Tells the writers to stop.
    private final class End: Sendable {
        private let state = Mutex(false)
        var hasCome: Bool { state.withLock { $0 } }
        func come() { state.withLock { $0 = true } }
    }

    private static func prepare(_ scope: BackupScope) async throws {
        let rows = (1...accounts).map { "(\($0), 1000, REPEAT('x', 200))" }.joined(separator: ", ")
        for table in ["left_side", "right_side"] {
            try await scope.execute(
                "CREATE TABLE \(table) (id INT PRIMARY KEY, amount INT NOT NULL, note TEXT) ENGINE=InnoDB",
                "INSERT INTO \(table) VALUES \(rows)")
        }
    }

    private static func checkBackups(_ scope: BackupScope, count: Int) async throws {
        var longest = 0
        for number in 1...count {
            let result = try await scope.backup.create(.init(jobs: 4))
            #expect(result.snapshot.consistent)
            #expect(result.snapshot.method == .readLock)
            longest = max(longest, result.snapshot.lockMs ?? 0)
            let sum = try await amounts(in: result.file)
            #expect(sum == money, "backup \(number)")
        }
        print("\(scope.target): longest global lock in \(count) backups: \(longest) ms")
        // A lock that nobody gives back ends after ten seconds.
        #expect(longest < 5000)
    }

    /// Moves money between random accounts until told to stop; each transfer takes from one table and gives to the other.
    private static func move(_ settings: DatabaseSettings, until end: End) async throws -> Int {
        let connection = try await DatabaseConnection(settings)
        var moves = 0
        while !end.hasCome {
            let (from, to) = (Int.random(in: 1...accounts), Int.random(in: 1...accounts))
            let sides = Bool.random() ? ["left_side", "right_side"] : ["right_side", "left_side"]
            let amount = Int.random(in: 1...50)
            do {
                try await connection.transaction { session in
                    try session.execute(
                        "UPDATE \(identifier: sides[0]) SET amount = amount - \(amount) WHERE id = \(from)")
                    try session.execute(
                        "UPDATE \(identifier: sides[1]) SET amount = amount + \(amount) WHERE id = \(to)")
                }
                moves += 1
            } catch let error as DatabaseError where error.kind == .deadlock || error.kind == .lockWaitTimeout {}
        }
        return moves
    }

    /// The sum over the second value of each row.
    private static func amounts(in path: String) async throws -> Int {
        let text = String(decoding: try await BackupScope.sql(of: path), as: UTF8.self)
        return text.split(separator: "\n").reduce(0) { sum, line in
            guard line.hasPrefix("("), let amount = line.split(separator: ",").dropFirst().first else { return sum }
            return sum + (Int(amount) ?? 0)
        }
    }
}
