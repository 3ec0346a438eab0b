import Foundation

/// Brings a database to the state that a migrations folder describes. The one place that carries plans out.
public struct Migrator: Sendable {
    /// Told while a run goes on.
    public enum Event: Sendable {
        /// A file begins; `position` counts from 1.
        case started(file: String, position: Int, total: Int, statements: Int)
        /// A file was applied and recorded.
        case applied(MigrationResult.Applied)
    }

    private let database: DatabaseSettings
    private let directory: String

    /// - Parameter directory: the migrations folder.
    public init(database: DatabaseSettings, directory: String) {
        self.database = database
        self.directory = directory
    }

    /// The state of the database; changes nothing.
    public func status() async throws -> MigrationStatus {
        let set = try MigrationSet(directory: directory)
        return try await Self.status(of: set, over: DatabaseConnection(database))
    }

    /// The state of the database, asked over a session that the caller keeps; changes nothing.
    public func status(over connection: DatabaseConnection) async throws -> MigrationStatus {
        try await Self.status(of: MigrationSet(directory: directory), over: connection)
    }

    private static func status(of set: MigrationSet, over connection: DatabaseConnection) async throws
        -> MigrationStatus
    {
        try await connection.run { session in
            let plan = try MigrationPlan(set, MigrationLedger(reading: session))
            return MigrationStatus(set, plan, holder: try MigrationLock.Holder(reading: session))
        }
    }

    /// What `up` would do, statement by statement; changes nothing.
    public func plan(_ options: MigrationOptions) async throws -> PlannedMigrations {
        let set = try MigrationSet(directory: directory)
        return try await DatabaseConnection(database).run { session in
            let plan = try MigrationPlan(set, MigrationLedger(reading: session), upTo: options.target)
            try plan.checkOrder(allowOutOfOrder: options.allowOutOfOrder)
            return try PlannedMigrations(plan.pending, dialect: session.dialect)
        }
    }

    /// Applies what is pending. All pending files are read through, under the lock, before anything is changed.
    /// - Throws: ``MigrationError``, ``ScriptError``, ``DatabaseError`` when nothing was changed; ``MigrationRunError``
    ///   when a file failed.
    public func up(
        _ options: MigrationOptions = MigrationOptions(), report: @Sendable (Event) -> Void = { _ in }
    ) async throws -> MigrationResult {
        let clock = ContinuousClock()
        let start = clock.now
        let set = try MigrationSet(directory: directory)
        let connection = try await DatabaseConnection(database)
        let plan = try await checkedPlan(set, options, connection)
        guard !plan.pending.isEmpty else {
            var result = MigrationResult(pending: 0, fastPath: true, lockAcquired: false)
            result.durationMs = start.duration(to: clock.now).milliseconds
            return result
        }
        return try await MigrationLock.with(database, timeout: options.lockTimeout) { lock in
            // Another run may have applied them while this one waited.
            let plan = try await checkedPlan(set, options, connection)
            let scripts = try await scripts(of: plan, connection)
            var run = MigrationResult(pending: scripts.count, fastPath: false, lockAcquired: true)
            try await connection.run { try MigrationLedger.prepare($0) }
            for (offset, script) in scripts.enumerated() {
                report(
                    .started(
                        file: script.file.name, position: offset + 1, total: scripts.count,
                        statements: script.statements.count))
                run.durationMs = start.duration(to: clock.now).milliseconds
                let applied = try await apply(script, connection, lock, after: run)
                run.append(applied)
                report(.applied(applied))
            }
            run.durationMs = start.duration(to: clock.now).milliseconds
            return run
        }
    }

    private func checkedPlan(
        _ set: MigrationSet, _ options: MigrationOptions, _ connection: DatabaseConnection
    ) async throws -> MigrationPlan {
        let ledger = try await connection.run { try MigrationLedger(reading: $0) }
        let plan = try MigrationPlan(set, ledger, upTo: options.target)
        try plan.checkOrder(allowOutOfOrder: options.allowOutOfOrder)
        return plan
    }

    private func scripts(of plan: MigrationPlan, _ connection: DatabaseConnection) async throws -> [MigrationScript] {
        try await connection.run { session in
            try plan.pending.map { try MigrationScript(checking: $0, dialect: session.dialect) }
        }
    }

    /// Runs one file, records it, and brings the session back to its first state.
    private func apply(
        _ script: MigrationScript, _ connection: DatabaseConnection, _ lock: MigrationLock, after run: MigrationResult
    ) async throws -> MigrationResult.Applied {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            return try await connection.run { session in
                try lock.check(from: session)
                var runner = MigrationRunner(script)
                let isTransactionOpen = try runner.run(on: session)
                // What the file has set must not reach the ledger, but a reset would roll its last statements back.
                if !isTransactionOpen { try session.reset(database: database.database) }
                let applied = MigrationResult.Applied(
                    file: script.file.name, version: script.file.version, statements: script.statements.count,
                    durationMs: start.duration(to: clock.now).milliseconds)
                try MigrationLedger.record(applied, checksum: script.checksum, in: database.database, session)
                if isTransactionOpen {
                    try session.execute("COMMIT")
                    try session.reset(database: database.database)
                }
                return applied
            }
        } catch let stop as MigrationRunner.Stop {
            throw MigrationRunError(stop, of: script, after: run)
        } catch is CancellationError {
            throw MigrationRunError(.init(before: script, .stoppedBySignal), of: script, after: run)
        } catch let error as MigrationError {
            throw MigrationRunError(
                .init(before: script, DatabaseError(kind: .other, message: error.message)), of: script, after: run)
        } catch let error as DatabaseError {
            throw MigrationRunError(.init(recording: script, error), of: script, after: run)
        }
    }
}

extension MigrationRunError {
    init(_ stop: MigrationRunner.Stop, of script: MigrationScript, after run: MigrationResult) {
        failure = MigrationFailure(
            file: script.file.name, line: stop.position.line, column: stop.position.column,
            statementIndex: stop.index, statementCount: script.statements.count, statement: stop.statement,
            code: Int(stop.cause.number), sqlstate: stop.cause.sqlState, message: stop.cause.message,
            committed: stop.committed, choices: Self.choices(stop, script))
        cause = stop.cause
        var result = run
        result.failure = failure
        self.result = result
    }

    private static func choices(_ stop: MigrationRunner.Stop, _ script: MigrationScript) -> [String] {
        let name = script.file.name
        return stop.committed.isEmpty
            ? ["correct \(name) and run sysndd-ctl migrate again"]
            : [
                "correct \(name) so that it can run again from its start over what is committed, then run "
                    + "sysndd-ctl migrate again",
                "undo the committed statements by hand, then run sysndd-ctl migrate again",
            ]
    }
}
