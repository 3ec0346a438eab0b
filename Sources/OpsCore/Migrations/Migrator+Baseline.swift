extension Migrator {
    /// What a baseline did.
    public struct Baseline: Codable, Sendable, Equatable {
        /// Files that count as applied from now on, in order.
        public let adopted: [String]
        /// Files up to the number that did so before.
        public let alreadyApplied: Int
    }

    /// Takes all files up to a number for applied, without running them: for a database that came to be without a ledger.
    /// - Throws: ``MigrationError`` for a number that no file has, and for a database without tables.
    public func baseline(to version: Int, lockTimeout: Duration = .seconds(30)) async throws -> Baseline {
        let set = try MigrationSet(directory: directory)
        let connection = try await DatabaseConnection(database)
        let (plan, scripts) = try await connection.run { session in
            let plan = try MigrationPlan(set, MigrationLedger(reading: session), upTo: version)
            guard try hasTables(session) else { throw MigrationError.nothingToAdopt(database.database) }
            return (plan, try plan.pending.map { try MigrationScript(checking: $0, dialect: session.dialect) })
        }
        let names = scripts.map(\.file.name)
        let before = set.files.count { $0.version <= version } - plan.pending.count
        guard !names.isEmpty else { return Baseline(adopted: [], alreadyApplied: before) }
        return try await underLock(lockTimeout) { lock in
            let stopped = try await lock.journal.run { try MigrationJournal.read(names, in: database.database, $0) }
            if let name = names.first(where: { stopped[$0] != nil }) { throw MigrationError.isHalfDone(name) }
            try await lock.record { session in
                for script in scripts {
                    let journal = MigrationJournal(database: database.database, file: script.file.name)
                    try journal.write(
                        [MigrationJournal.Entry(ordinal: 0, state: .applied, message: "baseline")]
                            + script.statements.indices.map { script.entry($0 + 1, nil) }, session)
                    try MigrationLedger.adopt(script, in: database.database, session)
                }
            }
            return Baseline(adopted: names, alreadyApplied: before)
        }
    }

    /// Whether there is anything beside the toolkit's own tables.
    private func hasTables(_ session: MariaDBHandle) throws -> Bool {
        let rows = try session.query(
            """
            SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(database.database)
                AND TABLE_NAME NOT IN ('schema_version', 'schema_version_step') AND TABLE_COMMENT <> 'sysndd-ctl' LIMIT 1
            """)
        return !rows.isEmpty
    }
}
