import Foundation

/// Carries out one backup, from the schema to the verification of the file.
struct BackupRun: Sendable {
    let backup: Backup
    let options: Backup.Options
    /// Nil where there is none.
    let lease: Lease?
    let meter: BackupProgressMeter

    func carryOut() async throws -> BackupResult {
        let clock = ContinuousClock()
        let start = clock.now
        meter.update { $0.step = .schema }
        if let restore = try await UnfinishedRestore.find(in: backup.database) {
            throw BackupError.notWhole(backup.database.database, restore)
        }
        let target = try await BackupRunTarget(backup, options)
        let server = try await DatabaseConnection(backup.database).serverInfo()
        let reader = try await SnapshotSession.open(backup.database, server: server)
        let schema = try await reader.run { try SchemaDump(reading: $0) }
        try await target.requireSpace(for: schema)
        let writer = try await target.makeWriter()
        do {
            let rows = try await write(schema, reader, to: writer)
            let written = try await writer.finish(source(schema, rows.snapshot, createdAt: rows.createdAt))
            var result = BackupResult(written, rows.snapshot, notes: schema.notices.map(\.text))
            meter.update { $0.step = .verification }
            try await target.accept(written, schema: schema, jobs: jobs(for: schema))
            result.durationMs = start.duration(to: clock.now).milliseconds
            return result
        } catch {
            await writer.abort()
            throw error
        }
    }

    /// Writes everything that the archive holds, and makes sure that no table was changed meanwhile.
    private func write(
        _ schema: SchemaDump, _ reader: DatabaseConnection, to writer: ArchiveWriter
    ) async throws -> BackupRunRows.Outcome {
        meter.update {
            $0.step = .snapshot
            $0.tableCount = schema.tables.count
            $0.estimatedRows = schema.tables.reduce(0) { $0 + $1.estimatedRows }
        }
        let rows = BackupRunRows(
            schema: schema, objects: BackupRunObjects(schema, level: options.level), writer: writer, meter: meter,
            level: options.level)
        let opener = SnapshotOpener(
            database: backup.database, server: schema.server, jobs: jobs(for: schema),
            unversionedTables: rows.unversioned.map(\.table), desync: options.desync)
        let connections = try await opener.connect()
        try await lease?.cover([reader] + connections)
        let outcome = try await rows.write(opener, connections)
        meter.update { $0.step = .objects }
        try await rows.objects.writeAfterRows(to: writer)
        try await requireUnchanged(schema, reader)
        return outcome
    }

    /// A table that was altered is an error of reading it, unless it happened just before or just after; here is where
    /// that is found.
    private func requireUnchanged(_ schema: SchemaDump, _ reader: DatabaseConnection) async throws {
        let now = try await reader.run { try SchemaDump(reading: $0) }
        let tables = Set(schema.tables.map(\.name))
        let changed = now.alterations(since: schema).filter {
            $0.kind == .table && $0.change != .added && tables.contains($0.name)
        }
        guard changed.isEmpty else { throw BackupError.tablesChanged(changed) }
    }

    /// A small database is read by one connection, which needs no lock for a consistent view.
    private func jobs(for schema: SchemaDump) -> Int {
        if let jobs = options.jobs { return max(1, jobs) }
        let bytes = schema.tables.reduce(0) { $0 + $1.dataLength }
        let isSmall = bytes < 64 << 20 && schema.tables.count < 1000
        return isSmall ? 1 : Backup.defaultJobs
    }

    private func source(_ schema: SchemaDump, _ snapshot: Snapshot, createdAt: Date) -> ArchiveSource {
        ArchiveSource(
            createdAt: createdAt, database: schema.database,
            server: .init(flavour: schema.server.flavour.rawValue, version: schema.server.versionText),
            snapshot: .init(
                method: snapshot.method.rawValue, isConsistent: snapshot.consistent, position: snapshot.position.text),
            schemaFingerprint: schema.fingerprint)
    }
}

extension BackupResult {
    init(_ archive: ArchiveResult, _ snapshot: Snapshot, notes: [String]) {
        let totals = archive.index.summary.totals
        self.init(
            file: archive.path, sizeBytes: archive.size, tableCount: totals.tables, rows: totals.rows, durationMs: 0,
            sha256: archive.sha256 ?? "", snapshot: snapshot, notes: notes)
    }
}
