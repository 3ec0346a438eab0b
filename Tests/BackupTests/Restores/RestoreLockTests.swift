import Foundation
import Synchronization
import TestSupport
import Testing

@testable import OpsCore

/// The exchange of the tables and those who use them.
@Suite struct RestoreLockTests {
    private static func with(
        on target: TestTarget = .embedded, _ body: (BackupScope) async throws -> Void
    ) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            try await body(scope)
        }
    }

    private func lockedError(_ scope: BackupScope, as account: DatabaseSettings? = nil) async throws -> String {
        let restore = Restore(database: account ?? scope.database, directory: scope.folder)
        let error = await #expect(throws: RestoreError.self) {
            // One try takes five seconds.
            try await SchemaSwap.$attempts.withValue(1) { try await restore.run(.init(file: nil)) }
        }
        #expect(error?.code == "RESTORE_TABLES_LOCKED")
        return error?.message ?? ""
    }

    @Test(arguments: TestTarget.all)
    func aLongTransactionIsNamedWithUserHostAgeAndQuery(_ target: TestTarget) async throws {
        try await Self.with(on: target) { scope in
            let state = try await RestoreState(scope)
            let idle = try await DatabaseConnection(scope.database)
            try await idle.run("BEGIN", "SELECT * FROM parent")
            let message = try await lockedError(scope)
            #expect(message.contains("session \(idle.connectionID) of \(scope.database.user) from "), "\(message)")
            #expect(message.contains("idle for "))
            try await idle.run("ROLLBACK")
            let busy = try await DatabaseConnection(scope.database)
            let query = Task { try await busy.query("SELECT SLEEP(600) FROM parent LIMIT 1") }
            try await scope.untilStatement(like: "SELECT SLEEP(600)%")
            let second = try await lockedError(scope)
            #expect(second.contains("session \(busy.connectionID) of \(scope.database.user)"), "\(second)")
            #expect(second.contains("SELECT SLEEP(600) FROM parent"))
            try await scope.execute("KILL QUERY \(busy.connectionID)")
            _ = try? await query.value
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// The toolkit's own tables stay where they are, whoever reads them.
    @Test(arguments: TestTarget.all)
    func whoReadsATableThatStaysHoldsNothingUp(_ target: TestTarget) async throws {
        try await Self.with(on: target) { scope in
            let reader = try await DatabaseConnection(scope.database)
            try await reader.run("BEGIN", "SELECT COUNT(*) FROM sysndd_ctl_lease")
            _ = try await scope.restore.run(.init(file: nil))
            _ = try await scope.restore.undo()
            try await reader.run("ROLLBACK")
        }
    }

    /// A list that is empty for want of rights would look like nobody.
    @Test func missingRightsToSeeOthersAreTold() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE parent (id INT PRIMARY KEY)")
            _ = try await scope.backup.create()
            let account = try await BackupAccount.make(scope)
            let name = SQLQuery.identifier(scope.database.database).replacing("_", with: "\\_")
            try await scope.execute(
                "GRANT ALL ON \(name).* TO \(account.quoted)",
                "GRANT ALL ON \(name.dropLast())%`.* TO \(account.quoted)",
                "GRANT CREATE, DROP, RELOAD, SELECT ON *.* TO \(account.quoted)")
            let idle = try await DatabaseConnection(scope.database)
            try await idle.run("BEGIN", "SELECT * FROM parent")
            let message = try await lockedError(scope, as: account.settings)
            #expect(message.contains("cannot be seen, because the account lacks PROCESS"), "\(message)")
            try await idle.run("ROLLBACK")
            try await account.drop(scope)
        }
    }

    /// Writers go on through the exchange: each statement finds all tables, and sees the old ones or the new ones.
    @Test(arguments: TestTarget.all)
    func writersSeeTheOldTablesOrTheNewOnes(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.execute(
                "CREATE TABLE a (id INT PRIMARY KEY AUTO_INCREMENT, era INT)",
                "CREATE TABLE b (id INT PRIMARY KEY AUTO_INCREMENT, era INT)", "INSERT INTO a (era) VALUES (1)",
                "INSERT INTO b (era) VALUES (1)")
            _ = try await scope.backup.create()
            try await scope.execute("UPDATE a SET era = 2", "UPDATE b SET era = 2")
            let (seen, errors) = try await Self.writing(scope) {
                _ = try await scope.restore.run(.init(file: nil))
            }
            #expect(errors == [])
            // In one statement never tables of both kinds.
            #expect(Set(seen) == ["1 1", "2 2"])
            #expect(seen.count > 10)
            let (undone, more) = try await Self.writing(scope) { _ = try await scope.restore.undo() }
            #expect(more == [])
            #expect(Set(undone) == ["1 1", "2 2"])
        }
    }

    /// Three sessions write and read before `body` runs, meanwhile, and afterwards.
    private static func writing(
        _ scope: BackupScope, _ body: () async throws -> Void
    ) async throws -> (seen: [String], errors: [String]) {
        let isOver = Flag()
        let rounds = Rounds()
        let writers = (0..<Rounds.writers).map { number in
            Task { () async throws -> (seen: [String], errors: [String]) in
                let session = try await DatabaseConnection(scope.database)
                var (seen, errors): ([String], [String]) = ([], [])
                while !isOver.value {
                    do {
                        try await session.run("INSERT INTO a (era) SELECT MIN(era) FROM b")
                        let row = try await session.query("SELECT MIN(a.era), MIN(b.era) FROM a, b").first
                        seen.append("\(row?.text(0) ?? "-") \(row?.text(1) ?? "-")")
                    } catch {
                        errors.append("\(error)")
                    }
                    rounds.add(number)
                }
                return (seen, errors)
            }
        }
        do {
            try await eventually { rounds.least >= 1 }
            try await body()
            rounds.reset()
            // The first may have begun before the end of the exchange.
            try await eventually { rounds.least >= 2 }
        } catch {
            isOver.set()
            throw error
        }
        isOver.set()
        var result: (seen: [String], errors: [String]) = ([], [])
        for writer in writers {
            let found = try await writer.value
            result.seen += found.seen
            result.errors += found.errors
        }
        return result
    }
}

/// How often each writer has been round.
private final class Rounds: Sendable {
    static let writers = 3

    private let counts = Mutex([Int](repeating: 0, count: writers))

    var least: Int { counts.withLock { $0.min() ?? 0 } }

    func add(_ writer: Int) { counts.withLock { $0[writer] += 1 } }

    func reset() { counts.withLock { $0 = [Int](repeating: 0, count: Self.writers) } }
}

/// Something that is set once.
private final class Flag: Sendable {
    private let state = Mutex(false)

    var value: Bool { state.withLock { $0 } }

    func set() { state.withLock { $0 = true } }
}
