import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@testable import OpsCore

/// Schedulers of several processes on one database, with a clock on which a minute passes in a second.
@Suite struct BackupSchedulerTests {
    private static let speed = 60.0

    private func settings(_ database: DatabaseSettings, _ folder: String) throws -> Settings {
        var settings = try SettingsReader(environment: [:], workingDirectory: "/", homeDirectory: "/").read()
        settings.database = database
        settings.backups.directory = folder
        return settings
    }

    private func scheduler(
        _ settings: Settings, from start: Date, _ work: @escaping JobRunner.Work
    ) throws -> (BackupScheduler, JobRunner) {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let runner = JobRunner(database: settings.database, logger: logger)
        let scheduler = BackupScheduler(
            try #require(CronSchedule("*/10 * * * *")), settings: settings, runner: runner,
            pool: DatabasePool(settings.database, settings.pool), logger: logger, pause: .milliseconds(100),
            time: { start + $0.timeIntervalSince(start) * Self.speed }, work: work)
        return (scheduler, runner)
    }

    private func serverTime(_ database: DatabaseSettings) async throws -> Date {
        let store = JobStore(database: database.database)
        return try await DatabaseConnection(database).run { try store.latest(.backupCreate, by: "", limit: 1, $0) }.now
    }

    /// Every point once, whoever is first; the points are those of the table of jobs.
    @Test(arguments: TestTarget.all)
    func threeOfThemRunEachPointOnce(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with { folder in
                let settings = try settings(database, folder)
                let start = try await serverTime(database)
                let ran = Tally()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 1...3 {
                        let (scheduler, _) = try scheduler(settings, from: start) { _ in
                            ran.add()
                            return ["file": "none"]
                        }
                        group.addTask { await scheduler.run() }
                    }
                    try await eventually(within: .seconds(120)) { ran.count >= 3 }
                    group.cancelAll()
                }
                let store = JobStore(database: database.database)
                let jobs = try await DatabaseConnection(database).run { session in
                    try store.latest(.backupCreate, by: BackupScheduler.account, limit: 100, session).jobs
                }
                let points = jobs.map { job in
                    Int((start + job.submittedAt.timeIntervalSince(start) * Self.speed).timeIntervalSince1970 / 600)
                }
                #expect(points.count >= 3 && Set(points).count == points.count, "\(points)")
            }
        }
    }

    /// Somebody's clock was wrong when that file was named; nights go on coming.
    @Test func aFileOfAFarFutureStopsNoSchedule() async throws {
        try await TestDatabase.with { database in
            let name = "203611290300.\(database.database).sql.gz"
            _ = try #require(BackupName(name)?.date)
            try await TestFolder.with(files: [name: ""]) { folder in
                let ran = Tally()
                let (scheduler, _) = try scheduler(
                    settings(database, folder), from: try await serverTime(database)
                ) { _ in
                    ran.add()
                    return ["file": "none"]
                }
                let running = Task { await scheduler.run() }
                defer { running.cancel() }
                try await eventually(within: .seconds(120)) { ran.count == 1 }
            }
        }
    }

    /// A failed run is tried again 5 and 15 minutes later by whoever is there, and no more before the next point.
    @Test func aFailureIsTriedAgainAfterAPause() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with { folder in
                let settings = try settings(database, folder)
                let start = try await serverTime(database)
                let (scheduler, _) = try scheduler(settings, from: start) { _ in throw CocoaError(.fileNoSuchFile) }
                let store = JobStore(database: database.database)
                let session = try await DatabaseConnection(database)
                let running = Task { await scheduler.run() }
                defer { running.cancel() }
                try await eventually(within: .seconds(120)) {
                    try await session.run {
                        try store.latest(.backupCreate, by: BackupScheduler.account, limit: 100, $0).jobs
                    }.filter { $0.status == .failed }.count >= 2
                }
                let jobs = try await session.run {
                    try store.latest(.backupCreate, by: BackupScheduler.account, limit: 100, $0).jobs
                }
                let (second, first) = (jobs[jobs.count - 2], jobs[jobs.count - 1])
                let pause = second.submittedAt.timeIntervalSince(try #require(first.completedAt)) * Self.speed
                #expect(pause >= 299, "\(pause)")
            }
        }
    }

    /// Nothing was missed where there was no schedule before.
    @Test func theFirstStartOfAllWaitsForItsPoint() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with { folder in
                let settings = try settings(database, folder)
                let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                let runner = JobRunner(database: database, logger: logger)
                let looks = Tally()
                let scheduler = BackupScheduler(
                    try #require(CronSchedule("0 3 1 1 *")), settings: settings, runner: runner,
                    pool: DatabasePool(database, settings.pool), logger: logger, pause: .milliseconds(10),
                    time: { now in
                        looks.add()
                        return now
                    }, work: { _ in true })
                let running = Task { await scheduler.run() }
                try await eventually(within: .seconds(60)) { looks.count > 5 }
                running.cancel()
                await running.value
                let store = JobStore(database: database.database)
                let jobs = try await DatabaseConnection(database).run { try store.history(limit: 10, $0) }
                #expect(jobs.isEmpty)
            }
        }
    }
}

/// Counts across tasks.
private final class Tally: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
}
