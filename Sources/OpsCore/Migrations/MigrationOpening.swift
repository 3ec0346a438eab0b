/// The first statement of a file: its intent can be written together with the end of the file before, which saves a
/// transaction.
struct MigrationOpening: Sendable {
    let journal: MigrationJournal
    let statement: MigrationScript.Statement
    let watched: MigrationJournal.Watched

    /// Nil where the file goes on from the middle, or does not begin with a statement whose objects are known.
    init?(
        _ script: MigrationScript, _ resume: MigrationResume, _ journal: MigrationJournal, database: String,
        server: String
    ) {
        guard resume == .fresh, let first = script.statements.first, case .schema(let objects?) = first.handling else {
            return nil
        }
        self.journal = journal
        statement = first
        watched = MigrationJournal.Watched(
            database: database, objects: objects, server: first.isAtomic ? nil : server)
    }

    /// The row of the journal.
    /// - Parameter foreseen: the fingerprint, if it is known already.
    func row(_ lock: MigrationLock, foreseen: MigrationRunner.Foreseen?) async throws -> SQLQuery {
        let entry = try await statement.intent(1, watching: watched, over: lock.journal, foreseen: foreseen)
        return journal.rows([entry])[0]
    }
}
