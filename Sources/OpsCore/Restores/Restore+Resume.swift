extension Restore {
    /// Finishes a restore that was interrupted. One that had not got to its exchange goes on with the members of the archive
    /// that are not loaded yet, one that had is completed; an undo is taken back or completed likewise.
    /// - Parameter progress: as for ``run(_:progress:)``.
    /// - Throws: ``RestoreError`` also when objects of a restore cannot be made whose tables were exchanged.
    public func resume(
        progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
    ) async throws -> Outcome {
        let meter = RestoreProgressMeter(progress)
        return try await alone("restore resume") { lease in
            let schemas = RestoreSchemas(database: database)
            let sites = try await RestoreSite.find(schemas)
            let unfinished = sites.last { $0.condition == .unfinished }
            if let unfinished, let reason = unfinished.reasonToTakeBack {
                let notes = try await RestoreRecovery(schemas: schemas).run()
                return Outcome(archive: nil, keptIn: nil, notes: notes + [reason])
            }
            let notes = try await RestoreRecovery(schemas: schemas).run(keeping: unfinished)
            try await requireComplete(sites.filter { $0.condition == .exchanged }, under: lease)
            if let unfinished { return try await goOn(with: unfinished, notes, meter, lease) }
            if let record = try await RestoreInPlace.unfinished(database) {
                return try await goOnInPlace(record, notes, meter, lease)
            }
            return Outcome(archive: nil, keptIn: nil, notes: notes)
        }
    }

    private func goOn(
        with site: RestoreSite, _ notes: [String], _ meter: RestoreProgressMeter, _ lease: Lease
    ) async throws -> Outcome {
        let run = RestoreRun(restore: self, database: database, options: Options(file: nil), meter: meter)
        let found = try await run.goOn(with: site, under: lease)
        let kept = site.schema(.before, of: database.database).text
        let done = "the restore of \(site.record.archive) went on where it had stopped, and is done"
        return Outcome(archive: site.record.archive, keptIn: kept, notes: notes + [done] + found)
    }

    private func goOnInPlace(
        _ record: RestoreRecord, _ notes: [String], _ meter: RestoreProgressMeter, _ lease: Lease
    ) async throws -> Outcome {
        let (reader, index) = try await open(record, meter)
        let inPlace = RestoreInPlace(database: database, jobs: nil, meter: meter)
        let outcome = try await inPlace.goOn(record, reader, index, under: lease)
        guard outcome.missing.isEmpty else { throw RestoreError.incompleteInPlace(outcome.missing) }
        let done = "the restore of \(record.archive) in place went on where it had stopped, and is done"
        return Outcome(archive: record.archive, keptIn: nil, notes: notes + [done] + outcome.notes)
    }

    /// The archive of a restore that was begun, after every byte was looked at.
    /// - Throws: ``RestoreError`` when it is another one by now.
    func open(
        _ record: RestoreRecord, _ meter: RestoreProgressMeter
    ) async throws -> (reader: ArchiveReader, index: ArchiveIndex) {
        let source = try RestoreSource(record.archive, directory: directory, database: database.database)
        meter.begin(.verification)
        try await source.requireWhole()
        let (reader, index) = try await BlockingCall.run {
            let reader = try source.open()
            return (reader, try reader.index())
        }
        guard record.archiveSHA256 == index.summary.index.sha256 else { throw RestoreError.otherBackup(source.path) }
        return (reader, index)
    }

    // MARK: - Undoing in place

    /// Loads the safety backup of a restore in place, in place. What is there by now goes to a safety backup of its own,
    /// unless it is only a part of something.
    func undoInPlace(_ record: RestoreRecord, _ notes: [String], _ lease: Lease) async throws -> Outcome {
        guard let safety = record.safetyBackup else { throw RestoreError.nothing("undo", database.database) }
        var notes = notes
        if record.conditionInPlace == .inPlaceDone {
            let backup = try await Backup(database: database, directory: directory)
                .create(.init(kind: .preRestore), under: lease)
            notes.append("what was restored is in \(backup.file)")
        }
        let meter = RestoreProgressMeter { _ in }
        let source = try RestoreSource(safety, directory: directory, database: database.database)
        try await source.requireWhole()
        let (reader, index) = try await BlockingCall.run {
            let reader = try source.open()
            return (reader, try reader.index())
        }
        let own = RestoreRecord(source.path, index, phase: .clearing, safetyBackup: safety)
        let outcome = try await RestoreInPlace(database: database, jobs: nil, meter: meter)
            .begin(own, reader, index, under: lease)
        try await Task { [database] in
            try await DatabaseConnection(database).run { try RestoreJournal(database: database).drop($0) }
        }.value
        guard outcome.missing.isEmpty else { throw RestoreError.incompleteUndo(outcome.missing) }
        return Outcome(archive: record.archive, keptIn: nil, notes: notes + outcome.notes)
    }
}

extension RestoreSite {
    /// Why an interrupted restore cannot go on; nil when it can.
    fileprivate var reasonToTakeBack: String? {
        record.archiveSHA256 == nil ? "it could not go on, because it was of a dump by another tool: run it again" : nil
    }
}
