/// Brings restores into order whose process has ended before them: one that had not exchanged the tables is taken back, one
/// that had is completed. For a caller that holds the lease, so that nobody is at work.
struct RestoreRecovery: Sendable {
    let schemas: RestoreSchemas
    private var database: DatabaseSettings { schemas.database }

    /// - Parameter kept: a restore that had not got to its exchange and is not taken back, because it goes on.
    /// - Returns: what was done, for people.
    /// - Throws: ``DatabaseError``.
    func run(keeping kept: RestoreSite? = nil) async throws -> [String] {
        try await Task {
            var notes: [String] = []
            for site in try await RestoreSite.find(schemas) {
                if site.place == kept?.place {
                    try await takeBackToLoading(site)
                } else {
                    notes += try await recover(site)
                }
            }
            try await removeEmpty()
            return notes
        }.value
    }

    private func recover(_ site: RestoreSite) async throws -> [String] {
        let archive = site.record.archive
        switch site.condition {
        case .unfinished:
            try await takeBackToLoading(site)
            try await schemas.drop(site.place)
            return ["an earlier restore of \(archive) had not got to its exchange and was taken back"]
        case .exchanged:
            let outcome = try await finish(site.restoring(database))
            return ["an earlier restore of \(archive) was completed"] + outcome.lines
        case .undoUnfinished:
            try await revert(site.undoing(database), to: .done)
            return ["an undo of \(archive) had not got to its exchange and was taken back"]
        case .undoExchanged:
            let outcome = try await finish(site.undoing(database))
            return ["an undo of \(archive) was completed"] + outcome.lines
        case .done, .undone, .inPlaceUnfinished, .inPlaceDone: return []
        }
    }

    /// Makes again what was dropped for an exchange that did not happen.
    private func takeBackToLoading(_ site: RestoreSite) async throws {
        if site.record.phase != .loading { try await revert(site.restoring(database), to: .loading) }
    }

    private func revert(_ swap: SchemaSwap, to phase: RestorePhase) async throws {
        let connection = try await SchemaSwap.open(database)
        try await connection.run { try swap.revert(to: phase, $0) }
    }

    private func finish(_ swap: SchemaSwap) async throws -> SchemaSwapOutcome {
        let connection = try await SchemaSwap.open(database)
        let server = try await connection.serverInfo()
        return try await connection.run { try swap.finish(server, $0) }
    }

    /// Drops the schemas of restores that hold no table but those of the toolkit, and no journal that tells anything: one is
    /// left when the process dies between the making of a schema and the first word in its journal.
    func removeEmpty() async throws {
        for name in try await schemas.find(.restore, .before) {
            let isEmpty = try await DatabaseConnection(database, selectingDatabase: false).run { session in
                try RestoreJournal(schema: name).record(session) == nil
                    && RestoreRelation.list(name.text, session).allSatisfy {
                        $0.isToolkit || RestoreJournal.tables.contains($0.name)
                    }
            }
            if isEmpty { try await schemas.drop(name) }
        }
    }
}
