import DevStack
import Foundation
import Logging
import TestSupport
import Testing

@testable import OpsCore

@Suite struct JobRunnerTests {
    private static func with(_ body: (DatabaseSettings, JobStore) async throws -> Void) async throws {
        for target in TestTarget.all {
            try await TestDatabase.with(on: target) { try await body($0, JobStore(database: $0.database)) }
        }
    }

    private func runner(_ database: DatabaseSettings) -> JobRunner {
        JobRunner(database: database, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func job(_ id: String, _ store: JobStore, _ database: DatabaseSettings) async throws -> Job? {
        try await DatabaseConnection(database).run { try store.job(id, $0) }
    }

    private func ended(_ id: String, _ store: JobStore, _ database: DatabaseSettings) async throws -> Job {
        let session = try await DatabaseConnection(database)
        try await eventually(within: .seconds(60)) {
            try await session.run { try store.job(id, $0) }?.status.isFinal == true
        }
        return try #require(await job(id, store, database))
    }

    @Test func aJobTellsItsProgressAndThenItsResult() async throws {
        try await Self.with { database, store in
            let gate = Gate()
            let id = try await runner(database).submit(.backupCreate, by: "ada") { context in
                context.report(JobProgress(step: "rows", current: 5, total: 20))
                await gate.wait()
                return ["file": "a.sql.gz"]
            }
            try await eventually(within: .seconds(60)) {
                try await job(id, store, database)?.progress == JobProgress(step: "rows", current: 5, total: 20)
            }
            let running = try #require(await job(id, store, database))
            #expect(running.status == .running)
            #expect(running.submittedBy == "ada")
            #expect(running.remainingSeconds != nil)
            await gate.open()
            let done = try await ended(id, store, database)
            #expect(done.status == .completed)
            #expect(done.result == #"{"file":"a.sql.gz"}"#)
            #expect(done.completedAt != nil)
            #expect(done.failure == nil)
        }
    }

    @Test func aSecondOneIsToldTheRunningJobsID() async throws {
        try await Self.with { database, store in
            let gate = Gate()
            let id = try await runner(database).submit(.backupRestore, by: "ada") { _ in
                await gate.wait()
                return true
            }
            // Another replica.
            let other = runner(database)
            let error = await #expect(throws: JobError.self) {
                _ = try await other.submit(.backupCreate, by: "bob") { _ in true }
            }
            #expect(error?.kind == .busy(jobID: id, isRestore: true))
            #expect(error?.code == "RESTORE_IN_PROGRESS")
            await gate.open()
            #expect(try await ended(id, store, database).status == .completed)
            let history = try await DatabaseConnection(database).run { try store.history(limit: 10, $0) }
            #expect(history.map(\.id) == [id])
        }
    }

    @Test func ofManyAtOnceExactlyOneRuns() async throws {
        try await Self.with { database, store in
            let gate = Gate()
            let ids = await withTaskGroup(of: String?.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try? await runner(database).submit(.backupCreate, by: "ada") { _ in
                            await gate.wait()
                            return true
                        }
                    }
                }
                return await group.reduce(into: [String]()) { if let id = $1 { $0.append(id) } }
            }
            #expect(ids.count == 1)
            await gate.open()
            let id = try #require(ids.first)
            #expect(try await ended(id, store, database).status == .completed)
        }
    }

    @Test func aBackupOfTheCommandLineIsInTheWayToo() async throws {
        try await Self.with { database, _ in
            let error = await #expect(throws: JobError.self) {
                try await Lease.with(database, owner: LeaseOwner(operation: "backup")) { _ in
                    _ = try await runner(database).submit(.backupCreate, by: "ada") { _ in true }
                }
            }
            #expect(error?.kind == .busy(jobID: nil, isRestore: false))
            #expect(error?.code == "BACKUP_IN_PROGRESS")
        }
    }

    @Test func aFailureIsWrittenWithItsCodeAndOthersAreNotTold() async throws {
        try await Self.with { database, store in
            let known = try await runner(database).submit(.backupVerify, by: "ada") { _ -> Bool in
                throw DatabaseError(number: 1146, sqlState: "42S02", message: "no such table")
            }
            let failed = try await ended(known, store, database)
            #expect(failed.status == .failed)
            #expect(failed.failure == Job.Failure(code: "DATABASE_ERROR", message: "no such table"))
            try await eventually { try await DatabaseConnection(database).run { try isFree(database, $0) } }
            let unknown = try await runner(database).submit(.backupVerify, by: "ada") { _ -> Bool in
                throw NSError(domain: "password=hunter2", code: 1)
            }
            let hidden = try #require(await ended(unknown, store, database).failure)
            #expect(hidden.code == "OPERATION_FAILED")
            #expect(!hidden.message.contains("hunter2"))
        }
    }

    private func isFree(_ database: DatabaseSettings, _ session: MariaDBHandle) throws -> Bool {
        try Lease.holder(in: database.database, session) == nil
    }

    @Test func aShutdownFailsTheJobWithTheReason() async throws {
        try await Self.with { database, store in
            let runner = runner(database)
            let id = try await runner.submit(.backupCreate, by: "ada") { _ in
                try await Task.sleep(for: .seconds(600))
                return true
            }
            await runner.shutDown()
            let job = try #require(await job(id, store, database))
            #expect(job.status == .failed)
            #expect(job.failure?.code == "SHUTDOWN")
            let error = await #expect(throws: JobError.self) {
                _ = try await runner.submit(.backupCreate, by: "ada") { _ in true }
            }
            #expect(error?.kind == .shuttingDown)
        }
    }

    /// Nothing was undone then.
    @Test func aShutdownDoesNotHideWhatBecameOfTheDatabase() async throws {
        try await Self.with { database, store in
            let runner = runner(database)
            let id = try await runner.submit(.backupRestore, by: "ada") { _ -> Bool in
                try? await Task.sleep(for: .seconds(600))
                throw RestoreError.incomplete(["view v: no such table"])
            }
            await runner.shutDown()
            let job = try #require(await job(id, store, database))
            #expect(job.failure?.code == "RESTORE_INCOMPLETE")
        }
    }

    @Test func theJobOfADeadProcessIsFailedByWhoeverLooks() async throws {
        try await Self.with { database, store in
            let gate = Gate()
            let id = try await runner(database).submit(.backupCreate, by: "ada") { _ in
                await gate.wait()
                return true
            }
            // What a killed process leaves behind: an open job whose lease is nobody's.
            let session = try await DatabaseConnection(database)
            try await session.run { session in
                let holder = try #require(try Lease.holder(in: database.database, session))
                try Lease.revoke(holder, in: database.database, session)
            }
            let job = try #require(await job(id, store, database))
            #expect(job.status == .failed)
            #expect(job.failure?.code == "LEASE_EXPIRED")
            // The next one runs.
            let next = try await runner(database).submit(.backupCreate, by: "ada") { _ in true }
            #expect(try await ended(next, store, database).status == .completed)
            await gate.open()
        }
    }

    @Test func theTableOfJobsIsNeverDumped() async throws {
        try await Self.with { database, store in
            let id = try await runner(database).submit(.backupCreate, by: "ada") { _ in true }
            _ = try await ended(id, store, database)
            try await TestFolder.with { folder in
                try await eventually { try await DatabaseConnection(database).run { try isFree(database, $0) } }
                let result = try await Backup(database: database, directory: folder + "/b").create()
                #expect(result.tableCount == 0)
            }
        }
    }
}

/// Closed until it is opened, once.
private actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiters.append($0) }
    }
}
