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
        let holder = try await DatabaseConnection(database, selectingDatabase: false).run { session in
            try Lease.holder(in: database.database, session)?.description
        }
        return RestoreStatus(
            database: database.database, holder: holder, restores: sites.map(RestoreStatus.Item.init))
    }

    /// Brings restores into order that were interrupted: before the exchange of the tables they are taken back, behind it they
    /// are completed.
    public func resume() async throws -> Outcome {
        try await alone("restore resume") { _ in
            Outcome(archive: nil, keptIn: nil, notes: try await RestoreRecovery(schemas: schemas).run())
        }
    }

    /// Brings back what was there before the last restore. What the database has now is kept until it is discarded, also what
    /// was written since.
    /// - Throws: ``RestoreError`` where there is nothing to undo.
    public func undo() async throws -> Outcome {
        try await alone("restore undo") { try await undo(under: $0) }
    }

    /// The same for a caller that holds the lock of the folder and the lease of the database, as a job does.
    public func undo(under lease: Lease) async throws -> Outcome {
        let notes = try await RestoreRecovery(schemas: schemas).run()
        guard let site = try await RestoreSite.find(schemas).last(where: { $0.condition == .done }) else {
            throw RestoreError.nothing("undo", database.database)
        }
        let kept = site.schema(.restore, of: database.database)
        try await schemas.make(kept)
        let missing: [String]
        do {
            missing = try await site.undoing(database).run(under: lease)
        } catch {
            // The error that is on its way is the one to tell.
            _ = try? await RestoreRecovery(schemas: schemas).run()
            throw error
        }
        try await RestoreRecovery(schemas: schemas).removeEmpty()
        guard missing.isEmpty else { throw RestoreError.incompleteUndo(missing) }
        return Outcome(archive: site.record.archive, keptIn: kept.text, notes: notes)
    }

    /// Drops what the last restore, or its undoing, has kept.
    /// - Throws: ``RestoreError`` where there is nothing kept.
    public func discard() async throws -> Outcome {
        try await alone("restore discard") { _ in
            let notes = try await RestoreRecovery(schemas: schemas).run()
            let isKept: (RestoreSite) -> Bool = { $0.condition == .done || $0.condition == .undone }
            guard let site = try await RestoreSite.find(schemas).last(where: isKept) else {
                throw RestoreError.nothing("discard", database.database)
            }
            try await schemas.drop(site.place)
            return Outcome(archive: site.record.archive, keptIn: nil, notes: notes)
        }
    }

    private var schemas: RestoreSchemas { RestoreSchemas(database: database) }

    private func alone(
        _ operation: String, _ body: @escaping @Sendable (Lease) async throws -> Outcome
    ) async throws -> Outcome {
        try await BackupFolder(directory).withLock(operation: operation) {
            try await Lease.with(database, owner: LeaseOwner(operation: operation)) { try await body($0) }
        }
    }
}

extension RestoreError {
    /// Nothing is kept that the action could be about.
    static func nothing(_ action: String, _ database: String) -> Self {
        Self(
            "RESTORE_NOTHING_KEPT", "there is no restore of \(database) to \(action)",
            hint: "see: sysndd-ctl restore status")
    }

    static func incompleteUndo(_ missing: [String]) -> Self {
        Self(
            "RESTORE_INCOMPLETE", "the tables are back, but not: \(missing.joined(separator: "; "))",
            hint: "make these objects; the safety backup holds them")
    }
}
