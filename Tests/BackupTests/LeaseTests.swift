import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// One at a time, because the short lifetimes of the leases are meant for a machine that has time for them.
@Suite(.serialized) struct LeaseTests {
    @Test(arguments: TestTarget.all)
    func theLeaseIsFreeAgainAfterwardsAndTokensRise(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let owner = LeaseOwner(operation: "backup", jobID: "job-1", host: "db1.example", processID: 4711)
            let session = try await DatabaseConnection(settings)
            #expect(try await session.leaseHolder() == nil)
            let first = try await Lease.with(settings, owner: owner) { lease in
                let holder = try #require(try await session.leaseHolder())
                #expect(holder.owner == owner)
                #expect(holder.token == lease.token)
                #expect(holder.until.timeIntervalSince(holder.heartbeat) == 30)
                #expect(abs(holder.since.timeIntervalSinceNow) < 60)
                return lease.token
            }
            #expect(try await session.leaseHolder() == nil)
            let ended = try await Lease.with(settings, owner: owner) { $0 }
            let second = ended.token
            #expect(second > first)
            #expect(try await !session.writes(under: ended), "a lease that was freed is none")
            try await session.execute("DROP TABLE sysndd_ctl_lease")
            let third = try await Lease.with(settings, owner: owner) { $0.token }
            #expect(third > second, "a table that was lost must not bring old tokens back")
            let comment = try await session.query(
                """
                SELECT TABLE_COMMENT AS c FROM information_schema.TABLES
                WHERE TABLE_SCHEMA = \(settings.database) AND TABLE_NAME = 'sysndd_ctl_lease'
                """)
            #expect(comment.first?.text("c") == "sysndd-ctl")
        }
    }

    @Test(arguments: TestTarget.all)
    func aSecondHolderIsToldWhoTheFirstIs(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            try await Lease.with(settings, owner: LeaseOwner(operation: "restore", host: "db1", processID: 17)) { _ in
                let error = await #expect(throws: LeaseError.self) {
                    try await Lease.with(settings, owner: LeaseOwner(operation: "backup")) { _ in }
                }
                #expect(error?.code == "BUSY")
                #expect(error?.exitStatus == .busy)
                #expect(error?.holder?.owner.operation == "restore")
                #expect(error?.message.contains("restore on db1, pid 17, connection ") == true)
                #expect(error?.message.contains(", since 20") == true)
                // Another name is another lease.
                try await Lease.with(settings, name: "other", owner: LeaseOwner(operation: "backup")) { _ in }
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func onlyOneAtATimeOfManyThatWait(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let session = try await DatabaseConnection(settings)
            try await session.execute("CREATE TABLE counter (n INT NOT NULL)")
            try await session.execute("INSERT INTO counter VALUES (0)")
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await Lease.with(
                            settings, owner: LeaseOwner(operation: "count"), wait: .seconds(60)
                        ) { _ in
                            let own = try await DatabaseConnection(settings)
                            let count = try await own.query("SELECT n FROM counter").first?.int("n") ?? 0
                            try await Task.sleep(for: .milliseconds(20))
                            try await own.execute("UPDATE counter SET n = \(count + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await session.query("SELECT n FROM counter").first?.int("n") == 8)
        }
    }

    @Test(arguments: TestTarget.all)
    func aKilledProcessIsTakenOverAtOnce(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let url = settings.url(includingPassword: true)
            await #expect(processExitsWith: .signal(SIGKILL)) { [url = url as String] in
                let settings = try SettingsReader(environment: ["DATABASE_URL": url], workingDirectory: "/").read()
                try await Lease.with(
                    settings.database, owner: LeaseOwner(operation: "killed"), lifetime: .seconds(600)
                ) { _ in
                    _ = kill(getpid(), SIGKILL)
                }
            }
            let session = try await DatabaseConnection(settings)
            let row = try await session.query("SELECT operation FROM sysndd_ctl_lease")
            #expect(row.first?.text(0) == "killed", "the killed process must have left the lease taken")
            let start = ContinuousClock.now
            try await Lease.with(settings, owner: LeaseOwner(operation: "next"), wait: .seconds(30)) { _ in }
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test(arguments: TestTarget.all)
    func whoLostTheLeaseIsCancelledAndItsWritesAreRefused(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let other = try await DatabaseConnection(settings, selectingDatabase: false)
            let error = await #expect(throws: LeaseError.self) {
                try await Lease.with(settings, owner: LeaseOwner(operation: "old"), lifetime: .seconds(4)) { lease in
                    try await other.run { try lease.confirm($0) }
                    let first = try await other.writes(under: lease)
                    let holder = try await other.leaseHolder(in: settings.database)
                    try await other.execute(SQLQuery(unquoted: "KILL \(holder?.connectionID ?? 0)"))
                    try await Lease.with(settings, owner: LeaseOwner(operation: "new"), wait: .seconds(5)) { newer in
                        let stale = try await other.writes(under: lease)
                        let fresh = try await other.writes(under: newer)
                        let refusal = await refusal { try await other.run { try lease.confirm($0) } }
                        #expect([first, stale, fresh] == [true, false, true])
                        #expect(newer.token > lease.token)
                        #expect(refusal?.code == "LEASE_LOST")
                        #expect(refusal?.message.contains("taken over by new on") == true)
                        // The heartbeat finds out and cancels this body, which would sleep for ever.
                        try? await Task.sleep(for: .seconds(600))
                        #expect(Task.isCancelled)
                    }
                }
            }
            #expect(error?.kind == .lost)
        }
    }

    @Test(arguments: TestTarget.all)
    func aLostConnectionIsReplacedWhileNobodyElseWantsTheLease(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let other = try await DatabaseConnection(settings)
            try await Lease.with(settings, owner: LeaseOwner(operation: "long"), lifetime: .seconds(4)) { lease in
                let before = try await other.leaseRow().connectionID
                try await other.execute(SQLQuery(unquoted: "KILL \(before)"))
                try await eventually { try await other.leaseRow().connectionID != before }
                #expect(try await other.leaseRow().token == lease.token)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func theHeartbeatKeepsTheLeaseBeyondItsLifetime(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            try await Lease.with(settings, owner: LeaseOwner(operation: "long"), lifetime: .seconds(2)) { _ in
                let error = await #expect(throws: LeaseError.self) {
                    try await Lease.with(
                        settings, owner: LeaseOwner(operation: "impatient"), wait: .seconds(5)
                    ) { _ in }
                }
                #expect(error?.holder?.owner.operation == "long")
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aLockThatKeepsTheRenewalWaitingDoesNotEndTheLease(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            try await Lease.with(settings, owner: LeaseOwner(operation: "snapshot"), lifetime: .seconds(2)) { lease in
                let blocker = try await DatabaseConnection(settings)
                try await blocker.execute("START TRANSACTION")
                try await blocker.run { try lease.confirm($0) }
                let other = await refusal {
                    try await Lease.with(settings, owner: LeaseOwner(operation: "thief"), wait: .seconds(6)) { _ in }
                }
                #expect(other?.holder?.owner.operation == "snapshot")
                try await blocker.execute("COMMIT")
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func onAnotherNodeOnlyTheExpiryDecides(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            try await LeaseKeeper.abandon(settings, lifetime: .seconds(4))
            let session = try await DatabaseConnection(settings)
            try await session.execute("UPDATE sysndd_ctl_lease SET node = 'another'")
            await #expect(throws: LeaseError.self) {
                try await Lease.with(settings, owner: LeaseOwner(operation: "early")) { _ in }
            }
            try await Lease.with(settings, owner: LeaseOwner(operation: "late"), wait: .seconds(20)) { _ in }
        }
    }

    @Test(arguments: TestTarget.all)
    func whoCannotSeeTheHoldersSessionsWaitsForTheExpiry(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let root = try await DatabaseConnection(settings)
            let name = "lease_" + String(UInt32.random(in: 0 ... .max), radix: 36)
            try await root.execute("CREATE USER \(name) IDENTIFIED BY 'Blind-1234-passphrase'")
            try await root.execute("GRANT ALL ON \(identifier: settings.database).* TO \(name)")
            let blind = settings.as(name, password: "Blind-1234-passphrase")
            try await LeaseKeeper.abandon(settings, lifetime: .seconds(600))
            let error = await #expect(throws: LeaseError.self) {
                try await Lease.with(blind, owner: LeaseOwner(operation: "blind"), wait: .seconds(1)) { _ in }
            }
            #expect(error?.code == "BUSY")
            try await Lease.with(settings, owner: LeaseOwner(operation: "seeing")) { _ in }
            // The account's own sessions are always seen.
            try await LeaseKeeper.abandon(blind, lifetime: .seconds(600))
            try await Lease.with(blind, owner: LeaseOwner(operation: "same account")) { _ in }
            try await root.execute("DROP USER \(name)")
        }
    }

    @Test(arguments: TestTarget.all)
    func aStatementThatADeadHolderLeftRunningIsWaitedFor(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let work = try await DatabaseConnection(settings)
            try await LeaseKeeper.abandon(settings, lifetime: .seconds(1), covering: [work])
            let statement = Task { try await work.query("SELECT SLEEP(4)") }
            let watcher = try await DatabaseConnection(settings)
            try await eventually { try await watcher.leaseRow().isExpired }
            #expect(try await watcher.leaseHolder() != nil)
            let start = ContinuousClock.now
            try await Lease.with(settings, owner: LeaseOwner(operation: "next"), wait: .seconds(30)) { _ in }
            #expect(ContinuousClock.now - start > .seconds(1))
            _ = try await statement.value
        }
    }

    @Test(arguments: TestTarget.all)
    func cancellingFreesTheLeaseOnceTheBodyHasEnded(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let session = try await DatabaseConnection(settings)
            let task = Task {
                try await Lease.with(settings, owner: LeaseOwner(operation: "cancelled"), lifetime: .seconds(2)) { _ in
                    do {
                        try await Task.sleep(for: .seconds(600))
                    } catch {
                        // Cleaning up takes longer than the lease lasts; it is renewed meanwhile.
                        try await Task { try await Task.sleep(for: .seconds(4)) }.value
                        let operation = try await Task { try await session.leaseHolder()?.owner.operation }.value
                        #expect(operation == "cancelled")
                        throw error
                    }
                }
            }
            try await eventually { try await session.leaseHolder() != nil }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await session.leaseRow().owner == nil)
        }
    }

    @Test(arguments: TestTarget.all)
    func anErrorOfTheBodyFreesTheLeaseAndIsThrown(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            await #expect(throws: BodyFailed.self) {
                try await Lease.with(settings, owner: LeaseOwner(operation: "failing")) { _ in throw BodyFailed() }
            }
            let session = try await DatabaseConnection(settings)
            #expect(try await session.leaseRow().owner == nil)
        }
    }

    @Test(arguments: TestTarget.all)
    func aRevokedHolderIsCancelledAndTold(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let session = try await DatabaseConnection(settings)
            let error = await #expect(throws: LeaseError.self) {
                try await Lease.with(settings, owner: LeaseOwner(operation: "hung"), lifetime: .seconds(4)) { lease in
                    let holder = try #require(try await session.leaseHolder())
                    let isRevoked = try await session.run { try Lease.revoke(holder, in: settings.database, $0) }
                    #expect(isRevoked)
                    #expect(try await !session.writes(under: lease))
                    try await Task.sleep(for: .seconds(600))
                }
            }
            #expect(error?.message.contains("taken away") == true)
        }
    }

    @Test(arguments: TestTarget.all)
    func aLossThatNoHeartbeatSawIsToldAtTheEnd(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let session = try await DatabaseConnection(settings)
            let error = await #expect(throws: LeaseError.self) {
                try await Lease.with(settings, owner: LeaseOwner(operation: "quick")) { _ in
                    let holder = try #require(try await session.leaseHolder())
                    _ = try await session.run { try Lease.revoke(holder, in: settings.database, $0) }
                }
            }
            #expect(error?.kind == .lost)
        }
    }

    @Test(arguments: TestTarget.all)
    func anAccountThatMayOnlyReadHasNoLease(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let root = try await DatabaseConnection(settings)
            let name = "lease_" + String(UInt32.random(in: 0 ... .max), radix: 36)
            try await root.execute("CREATE USER \(name) IDENTIFIED BY 'Reader-1234-passphrase'")
            try await root.execute("GRANT SELECT ON \(identifier: settings.database).* TO \(name)")
            let reader = settings.as(name, password: "Reader-1234-passphrase")
            for _ in ["without the table", "with the table"] {
                let error = await #expect(throws: LeaseError.self) {
                    try await Lease.with(reader, owner: LeaseOwner(operation: "backup")) { _ in }
                }
                #expect(error?.kind == .unavailable)
                #expect(error?.code == "LEASE_UNAVAILABLE")
                try await Lease.with(settings, owner: LeaseOwner(operation: "maker")) { _ in }
            }
            try await root.execute("DROP USER \(name)")
        }
    }

    @Test func aReadOnlyServerHasNoLeaseEvenForAnAdministrator() async throws {
        let server = try await TestServer.start(settings: ["read-only": "1"])
        let settings = server.endpoint.rootSettings
        let error = await refusal { try await Lease.with(settings, owner: LeaseOwner(operation: "backup")) { _ in } }
        #expect(error?.kind == .unavailable)
        #expect(error?.message.contains("read_only") == true)
        let session = try await DatabaseConnection(settings)
        #expect(try await session.leaseHolder() == nil)
        #expect(try await session.query("SHOW TABLES LIKE 'sysndd_ctl_lease'").isEmpty)
        try await server.stop()
    }
}

extension DatabaseConnection {
    fileprivate func leaseHolder(in database: String? = nil) async throws -> LeaseHolder? {
        let database = database ?? settings.database
        return try await run { try Lease.holder(in: database, $0) }
    }

    fileprivate func leaseRow() async throws -> LeaseRow {
        let table = LeaseTable(database: settings.database)
        return try #require(try await run { try table.row(Lease.maintenance, $0) })
    }

    /// Whether a statement that carries the lease's condition does something.
    fileprivate func writes(under lease: Lease) async throws -> Bool {
        try await query("SELECT 1 FROM DUAL WHERE \(lease.condition)").count == 1
    }
}

private struct BodyFailed: Error {}

/// The lease error that `body` throws.
private func refusal(_ body: () async throws -> Void) async -> LeaseError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? LeaseError
    }
}

extension DatabaseSettings {
    fileprivate func `as`(_ user: String, password: String) -> DatabaseSettings {
        var settings = self
        settings.user = user
        settings.password = Secret(password)
        return settings
    }
}

extension LeaseKeeper {
    /// Takes the lease and ends its session, as a killed process does.
    fileprivate static func abandon(
        _ settings: DatabaseSettings, lifetime: Duration, covering connections: [DatabaseConnection] = []
    ) async throws {
        let keeper = try await take(
            settings, name: Lease.maintenance, owner: LeaseOwner(operation: "abandoned"), wait: .zero,
            lifetime: lifetime, waiting: { _ in })
        try await keeper.cover(connections.map(\.connectionID))
    }
}

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
