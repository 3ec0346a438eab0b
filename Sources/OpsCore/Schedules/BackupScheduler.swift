import Foundation
import Logging

/// Makes scheduled backups at the points of a ``CronSchedule``: in one of several processes, whichever comes first.
///
/// What was done is read from the table of jobs and from the backup folder, so it does not matter which process did it, or
/// whether any was there. The time is the database server's: clocks of replicas may differ.
public actor BackupScheduler {
    /// Who such jobs are submitted by. No account can have this name: it is too long.
    public static let account = "the backup schedule of the shim"

    /// Longest time between two looks: what others did is not told, and another operation may be in the way.
    private static let pause = Duration.seconds(30)
    /// By how much the clock of who named a backup may be ahead of the server's.
    private static let skew = 3600.0
    /// How many of its latest jobs are looked at; more than one point of the schedule has.
    private static let looked = 10

    private let schedule: CronSchedule
    private let settings: Settings
    private let runner: JobRunner
    private let pool: DatabasePool
    private let logger: Logger
    private let pause: Duration
    /// The time that counts, from that of the server.
    private let time: @Sendable (Date) -> Date
    private let work: JobRunner.Work
    private let chance = Double.random(in: 0...1)
    /// Where nothing was ever done, nothing before the first look was missed.
    private var baseline: Date?
    private var lastProblem: String?
    private var announced: Date?

    private var store: JobStore { runner.store }

    public init(
        _ schedule: CronSchedule, settings: Settings, runner: JobRunner, pool: DatabasePool, logger: Logger
    ) {
        self.init(
            schedule, settings: settings, runner: runner, pool: pool, logger: logger, pause: Self.pause,
            time: { $0 }, work: ScheduledBackup(settings: settings, logger: logger).run)
    }

    init(
        _ schedule: CronSchedule, settings: Settings, runner: JobRunner, pool: DatabasePool, logger: Logger,
        pause: Duration, time: @escaping @Sendable (Date) -> Date, work: @escaping JobRunner.Work
    ) {
        self.schedule = schedule
        self.settings = settings
        self.runner = runner
        self.pool = pool
        self.logger = logger
        self.pause = pause
        self.time = time
        self.work = work
    }

    /// Goes on until the task is cancelled. What goes wrong is logged, and tried again.
    public func run() async {
        while !Task.isCancelled {
            var wait = pause
            do {
                wait = min(pause, try await look() ?? pause)
                lastProblem = nil
            } catch let error as JobError {
                logger.info("a scheduled backup waits", metadata: ["reason": "\(error.message)"])
            } catch {
                tell(error)
            }
            try? await Task.sleep(for: wait)
        }
    }

    /// Begins a run where one is due.
    /// - Returns: how long nothing is to be done; nil when that is not known.
    private func look() async throws -> Duration? {
        let (decision, now) = try await pool.withConnection { connection in try await self.decide(over: connection) }
        guard let decision else { return nil }
        announce(decision, now)
        guard decision.due <= now else { return .seconds(decision.due.timeIntervalSince(now)) }
        let id = try await runner.submit(.backupCreate, by: Self.account, unless: isSettled, work)
        if let id {
            logger.notice("began a scheduled backup", metadata: ["job": "\(id)", "due": "\(text(decision.tick))"])
        }
        return .zero
    }

    /// Asked under the lease: nobody else begins one meanwhile.
    private nonisolated var isSettled: JobRunner.Condition {
        { [self] connection in
            let (decision, now) = try await decide(over: connection)
            return decision.map { $0.due > now } ?? true
        }
    }

    private func decide(over connection: DatabaseConnection) async throws -> (ScheduleDecision?, Date) {
        let (now, jobs) = try await connection.run { [store] session in
            try store.latest(.backupCreate, by: Self.account, limit: Self.looked, session)
        }
        let moment = time(now)
        let first = baseline ?? moment
        baseline = first
        let attempts = jobs.map(attempt) + [newestBackup(until: moment + Self.skew)].compactMap(\.self)
        // Something was done once, so there was a schedule, and what it missed since is known.
        let known = attempts.isEmpty ? first : .distantPast
        return (
            ScheduleDecision(schedule, now: moment, baseline: known, attempts: attempts, chance: chance), moment
        )
    }

    private func attempt(_ job: Job) -> ScheduleDecision.Attempt {
        ScheduleDecision.Attempt(
            began: time(job.submittedAt), ended: job.completedAt.map(time), hasSucceeded: job.status == .completed,
            wasStopped: job.failure?.code == Job.Failure.shutDown.code)
    }

    /// Somebody else's scheduled backup, a timer's for example, counts as one of this schedule. One that is dated later than
    /// that was named by a wrong clock, and says nothing.
    private func newestBackup(until end: Date) -> ScheduleDecision.Attempt? {
        guard let folder = try? BackupFolder(settings.backups.directory, creating: false),
            let newest = try? folder.entries().map(\.name)
                .filter({ $0.kind == .scheduled && $0.database == settings.database.database })
                .compactMap(\.date).filter({ $0 <= end }).max()
        else { return nil }
        return ScheduleDecision.Attempt(began: newest, ended: newest, hasSucceeded: true)
    }

    private func announce(_ decision: ScheduleDecision, _ now: Date) {
        guard decision.due > now, announced != decision.tick else { return }
        announced = decision.tick
        logger.notice(
            "the next scheduled backup", metadata: ["schedule": "\(schedule)", "at": "\(text(decision.due))"])
    }

    /// The same problem once, not at every look.
    private func tell(_ error: any Error) {
        let problem = (error as? any OperatorError)?.message ?? "\(error)"
        guard problem != lastProblem, !(error is CancellationError) else { return }
        lastProblem = problem
        logger.error("the backup schedule cannot go on now", metadata: ["error": "\(problem)"])
    }

    private func text(_ date: Date) -> String { date.formatted(.iso8601) }
}
