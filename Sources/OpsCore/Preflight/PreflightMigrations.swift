/// The migrations folder and the ledger, asked once for all checks.
actor PreflightMigrations {
    nonisolated let directory: String
    private let database: PreflightDatabase
    private var statusTask: Task<MigrationStatus, any Error>?

    init(directory: String, database: PreflightDatabase) {
        self.directory = directory
        self.database = database
    }

    /// - Throws: ``MigrationError``, ``DatabaseError``; ``CheckNotPossible`` when the settings are wrong.
    func status() async throws -> MigrationStatus {
        if let statusTask { return try await statusTask.value }
        let task = Task { [database, directory] in
            let migrator = Migrator(database: database.settings, directory: directory)
            return try await database.withConnection { try await migrator.status(over: $0) }
        }
        statusTask = task
        return try await task.value
    }

    /// Whether the post-conditions of the applied files hold.
    /// - Throws: as ``status()``.
    nonisolated func verification() async throws -> MigrationVerification {
        let migrator = Migrator(database: database.settings, directory: directory)
        return try await database.withConnection { try await migrator.verify(over: $0) }
    }
}
