import Foundation

/// Brings a database to the state that a migrations folder describes. The one place that carries plans out.
public struct Migrator: Sendable {
    /// Told while a run goes on.
    public enum Event: Sendable {
        /// Others are at work, and their end is waited for.
        case waiting(for: String, limit: Duration)
        /// A file that was applied under another name has its new name in the ledger.
        case renamed(from: String, to: String)
        /// So many rows of the ledger had no checksum and have got that of their files.
        case adopted(count: Int)
        /// Comments or white space of an applied file differ from what was applied.
        case changedCosmetically(file: String)
        /// A safety backup was made.
        case backedUp(file: String)
        /// A file begins; `position` counts from 1.
        case started(file: String, position: Int, total: Int, statements: Int)
        /// A file was applied and recorded.
        case applied(MigrationResult.Applied)
    }

    let database: DatabaseSettings
    let directory: String

    /// - Parameter directory: the migrations folder.
    public init(database: DatabaseSettings, directory: String) {
        self.database = database
        self.directory = directory
    }

    /// The state of the database, with the post-conditions that do not hold; changes nothing.
    public func status() async throws -> MigrationStatus {
        let set = try MigrationSet(directory: directory)
        let connection = try await DatabaseConnection(database)
        var status = try await status(of: set, over: connection)
        status.unmet = try await unmet(set, over: connection)
        return status
    }

    /// The state of the database, asked over a session that the caller keeps; changes nothing. The post-conditions are not
    /// asked, as they may take long.
    public func status(over connection: DatabaseConnection) async throws -> MigrationStatus {
        try await status(of: MigrationSet(directory: directory), over: connection)
    }

    private func status(of set: MigrationSet, over connection: DatabaseConnection) async throws
        -> MigrationStatus
    {
        try await connection.run { session in
            let survey = try MigrationSurvey(set, MigrationLedger(reading: session), dialect: session.dialect)
            return MigrationStatus(
                set, try MigrationPlan(set, survey.ledger), drifted: survey.drifted,
                stopped: try MigrationJournal.stopped(in: database.database, session), holder: try holder(session))
        }
    }

    /// Who migrates this database now, or does other maintenance on it.
    private func holder(_ session: MariaDBHandle) throws -> String? {
        if let holder = try Lease.holder(in: database.database, session) { return holder.description }
        let holder = try ServerLock.Holder(reading: session)
        return holder?.database ?? database.database == database.database ? holder?.description : nil
    }

    /// What `up` would do, statement by statement; changes nothing.
    public func plan(_ options: MigrationOptions) async throws -> PlannedMigrations {
        let set = try MigrationSet(directory: directory)
        return try await DatabaseConnection(database).run { session in
            let (_, plan) = try checkedPlan(set, options, session)
            let scripts = try Self.scripts(of: plan, session)
            let resumes = try MigrationResume.read(
                scripts, restart: options.restart, server: LeaseServer(asking: session).run, in: database.database,
                session)
            return try PlannedMigrations(
                zip(plan.pending, resumes).map { ($0, done: $1.done) }, dialect: session.dialect)
        }
    }

    /// Applies what is pending. All pending files are read through before anything is changed, even before the lock is taken.
    /// - Throws: ``MigrationError``, ``ScriptError``, ``DatabaseError`` when nothing was changed; ``MigrationRunError``
    ///   when a file failed.
    public func up(
        _ options: MigrationOptions = MigrationOptions(), report: @escaping @Sendable (Event) -> Void = { _ in }
    ) async throws -> MigrationResult {
        try await apply(options, under: nil, report)
    }

    /// The same for a caller that holds the maintenance lease and keeps it, as a job does.
    public func up(
        _ options: MigrationOptions = MigrationOptions(), under lease: Lease,
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) async throws -> MigrationResult {
        try await apply(options, under: lease, report)
    }

    private func apply(
        _ options: MigrationOptions, under lease: Lease?, _ report: @escaping @Sendable (Event) -> Void
    ) async throws -> MigrationResult {
        let start = ContinuousClock.now
        let set = try MigrationSet(directory: directory)
        let connection = try await DatabaseConnection(database)
        let (survey, plan) = try await connection.run { try checkedPlan(set, options, $0) }
        guard !plan.pending.isEmpty || survey.hasNews else {
            survey.tellCosmeticChanges(report)
            var result = MigrationResult(pending: 0, fastPath: true, lockAcquired: false)
            result.durationMs = start.duration(to: .now).milliseconds
            return result
        }
        let scripts = try await connection.run { try Self.scripts(of: plan, $0) }
        let timeout = options.lockTimeout
        return try await MigrationLock.with(
            database, work: connection, timeout: timeout, under: lease,
            waiting: { report(.waiting(for: $0, limit: timeout)) }
        ) { lock in
            // Another run may have applied them while this one waited.
            let (survey, plan) = try await connection.run { try checkedPlan(set, options, $0) }
            let pending = try await connection.run { try Self.scripts(of: plan, known: scripts, $0) }
            var result = MigrationResult(pending: pending.count, fastPath: false, lockAcquired: true)
            let run = MigrationRun(
                database: database.database, lock: lock, options: options, latestApplied: plan.latestApplied,
                report: report)
            try await run.apply(pending, survey, into: &result, since: start)
            result.durationMs = start.duration(to: .now).milliseconds
            return result
        }
    }

    /// The content of the pending files, read where it is not known yet.
    private static func scripts(
        of plan: MigrationPlan, known: [MigrationScript] = [], _ session: MariaDBHandle
    ) throws -> [MigrationScript] {
        let known = Dictionary(known.map { ($0.file.name, $0) }, uniquingKeysWith: { first, _ in first })
        return try plan.pending.map {
            try known[$0.name] ?? MigrationScript(checking: $0, dialect: session.dialect)
        }
    }

    private func checkedPlan(
        _ set: MigrationSet, _ options: MigrationOptions, _ session: MariaDBHandle
    ) throws -> (MigrationSurvey, MigrationPlan) {
        let survey = try MigrationSurvey(set, MigrationLedger(reading: session), dialect: session.dialect)
        let changed = survey.drifted.filter { $0.kind == .semantic }.map(\.file)
        if !changed.isEmpty { throw MigrationError.drifted(try changes(of: changed, set, survey.renames, session)) }
        let plan = try MigrationPlan(set, survey.ledger, upTo: options.target)
        try plan.checkOrder(allowOutOfOrder: options.allowOutOfOrder)
        return (survey, plan)
    }

    /// What was changed in applied files, as far as the journal knows what they held.
    private func changes(
        of names: [String], _ set: MigrationSet, _ renames: [MigrationSurvey.Rename], _ session: MariaDBHandle
    ) throws -> [String] {
        let former = Dictionary(renames.map { ($0.to, $0.from) }, uniquingKeysWith: { first, _ in first })
        let entries = try MigrationJournal.read(names + former.values, in: database.database, session)
        return try names.map { name in
            guard let file = set.files.first(where: { $0.name == name }) else { return name }
            return name + ": "
                + (try MigrationChange(file, entries[former[name] ?? name] ?? [], dialect: session.dialect)).text
        }
    }
}
