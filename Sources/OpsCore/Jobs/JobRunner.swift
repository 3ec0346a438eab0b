import Foundation
import Logging

/// Runs jobs: one maintenance operation at a time on a database, whoever asks for it and wherever it runs.
///
/// The lease decides. It is taken before a job is accepted and freed after the job's row says how it ended, so a row that
/// is not final without a lease is that of a process that has ended.
public actor JobRunner {
    /// The work of a job. Its value is kept as JSON.
    public typealias Work = @Sendable (JobContext) async throws -> any Encodable & Sendable
    /// Asked under the lease, over a session of the job's own; true lets nothing be done.
    public typealias Condition = @Sendable (DatabaseConnection) async throws -> Bool
    /// Told when a job has ended and its lease is free.
    public typealias Ended = @Sendable (Job) async -> Void

    /// Between two looks at the progress; one that changed is written.
    static let pause = Duration.milliseconds(500)
    /// A job says at least so often that it is alive.
    static let heartbeat = Duration.seconds(5)
    /// Between two looks for jobs whose process has ended.
    static let watch = Duration.seconds(10)

    private let database: DatabaseSettings
    private let leaseLifetime: Duration
    private let logger: Logger
    private let ended: Ended
    /// Where jobs are looked at, so that it is told of those that are found dead.
    public nonisolated let store: JobStore
    /// Jobs that this process found dead, and of which nobody was told yet.
    private nonisolated let dead: AsyncStream<Job>
    private var running: [String: Task<Void, Never>] = [:]
    /// Jobs whose end is written down, and of which nobody was told yet.
    private var over: [String: Job] = [:]
    private var isShuttingDown = false

    /// - Parameter leaseLifetime: how long a job whose process hangs keeps others out.
    public init(
        database: DatabaseSettings, leaseLifetime: Duration = .seconds(30), logger: Logger,
        ended: @escaping Ended = { _ in }
    ) {
        self.database = database
        self.leaseLifetime = leaseLifetime
        self.logger = logger
        self.ended = ended
        let (dead, found) = AsyncStream.makeStream(of: Job.self)
        self.dead = dead
        store = JobStore(database: database.database) { found.yield($0) }
    }

    /// Takes the lease, writes the job down, and lets `work` run on its own.
    /// - Returns: the job's id, once it is certain that it runs.
    /// - Throws: ``JobError`` when another operation runs; ``LeaseError``; ``DatabaseError``.
    public func submit(_ operation: Job.Operation, by account: String, _ work: @escaping Work) async throws -> String {
        guard let id = try await submit(operation, by: account, unless: { _ in false }, work) else {
            throw CancellationError()
        }
        return id
    }

    /// The same unless a condition holds once the lease is taken.
    /// - Returns: nil when it holds, and nothing was done.
    public func submit(
        _ operation: Job.Operation, by account: String, unless condition: @escaping Condition, _ work: @escaping Work
    ) async throws -> String? {
        guard !isShuttingDown else { throw JobError.shuttingDown }
        let id = UUID().uuidString.lowercased()
        let (accepted, answer) = AsyncThrowingStream.makeStream(of: Void.self)
        var isWanted = false
        running[id] = Task {
            do {
                try await self.run(id, operation, by: account, unless: condition, work) {
                    answer.yield()
                    answer.finish()
                }
                answer.finish()
            } catch {
                answer.finish(throwing: error)
            }
            await self.tell(id)
        }
        do {
            for try await _ in accepted { isWanted = true }
        } catch let error as LeaseError {
            throw error.holder.map(JobError.init(heldBy:)) ?? error
        }
        return isWanted ? id : nil
    }

    /// Ends the jobs of this process: each undoes what it has begun, and its row says why.
    public func shutDown() async {
        isShuttingDown = true
        let tasks = running.values
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Looks for jobs whose process has ended until it is cancelled, and tells of each that a look of this process failed:
    /// a process that is dead cannot tell so itself.
    public nonisolated func watch(over pool: DatabasePool) async {
        async let told: Void = tellOfTheDead()
        repeat {
            // A database that does not answer is looked at again.
            try? await pool.withConnection { [store] in try await $0.run { _ = try store.reap($0) } }
        } while (try? await Task.sleep(for: Self.watch)) != nil
        await told
    }

    private nonisolated func tellOfTheDead() async {
        for await job in dead { await ended(job) }
    }

    /// True while a job of this process runs.
    public var isBusy: Bool { !running.isEmpty }

    /// After the lease was freed: what is told may take a while, and the next job need not wait for it.
    private func tell(_ id: String) async {
        if let job = over.removeValue(forKey: id) { await ended(job) }
        running[id] = nil
    }

    // MARK: - One job

    /// Throws only what happened before the job was accepted.
    private func run(
        _ id: String, _ operation: Job.Operation, by account: String, unless condition: @escaping Condition,
        _ work: @escaping Work, accepted: @escaping @Sendable () -> Void
    ) async throws {
        let owner = LeaseOwner(operation: operation.rawValue, jobID: id)
        try await Lease.with(database, owner: owner, lifetime: leaseLifetime) { [database, store] lease in
            let session = try await DatabaseConnection(database)
            guard try await !condition(session) else { return }
            try await session.run { session in
                try store.prepare(session)
                try store.reap(session)
                try store.insert(id, operation, by: account, session)
            }
            accepted()
            let context = JobContext(id: id, lease: lease)
            let outcome = await self.outcome(of: work, context, session)
            await self.finish(id, outcome)
        }
    }

    /// Runs the work and meanwhile writes its progress. Work whose row says that it is over is cancelled, so that what the
    /// row tells is true.
    private func outcome(
        of work: @escaping Work, _ context: JobContext, _ session: DatabaseConnection
    ) async -> Result<String, any Error> {
        let working = Task { try Self.json(try await work(context)) }
        let beating = Task { if await beat(context, session) { working.cancel() } }
        defer { beating.cancel() }
        return await withTaskCancellationHandler(operation: { await working.result }, onCancel: { working.cancel() })
    }

    /// A beat that fails is no reason to stop: the lease decides whether the job may go on.
    /// - Returns: true when somebody else has ended the job; false when the task was cancelled.
    private nonisolated func beat(_ context: JobContext, _ first: DatabaseConnection) async -> Bool {
        var session: DatabaseConnection? = first
        var told: JobProgress?
        var toldAt = ContinuousClock.now
        while (try? await Task.sleep(for: told == nil ? .zero : Self.pause)) != nil {
            let progress = context.progress
            guard progress != told || ContinuousClock.now - toldAt >= Self.heartbeat else { continue }
            do {
                if session == nil { session = try await DatabaseConnection(database) }
                let isOpen = try await session?.run { [store] in try store.beat(context.id, progress, $0) }
                if isOpen == false { return true }
                toldAt = .now
            } catch {
                session = nil
            }
            told = progress
        }
        return false
    }

    /// Writes the end of a job, in a task of its own, because the job's may be cancelled.
    private func finish(_ id: String, _ outcome: Result<String, any Error>) async {
        let failure = failure(of: outcome)
        if case .failure(let error) = outcome {
            logger.error("job failed", metadata: ["job": "\(id)", "error": "\(Self.text(error))"])
        }
        over[id] = await Task { [database, store, logger] in
            do {
                let session = try await Self.session(database)
                return try await session.run { session in
                    switch (outcome, failure) {
                    case (.success(let result), _): try store.finish(id, .completed, result: result, session)
                    case (.failure, let failure): try store.finish(id, .failed, failure: failure, session)
                    }
                    return try store.job(id, session)
                }
            } catch {
                logger.error("the end of a job could not be written", metadata: ["job": "\(id)", "error": "\(error)"])
                return nil
            }
        }.value
    }

    private func failure(of outcome: Result<String, any Error>) -> Job.Failure? {
        guard case .failure(let error) = outcome else { return nil }
        if let error = error as? RestoreError, error.tellsOfChange { return Job.Failure(error) }
        if isShuttingDown { return .shutDown }
        return error is CancellationError ? .cancelled : Job.Failure(error)
    }

    /// A server that is being restarted is waited for, for a while.
    private static func session(_ database: DatabaseSettings) async throws -> DatabaseConnection {
        try await DatabaseConnection.waitForServer(database, limit: .seconds(5))
        return try await DatabaseConnection(database)
    }

    private static func text(_ error: any Error) -> String { (error as? any OperatorError)?.message ?? "\(error)" }

    private static func json(_ value: any Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
