/// What follows when the tables are exchanged and not all of their objects could be made.
extension RestoreSite {
    /// Ends a restore that lacks something with an error; where that was asked for, what was there is brought back first.
    /// - Parameter missing: what could not be made, and why; nothing is no error.
    /// - Throws: ``RestoreError``.
    func require(_ missing: [String], _ schemas: RestoreSchemas, under lease: Lease) async throws {
        guard !missing.isEmpty else { return }
        guard record.undoesOnFailure else { throw RestoreError.incomplete(missing) }
        try await schemas.make(schema(.restore, of: schemas.database.database))
        let outcome = try await undoing(schemas.database).run(under: lease)
        try await RestoreRecovery(schemas: schemas).removeEmpty()
        throw RestoreError.undone(missing, lacking: outcome.missing)
    }
}

extension Restore {
    /// The same for restores of an earlier command whose exchange was completed just now.
    /// - Parameter exchanged: those that were not completed before.
    func requireComplete(_ exchanged: [RestoreSite], under lease: Lease) async throws {
        let schemas = RestoreSchemas(database: database)
        // Also in a task that was cancelled: the database is another by now.
        try await Task {
            for site in try await RestoreSite.find(schemas) where site.condition == .done {
                guard exchanged.contains(where: { $0.place == site.place }) else { continue }
                try await site.require(site.record.missingObjects, schemas, under: lease)
            }
        }.value
    }
}

extension RestoreError {
    static func incomplete(_ missing: [String]) -> Self {
        Self(
            "RESTORE_INCOMPLETE", "the tables are restored, but not: \(missing.joined(separator: "; "))",
            hint: "make these objects, or bring back what was there with: sysndd-ctl restore undo"
                + (missing.contains { $0.contains("as a definer") } ? " and restore again with --definer current" : ""))
    }

    /// - Parameter lacking: what of the old objects could not be made either.
    static func undone(_ missing: [String], lacking: [String]) -> Self {
        Self(
            "RESTORE_UNDONE",
            "what was there is back, because not all could be made: \(missing.joined(separator: "; "))"
                + (lacking.isEmpty ? "" : "; but of what was there, it lacks \(lacking.joined(separator: "; "))"),
            hint: (lacking.isEmpty ? "" : "make these objects, the safety backup holds them; ")
                + "drop what was restored with: sysndd-ctl restore discard")
    }
}
