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
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test(arguments: TestTarget.all)
    func whoLostTheLeaseIsCancelledAndItsWritesAreRefused(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let other = try await DatabaseConnection(settings, selectingDatabase: false)
            let error = await #expect(throws: LeaseError.self) {
                try await Lease.with(settings, owner: LeaseOwner(operation: "old"), lifetime: .seconds(20)) { lease in
                    try await other.run { try lease.confirm($0) }
                    let first = try await other.writes(under: lease)
                    let holder = try await other.leaseHolder(in: settings.database)
                    try await other.execute(SQLQuery(unquoted: "KILL \(holder?.connectionID ?? 0)"))
                    try await Lease.with(settings, owner: LeaseOwner(operation: "new"), wait: .seconds(15)) { newer in
                        let stale = try await other.writes(under: lease)
                        let fresh = try await other.writes(under: newer)
                        let refusal = await leaseRefusal { try await other.run { try lease.confirm($0) } }
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
            try await Lease.with(settings, owner: LeaseOwner(operation: "long"), lifetime: .seconds(6)) { _ in
                let error = await #expect(throws: LeaseError.self) {
                    try await Lease.with(
                        settings, owner: LeaseOwner(operation: "impatient"), wait: .seconds(10)
                    ) { _ in }
                }
                #expect(error?.holder?.owner.operation == "long")
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aLockThatKeepsTheRenewalWaitingDoesNotEndTheLease(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            try await Lease.with(settings, owner: LeaseOwner(operation: "snapshot"), lifetime: .seconds(6)) { lease in
                let blocker = try await DatabaseConnection(settings)
                try await blocker.execute("START TRANSACTION")
                try await blocker.run { try lease.confirm($0) }
                let other = await leaseRefusal {
                    try await Lease.with(settings, owner: LeaseOwner(operation: "thief"), wait: .seconds(10)) { _ in }
                }
                #expect(other?.holder?.owner.operation == "snapshot")
                try await blocker.execute("COMMIT")
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func onAnotherNodeOnlyTheExpiryDecides(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            try await LeaseKeeper.abandon(settings, lifetime: .seconds(10))
            let session = try await DatabaseConnection(settings)
            try await session.execute("UPDATE sysndd_ctl_lease SET node = 'another'")
            await #expect(throws: LeaseError.self) {
                try await Lease.with(settings, owner: LeaseOwner(operation: "early")) { _ in }
            }
            try await Lease.with(settings, owner: LeaseOwner(operation: "late"), wait: .seconds(60)) { _ in }
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
            // The server may still list a session whose client has gone.
            try await Lease.with(settings, owner: LeaseOwner(operation: "seeing"), wait: .seconds(30)) { _ in }
            // The account's own sessions are always seen.
            try await LeaseKeeper.abandon(blind, lifetime: .seconds(600))
            try await Lease.with(blind, owner: LeaseOwner(operation: "same account"), wait: .seconds(30)) { _ in }
            try await root.execute("DROP USER \(name)")
        }
    }

    @Test(arguments: TestTarget.all)
    func aStatementThatADeadHolderLeftRunningIsWaitedFor(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let work = try await DatabaseConnection(settings)
            try await LeaseKeeper.abandon(settings, lifetime: .seconds(1), covering: [work])
            let statement = Task { try await work.query("SELECT SLEEP(10)") }
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
                try await Lease.with(settings, owner: LeaseOwner(operation: "cancelled"), lifetime: .seconds(6)) { _ in
                    do {
                        try await Task.sleep(for: .seconds(600))
                    } catch {
                        // Cleaning up takes longer than the lease lasts; it is renewed meanwhile.
                        try await Task { try await Task.sleep(for: .seconds(8)) }.value
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
}

private struct BodyFailed: Error {}
