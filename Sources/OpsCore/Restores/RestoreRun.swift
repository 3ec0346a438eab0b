import Foundation

/// Carries out one restore, for a caller that holds the lock of the folder and the lease.
struct RestoreRun: Sendable {
    let restore: Restore
    let database: DatabaseSettings
    let options: Restore.Options
    let meter: RestoreProgressMeter
    private let clock = ContinuousClock()
    private var schemas: RestoreSchemas { RestoreSchemas(database: database) }

    init(restore: Restore, database: DatabaseSettings, options: Restore.Options, meter: RestoreProgressMeter) {
        self.restore = restore
        self.database = database
        self.options = options
        self.meter = meter
    }

    func carryOut(_ source: RestoreSource, under lease: Lease) async throws -> RestoreResult {
        let start = clock.now
        var notes = try await RestoreRecovery(schemas: schemas).run()
        let (reader, index) = try await BlockingCall.run {
            let reader = try source.open()
            return (reader, try reader.index())
        }
        let server = try await DatabaseConnection(database).serverInfo()
        let plan = try await makePlan(index)
        meter.begin(.safetyBackup)
        let safety = try await Backup(database: database, directory: restore.directory)
            .create(.init(kind: .preRestore), under: lease)
        notes += safety.notes
        if options.mode == .inPlace {
            notes += plan.gone.isEmpty ? [] : ["tables that the backup lacks: \(plan.gone.joined(separator: ", "))"]
            let record = RestoreRecord(source, index, phase: .clearing, safetyBackup: safety.file)
            let outcome = try await RestoreInPlace(database: database, jobs: options.jobs, meter: meter)
                .begin(record, reader, index, under: lease)
            guard outcome.missing.isEmpty else { throw RestoreError.incompleteInPlace(outcome.missing) }
            return await result(source.path, record, index, undo: nil, notes: notes + outcome.notes, since: start)
        }
        let site = try await makeSite(RestoreRecord(source, index, phase: .loading, safetyBackup: safety.file))
        if !plan.gone.isEmpty {
            let undo = site.schema(.before, of: database.database).text
            notes.append("only in \(undo) are tables that the backup lacks: \(plan.gone.joined(separator: ", "))")
        }
        let found = try await complete(site, reader, index, server, lease)
        let undo = site.schema(.before, of: database.database).text
        return await result(source.path, site.record, index, undo: undo, notes: notes + found, since: start)
    }

    /// Goes on with a restore that had not got to its exchange, for a caller that has made again what was dropped for that.
    /// - Throws: ``RestoreError`` when the backup is not the one that was begun with.
    func goOn(with site: RestoreSite, under lease: Lease) async throws -> [String] {
        let (reader, index) = try await restore.open(site.record, meter)
        let server = try await DatabaseConnection(database).serverInfo()
        return try await complete(site, reader, index, server, lease)
    }

    /// Loads what is not loaded yet, compares it and exchanges the tables.
    /// - Returns: what the operator should know of it.
    private func complete(
        _ site: RestoreSite, _ reader: ArchiveReader, _ index: ArchiveIndex, _ server: ServerInfo, _ lease: Lease
    ) async throws -> [String] {
        let outcome: SchemaSwapOutcome
        do {
            try await load(reader, index, server, into: site, lease)
            meter.begin(.swap)
            outcome = try await site.restoring(database).run(under: lease)
        } catch {
            try await takeBack(after: error, lease)
            throw error
        }
        if !outcome.missing.isEmpty, options.undoOnFailure {
            _ = try await site.undoing(database).run(under: lease)
            throw RestoreError.undone(outcome.missing)
        }
        try await RestoreRecovery(schemas: schemas).removeEmpty()
        // What an earlier restore in place was about has left the database.
        if try await RestoreInPlace.record(database) != nil {
            try await DatabaseConnection(database).run { try RestoreJournal(database: database).drop($0) }
        }
        guard outcome.missing.isEmpty else { throw RestoreError.incomplete(outcome.missing) }
        return outcome.notes
    }

    /// Takes back what was begun, unless the server is gone or somebody else is at work by now: then the next command does.
    private func takeBack(after error: any Error, _ lease: Lease) async throws {
        if let error = error as? any OperatorError, error.exitStatus == .unreachable {
            throw RestoreError.serverGone(error)
        }
        guard await lease.isHeld(in: database) else { return }
        // The error that is on its way is the one to tell; the journal tells the next command what is left to do.
        _ = try? await RestoreRecovery(schemas: schemas).run()
    }

    private func result(
        _ path: String, _ record: RestoreRecord, _ index: ArchiveIndex, undo: String?, notes: [String],
        since start: ContinuousClock.Instant
    ) async -> RestoreResult {
        RestoreResult(
            restoredFrom: path, safetyBackup: record.safetyBackup, mode: options.mode.rawValue,
            tables: index.summary.totals.tables, rows: index.summary.totals.rows,
            durationMs: start.duration(to: clock.now).milliseconds, undoSchema: undo,
            pendingAfter: await pendingMigrations(), notes: notes)
    }

    /// What will move where, as far as it can be told before anything is loaded.
    /// - Throws: ``RestoreError`` for a name that the toolkit needs, and for a foreign key of another database, which would
    ///   follow the old tables.
    private func makePlan(_ index: ArchiveIndex) async throws -> RestorePlan {
        let connection = try await DatabaseConnection(database)
        return try await connection.run { session in
            let live = try RestoreRelation.list(database.database, session)
            let coming = index.members.filter { $0.kind == .table || $0.kind == .sequence }
                .compactMap { entry in
                    entry.object.map { name in
                        RestoreRelation(name, isToolkit: SchemaToolkitTable(rawValue: name)?.isDumped ?? false)
                    }
                }
            if let taken = coming.first(where: { RestoreJournal.tables.contains($0.name) }) {
                throw RestoreError.reserved(taken.name)
            }
            let plan = try RestorePlan(live: live, shadow: coming)
            let rows = try session.query(
                """
                SELECT CONSTRAINT_SCHEMA AS db, TABLE_NAME AS tab FROM information_schema.REFERENTIAL_CONSTRAINTS
                WHERE UNIQUE_CONSTRAINT_SCHEMA = \(database.database) AND CONSTRAINT_SCHEMA <> \(database.database)
                """)
            let others = rows.filter { RestoreSchemaName($0.text("db") ?? "", of: database.database) == nil }
                .map { "\($0.text("db") ?? "").\($0.text("tab") ?? "")" }
            guard others.isEmpty else { throw RestoreError.referenced(others) }
            return plan
        }
    }

    private func makeSite(_ record: RestoreRecord) async throws -> RestoreSite {
        let name = try await schemas.freeName(.restore)
        try await schemas.make(name)
        try await DatabaseConnection(schemas.settings(name)).run { try RestoreJournal(schema: name).make(record, $0) }
        return RestoreSite(place: name, record: record)
    }

    /// Fills the shadow schema, compares it, and makes the journal complete.
    private func load(
        _ reader: ArchiveReader, _ index: ArchiveIndex, _ server: ServerInfo, into site: RestoreSite, _ lease: Lease
    ) async throws {
        let schema = schemas.settings(site.place)
        let jobs =
            options.jobs ?? ShadowLoader.jobs(for: index, processors: ProcessInfo.processInfo.activeProcessorCount)
        let memory = try await ShadowLoaderMemory.read(RestoreJournal(schema: site.place), index, in: schema)
        let loader = ShadowLoader(
            reader: reader, index: index, schema: schema, server: server, jobs: jobs, meter: meter, memory: memory)
        try await loader.loadTables { try await lease.cover($0) }
        meter.begin(.comparison)
        let comparison = ShadowComparison(
            index: index, path: reader.path, schema: schema, server: server, jobs: jobs)
        try await comparison.run { try await lease.cover($0) }
        try Task.checkCancellation()
        try await schemas.make(site.schema(.before, of: database.database))
        try await DatabaseConnection(schema).run { session in
            try RestoreJournal(schema: site.place).keep(RestoreObjects.of(reader, index), as: .new, session)
        }
    }

    /// Nil where it cannot be told: a restore has succeeded also without that.
    private func pendingMigrations() async -> Int? {
        guard let folder = restore.migrations else { return nil }
        return try? await Migrator(database: database, directory: folder).status().pending
    }
}

extension RestoreError {
    static func incomplete(_ missing: [String]) -> Self {
        Self(
            "RESTORE_INCOMPLETE", "the tables are restored, but not: \(missing.joined(separator: "; "))",
            hint: "make these objects, or bring back what was there with: sysndd-ctl restore undo")
    }

    /// The file is not the one that the restore was begun with.
    static func otherBackup(_ path: String) -> Self {
        Self(
            "RESTORE_OTHER_BACKUP", "\(path) is not the backup any more that the interrupted restore was begun with",
            hint: "take it back with sysndd-ctl restore undo, and begin again", exit: .badInput)
    }

    static func undone(_ missing: [String]) -> Self {
        Self(
            "RESTORE_UNDONE",
            "what was there is back, because not all could be made: \(missing.joined(separator: "; "))",
            hint: "drop what was restored with: sysndd-ctl restore discard")
    }

    static func referenced(_ tables: [String]) -> Self {
        Self(
            "RESTORE_REFERENCED",
            "foreign keys of other databases point to this one: \(tables.joined(separator: ", "))",
            hint: "drop them first, and make them again after the restore")
    }
}
