import Foundation

/// Loads an archive over the database itself: from the first table that is dropped, what was there is only in the safety
/// backup.
///
/// The journal lies in the database, among the toolkit's tables. While it says that the restore is not done, the database is
/// neither what it was nor what is restored, and `restore resume` goes on, or `restore undo` loads the safety backup.
struct RestoreInPlace: Sendable {
    let database: DatabaseSettings
    /// Sessions that load at the same time; nil lets the size of the archive decide.
    let jobs: Int?
    let meter: RestoreProgressMeter
    private var journal: RestoreJournal { RestoreJournal(database: database) }

    /// What is known of the last one; nil where there is none.
    static func record(_ database: DatabaseSettings) async throws -> RestoreRecord? {
        do {
            return try await DatabaseConnection(database).run { try RestoreJournal(database: database).record($0) }
        } catch let error as DatabaseError where error.kind == .unknownDatabase {
            return nil
        }
    }

    /// The same, unless it is done: the database is then neither what it was nor what is restored.
    static func unfinished(_ database: DatabaseSettings) async throws -> RestoreRecord? {
        try await record(database).flatMap { $0.conditionInPlace == .inPlaceUnfinished ? $0 : nil }
    }

    /// Restores, in place of whatever an earlier one had begun.
    /// - Throws: ``RestoreError`` and others when nothing was touched; `RESTORE_IN_PLACE_UNFINISHED` when the database is not
    ///   whole now.
    func begin(
        _ record: RestoreRecord, _ reader: ArchiveReader, _ index: ArchiveIndex, under lease: Lease
    ) async throws -> SchemaSwapOutcome {
        let clearing = RestoreInPlaceClearing(database: database, journal: journal)
        let connection = try await SchemaSwap.open(database)
        try await lease.cover([connection])
        let notes = try await connection.run { session in
            try lease.confirm(session)
            let notes = try clearing.lock(session)
            try journal.begin(record, session)
            try journal.persist(session)
            return notes
        }
        var outcome = try await goOn(record, reader, index, over: connection, under: lease)
        outcome.notes = notes + outcome.notes
        return outcome
    }

    /// Goes on where an earlier one has stopped.
    func goOn(
        _ record: RestoreRecord, _ reader: ArchiveReader, _ index: ArchiveIndex, under lease: Lease
    ) async throws -> SchemaSwapOutcome {
        let connection = try await SchemaSwap.open(database)
        try await lease.cover([connection])
        return try await goOn(record, reader, index, over: connection, under: lease)
    }

    private func goOn(
        _ record: RestoreRecord, _ reader: ArchiveReader, _ index: ArchiveIndex, over connection: DatabaseConnection,
        under lease: Lease
    ) async throws -> SchemaSwapOutcome {
        do {
            if record.phase == .clearing {
                try await connection.run { session in
                    try RestoreInPlaceClearing(database: database, journal: journal).run(session)
                }
            }
            try await load(reader, index, lease)
            try await lease.cover([connection])
            return try await finish(record, reader, index, over: connection)
        } catch is CancellationError {
            throw RestoreError.halfInPlace(RestoreError.stopped)
        } catch let error as any OperatorError {
            await emptyNext(after: error, over: connection)
            throw RestoreError.halfInPlace(error)
        }
    }

    /// Rows that are not those of the archive stay so, and rows of others stay in the way, as when somebody has written
    /// meanwhile: whoever goes on begins with empty tables.
    private func emptyNext(after error: any OperatorError, over connection: DatabaseConnection) async {
        guard ["RESTORE_NOT_EQUAL", "RESTORE_REFUSED"].contains(error.code), error.exitStatus == .failed else { return }
        // The error that is on its way is the one to tell.
        _ = try? await Task { try await connection.run { try journal.note(.clearing, $0) } }.value
    }

    private func load(_ reader: ArchiveReader, _ index: ArchiveIndex, _ lease: Lease) async throws {
        let connection = try await DatabaseConnection(database)
        let server = try await connection.serverInfo()
        let staying = try await connection.run { session in
            try RestoreRelation.list(database.database, session).filter(\.isToolkit).map { Array($0.name.utf8) }
        }
        let wanted = index.without(Set(staying))
        let jobs = jobs ?? ShadowLoader.jobs(for: index, processors: ProcessInfo.processInfo.activeProcessorCount)
        let memory = try await ShadowLoaderMemory.read(journal, wanted, in: database)
        let loader = ShadowLoader(
            reader: reader, index: wanted, schema: database, server: server, jobs: jobs, meter: meter, memory: memory)
        try await loader.loadTables { try await lease.cover($0) }
        meter.begin(.comparison)
        let comparison = ShadowComparison(
            index: wanted, path: reader.path, schema: database, server: server, jobs: jobs)
        try await comparison.run { try await lease.cover($0) }
    }

    private func finish(
        _ record: RestoreRecord, _ reader: ArchiveReader, _ index: ArchiveIndex, over connection: DatabaseConnection
    ) async throws -> SchemaSwapOutcome {
        meter.begin(.objects)
        let objects = try await BlockingCall.run { try RestoreObjects.of(reader, index) }
        return try await connection.run { session in
            var definers = RestoreDefiners(policy: record.definer)
            let missing = try RestoreObjects.make(definers.settle(objects, session), session)
            try journal.note(.done, missing: missing.isEmpty ? nil : missing.joined(separator: "\n"), session)
            let notes = objects.filter(\.isOnlyText).map { object in
                "the view \(object.name) was broken when it was read, and is not made: its text is in the backup"
            }
            return SchemaSwapOutcome(missing: missing, notes: definers.notes + notes)
        }
    }
}

extension ArchiveIndex {
    /// The same without the tables of those names.
    fileprivate func without(_ tables: Set<[UInt8]>) -> ArchiveIndex {
        let kinds: Set<ArchiveMemberKind> = [.table, .rows, .keys]
        let kept = members.filter { entry in
            !kinds.contains(entry.kind) || !tables.contains(Array((entry.object ?? "").utf8))
        }
        var totals = ArchiveSummary.Totals()
        for entry in kept { totals.add(entry) }
        return ArchiveIndex(
            summary: ArchiveSummary(source: summary.source, totals: totals, index: summary.index), members: kept)
    }
}

extension RestoreError {
    /// The restore stopped after the first table of the database was dropped.
    static func halfInPlace(_ cause: any OperatorError) -> Self {
        Self(
            "RESTORE_IN_PLACE_UNFINISHED",
            "the database is neither what it was nor what is restored: \(cause.message)",
            hint: "go on with sysndd-ctl restore resume, or load the safety backup with sysndd-ctl restore undo",
            exit: cause.exitStatus)
    }

    fileprivate static let stopped = Self("INTERRUPTED", "it was stopped by a signal", exit: .interrupted)

    static func incompleteInPlace(_ missing: [String]) -> Self {
        Self(
            "RESTORE_INCOMPLETE", "the tables are restored, but not: \(missing.joined(separator: "; "))",
            hint: "make these objects, or load the safety backup with: sysndd-ctl restore undo")
    }
}
