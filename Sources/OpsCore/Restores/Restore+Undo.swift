extension Restore {
    /// What was done about a restore, as `restore undo`, `restore discard` and `restore resume` print it.
    public struct Outcome: Sendable, Equatable, Codable {
        /// The backup that the restore was of; null where there was nothing to do.
        @EncodedAsNull public var archive: String?
        /// The schema that keeps what was taken out of the database; null when nothing is kept.
        @EncodedAsNull public var keptIn: String?
        public var notes: [String]

        enum CodingKeys: String, CodingKey {
            case archive
            case keptIn = "kept_in"
            case notes
        }
    }

    /// What the schemas beside the database tell. Changes nothing.
    public func status() async throws -> RestoreStatus {
        let sites = try await RestoreSite.find(schemas)
        let inPlace = try await RestoreInPlace.record(database)
        let holder = try await DatabaseConnection(database, selectingDatabase: false).run { session in
            try Lease.holder(in: database.database, session)?.description
        }
        return RestoreStatus(
            database: database.database, holder: holder,
            restores: sites.map(RestoreStatus.Item.init)
                + (inPlace.map { [RestoreStatus.Item(inPlace: $0, database.database)] } ?? []))
    }

    /// Brings back what was there before the last restore; one that had not got to its exchange is taken back, and an undo that
    /// had is completed. What the database has now is kept until it is discarded, also what was written since.
    /// - Throws: ``RestoreError`` where there is nothing to undo.
    public func undo() async throws -> Outcome {
        try await alone("restore undo") { try await undo(under: $0) }
    }

    /// The same for a caller that holds the lock of the folder and the lease of the database, as a job does.
    public func undo(under lease: Lease) async throws -> Outcome {
        let interrupted = try await RestoreSite.find(schemas).last {
            $0.condition == .unfinished || $0.condition == .undoExchanged
        }
        let notes = try await RestoreRecovery(schemas: schemas).run()
        // That was it: the restore before it, whose data are in the database, is another matter.
        if let interrupted {
            let kept = interrupted.condition == .undoExchanged ? interrupted.place.text : nil
            return Outcome(archive: interrupted.record.archive, keptIn: kept, notes: notes)
        }
        if let record = try await RestoreInPlace.record(database) {
            return try await undoInPlace(record, notes, lease)
        }
        guard let site = try await RestoreSite.find(schemas).last(where: { $0.condition == .done }) else {
            throw RestoreError.nothing("undo", database.database)
        }
        let kept = site.schema(.restore, of: database.database)
        try await schemas.make(kept)
        let outcome = try await exchangeBack(site, under: lease)
        try await Task { try await RestoreRecovery(schemas: schemas).removeEmpty() }.value
        guard outcome.missing.isEmpty else { throw RestoreError.incompleteUndo(outcome.missing) }
        return Outcome(archive: site.record.archive, keptIn: kept.text, notes: notes + outcome.notes)
    }

    private func exchangeBack(_ site: RestoreSite, under lease: Lease) async throws -> SchemaSwapOutcome {
        do {
            return try await site.undoing(database).run(under: lease)
        } catch {
            if let error = error as? any OperatorError, error.exitStatus == .unreachable {
                throw RestoreError.serverGone(error)
            }
            // The error that is on its way is the one to tell.
            if await lease.isHeld(in: database) { _ = try? await RestoreRecovery(schemas: schemas).run() }
            throw error
        }
    }

    /// Drops what the last restore, or its undoing, has kept.
    /// - Throws: ``RestoreError`` where there is nothing kept.
    public func discard() async throws -> Outcome {
        try await alone("restore discard") { lease in
            let exchanged = try await RestoreSite.find(schemas).filter { $0.condition == .exchanged }
            let notes = try await RestoreRecovery(schemas: schemas).run()
            // Whoever discards it knows the restore for complete.
            try await requireComplete(exchanged, under: lease)
            if let record = try await RestoreInPlace.record(database) {
                guard record.conditionInPlace == .inPlaceDone else { throw RestoreError.unfinishedInPlace }
                try await DatabaseConnection(database).run { try RestoreJournal(database: database).drop($0) }
                return Outcome(archive: record.archive, keptIn: nil, notes: notes)
            }
            let isKept: (RestoreSite) -> Bool = { $0.condition == .done || $0.condition == .undone }
            guard let site = try await RestoreSite.find(schemas).last(where: isKept) else {
                throw RestoreError.nothing("discard", database.database)
            }
            try await schemas.drop(site.place)
            return Outcome(archive: site.record.archive, keptIn: nil, notes: notes)
        }
    }

    private var schemas: RestoreSchemas { RestoreSchemas(database: database) }

    /// Runs a command as the only maintenance operation on the database and in the folder.
    func alone(
        _ operation: String, _ body: @escaping @Sendable (Lease) async throws -> Outcome
    ) async throws -> Outcome {
        try await BackupFolder(directory).withLock(operation: operation) {
            try await Lease.with(database, owner: LeaseOwner(operation: operation)) { try await body($0) }
        }
    }
}

extension RestoreError {
    static func nothing(_ action: String, _ database: String) -> Self {
        Self(
            "RESTORE_NOTHING_KEPT", "there is no restore of \(database) to \(action)",
            hint: "see: sysndd-ctl restore status")
    }

    static var unfinishedInPlace: Self {
        Self(
            "RESTORE_UNFINISHED", "the last restore in place is not done, and there is nothing to discard yet",
            hint: "go on with sysndd-ctl restore resume, or load the safety backup with sysndd-ctl restore undo")
    }

    /// Tables of it would be kept for what was there.
    static var overUnfinishedInPlace: Self {
        Self(
            "RESTORE_UNFINISHED",
            "an earlier restore in place is not done: the database is neither what it was nor what is restored, and nothing "
                + "was touched",
            hint:
                "go on with sysndd-ctl restore resume, load the safety backup with sysndd-ctl restore undo, or restore with "
                + "--mode in-place")
    }

    static func incompleteUndo(_ missing: [String]) -> Self {
        Self(
            "RESTORE_INCOMPLETE", "the tables are back, but not: \(missing.joined(separator: "; "))",
            hint: "make these objects; the safety backup holds them")
    }
}
