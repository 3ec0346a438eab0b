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
        notes += load.notes
        meter.begin(.safetyBackup)
        let safety = try await Backup(database: database, directory: restore.directory)
            .create(.init(kind: .preRestore), under: lease)
        notes += safety.notes
        let site = try await makeSite(load, safety: safety.file)
        let undo = site.schema(.before, of: database.database).text
        if !plan.gone.isEmpty {
            notes.append("only in \(undo) are tables that the backup lacks: \(plan.gone.joined(separator: ", "))")
        }
        let loaded: RestoreLoaded
        let missing: [String]
        do {
            loaded = try await fill(site, load, server, lease)
            meter.begin(.swap)
            missing = try await site.restoring(database).run(under: lease)
        } catch {
            // The error that is on its way is the one to tell; the journal tells the next command what is left to do.
            _ = try? await RestoreRecovery(schemas: schemas).run()
            throw error
        }
        if !missing.isEmpty, options.undoOnFailure {
            _ = try await site.undoing(database).run(under: lease)
            throw RestoreError.undone(missing)
        }
        try await RestoreRecovery(schemas: schemas).removeEmpty()
        guard missing.isEmpty else { throw RestoreError.incomplete(missing) }
        return RestoreResult(
            restoredFrom: source.path, safetyBackup: safety.file, mode: "shadow", tables: loaded.tables,
            rows: loaded.rows, durationMs: start.duration(to: clock.now).milliseconds, undoSchema: undo,
            pendingAfter: await pendingMigrations(), notes: notes + loaded.notes)
    }

    private func makeLoad(_ source: RestoreSource, _ server: ServerInfo) async throws -> any RestoreLoad {
        if source.isForeign {
            return try await ForeignLoad(source, options: options, database: database, server: server, meter: meter)
        }
        return try await BlockingCall.run {
            try ArchiveLoad(source, options: options, server: server, meter: meter)
        }
    }

    /// What will move where, as far as it can be told before anything is loaded.
    /// - Throws: ``RestoreError`` for a name that the toolkit needs, and for a foreign key of another database, which would
    ///   follow the old tables.
    private func makePlan(_ load: any RestoreLoad) async throws -> RestorePlan {
        let connection = try await DatabaseConnection(database)
        return try await connection.run { session in
            let live = try RestoreRelation.list(database.database, session)
            let coming = load.relations
            if let taken = coming.first(where: { RestoreJournal.tables.contains($0.name) }) {
                throw RestoreError.reserved(taken.name)
            }
            let plan = try RestorePlan(live: live, shadow: coming, scope: load.scope)
            let rows = try session.query(
                """
                SELECT CONSTRAINT_SCHEMA AS db, TABLE_NAME AS tab, REFERENCED_TABLE_NAME AS parent
                FROM information_schema.REFERENTIAL_CONSTRAINTS
                WHERE UNIQUE_CONSTRAINT_SCHEMA = \(database.database) AND CONSTRAINT_SCHEMA <> \(database.database)
                """)
            let others = rows.filter { row in
                RestoreSchemaName(row.text("db") ?? "", of: database.database) == nil
                    && load.scope.contains(row.text("parent") ?? "")
            }.map { "\($0.text("db") ?? "").\($0.text("tab") ?? "")" }
            guard others.isEmpty else { throw RestoreError.referenced(others) }
            return plan
        }
    }

    private func makeSite(_ load: any RestoreLoad, safety: String) async throws -> RestoreSite {
        let name = try await schemas.freeName(.restore)
        let tables = load.relations.filter { $0.kind == .table }.count
        let record = RestoreRecord(
            phase: .loading, archive: load.path, safetyBackup: safety, tables: tables, scope: load.scope)
        try await schemas.make(name)
        try await DatabaseConnection(schemas.settings(name)).run { try RestoreJournal(schema: name).make(record, $0) }
        return RestoreSite(place: name, record: record)
    }

    /// Fills the shadow schema, compares it, and makes the journal complete.
    private func fill(
        _ site: RestoreSite, _ load: any RestoreLoad, _ server: ServerInfo, _ lease: Lease
    ) async throws -> RestoreLoaded {
        let schema = schemas.settings(site.place)
        let loaded = try await load.run(into: schema) { try await lease.cover($0) }
        try Task.checkCancellation()
        try await schemas.make(site.schema(.before, of: database.database))
        try await DatabaseConnection(schema).run { session in
            var objects = loaded.objects
            if !load.scope.isWhole {
                objects += try RestoreSelection(
                    scope: load.scope, database: database.database, shadow: schema.database
                ).prepare(server, session)
            }
            try RestoreDefinerRights(database: database.database).require(load.scope, session)
            try RestoreJournal(schema: site.place).keep(objects, as: .new, session)
        }
        return loaded
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
            hint: "make these objects, or bring back what was there with: sysndd-ctl restore undo"
                + (missing.contains { $0.contains("as a definer") } ? " and restore again with --definer current" : ""))
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
