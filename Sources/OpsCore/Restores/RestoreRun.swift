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
        let server = try await DatabaseConnection(database).serverInfo()
        let load = try await makeLoad(source, server)
        let plan = try await makePlan(load)
        let interrupted = try await RestoreInPlace.unfinished(database)
        guard interrupted == nil || options.mode == .inPlace else { throw RestoreError.overUnfinishedInPlace }
        notes += load.notes
        let safety = try await safetyBackup(interrupted, lease, &notes)
        if options.mode == .inPlace {
            notes += plan.gone.isEmpty ? [] : ["tables that the backup lacks: \(plan.gone.joined(separator: ", "))"]
            let done = try await replace(load, safety: safety, lease)
            return await result(load.path, safety, done, undo: nil, notes: notes + done.notes, since: start)
        }
        var record = load.record(safetyBackup: safety)
        record.undoesOnFailure = options.undoOnFailure
        let site = try await makeSite(record)
        let undo = site.schema(.before, of: database.database).text
        if !plan.gone.isEmpty {
            notes.append("only in \(undo) are tables that the backup lacks: \(plan.gone.joined(separator: ", "))")
        }
        let done = try await complete(site, load, server, lease)
        return await result(
            load.path, site.record.safetyBackup, done, undo: undo, notes: notes + done.notes, since: start)
    }

    /// Goes on with a restore that had not got to its exchange, for a caller that has made again what was dropped for that.
    /// - Returns: what the operator should know of it.
    /// - Throws: ``RestoreError`` when the backup is not the one that was begun with.
    func goOn(with site: RestoreSite, under lease: Lease) async throws -> [String] {
        let (reader, index) = try await restore.open(site.record, meter)
        let server = try await DatabaseConnection(database).serverInfo()
        let load = ArchiveLoad(
            reader, index, scope: site.record.scope, definer: site.record.definer, jobs: options.jobs, server: server,
            meter: meter)
        return try await complete(site, load, server, lease).notes
    }

    /// Makes a backup of what is there. In the middle of an earlier restore in place, that is only a part of something: what
    /// was there before it is already in a backup.
    private func safetyBackup(
        _ interrupted: RestoreRecord?, _ lease: Lease, _ notes: inout [String]
    ) async throws -> String {
        if let earlier = interrupted?.safetyBackup {
            notes.append("the safety backup is that of the earlier restore in place, which was not done")
            return earlier
        }
        meter.begin(.safetyBackup)
        let made = try await Backup(database: database, directory: restore.directory)
            .create(.init(kind: .preRestore), under: lease)
        notes += made.notes
        return made.file
    }

    /// - Throws: ``RestoreError`` for what does not go together with a restore in place.
    private func makeLoad(_ source: RestoreSource, _ server: ServerInfo) async throws -> any RestoreLoad {
        if options.mode == .inPlace, source.isForeign || !options.tables.isEmpty {
            throw RestoreError.notInPlace(source.isForeign ? "the dump of another tool" : "single tables")
        }
        if source.isForeign {
            return try await ForeignLoad(source, options: options, database: database, server: server, meter: meter)
        }
        return try await BlockingCall.run {
            try ArchiveLoad(source, options: options, server: server, meter: meter)
        }
    }

    /// Loads an archive over the database itself.
    private func replace(_ load: any RestoreLoad, safety: String, _ lease: Lease) async throws -> RestoreLoaded {
        guard let load = load as? ArchiveLoad else { throw RestoreError.notInPlace("the dump of another tool") }
        var record = load.record(safetyBackup: safety)
        record.phase = .clearing
        let outcome = try await RestoreInPlace(database: database, jobs: options.jobs, meter: meter)
            .begin(record, load.reader, load.index, under: lease)
        guard outcome.missing.isEmpty else { throw RestoreError.incompleteInPlace(outcome.missing) }
        return RestoreLoaded(tables: record.tables, rows: record.rows, objects: [], notes: outcome.notes)
    }

    /// Loads what is not loaded yet, compares it and exchanges the tables.
    /// - Returns: what was loaded, with what the operator should know of it.
    private func complete(
        _ site: RestoreSite, _ load: any RestoreLoad, _ server: ServerInfo, _ lease: Lease
    ) async throws -> RestoreLoaded {
        var loaded: RestoreLoaded
        let outcome: SchemaSwapOutcome
        do {
            loaded = try await fill(site, load, server, lease)
            meter.begin(.swap)
            outcome = try await site.restoring(database).run(under: lease)
        } catch {
            try await takeBack(after: error, lease)
            throw error
        }
        let isWhole = load.scope.isWhole
        // Whoever is cancelled behind the exchange has to tell what became of the database.
        try await Task {
            try await RestoreRecovery(schemas: schemas).removeEmpty()
            if isWhole { try await forgetInPlace() }
            try await site.require(outcome.missing, schemas, under: lease)
        }.value
        loaded.notes += outcome.notes
        return loaded
    }

    /// What an earlier restore in place was about has left the database.
    private func forgetInPlace() async throws {
        guard try await RestoreInPlace.record(database) != nil else { return }
        try await DatabaseConnection(database).run { try RestoreJournal(database: database).drop($0) }
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
        _ path: String, _ safety: String?, _ loaded: RestoreLoaded, undo: String?, notes: [String],
        since start: ContinuousClock.Instant
    ) async -> RestoreResult {
        RestoreResult(
            restoredFrom: path, safetyBackup: safety, mode: options.mode.rawValue, tables: loaded.tables,
            rows: loaded.rows, durationMs: start.duration(to: clock.now).milliseconds, undoSchema: undo,
            pendingAfter: await pendingMigrations(), notes: notes)
    }

    private func makeSite(_ record: RestoreRecord) async throws -> RestoreSite {
        let name = try await schemas.freeName(.restore)
        try await schemas.make(name)
        try await DatabaseConnection(schemas.settings(name)).run { try RestoreJournal(schema: name).make(record, $0) }
        return RestoreSite(place: name, record: record)
    }

    /// Fills the shadow schema, compares it, and makes the journal complete.
    private func fill(
        _ site: RestoreSite, _ load: any RestoreLoad, _ server: ServerInfo, _ lease: Lease
    ) async throws -> RestoreLoaded {
        let schema = schemas.settings(site.place)
        let journal = RestoreJournal(schema: site.place)
        let loaded = try await load.run(into: schema) { try await lease.cover($0) }
        try Task.checkCancellation()
        try await schemas.make(site.schema(.before, of: database.database))
        try await DatabaseConnection(schema).run { session in
            try RestoreDefinerRights(database: database.database).require(load.scope, session)
            guard !load.scope.isWhole else { return try journal.keep(loaded.objects, as: .new, session) }
            let selection = RestoreSelection(
                scope: load.scope, database: database.database, shadow: schema.database)
            try selection.restore(journal.kept(.new, session), session)
            let keys = try selection.foreignKeys(session)
            try journal.keep(loaded.objects + keys.map(\.object), as: .new, session)
            try selection.prepare(dropping: keys, server, session)
        }
        return loaded
    }

    /// Nil where it cannot be told: a restore has succeeded also without that.
    private func pendingMigrations() async -> Int? {
        guard let folder = restore.migrations else { return nil }
        return await Task { try? await Migrator(database: database, directory: folder).status().pending }.value
    }
}
