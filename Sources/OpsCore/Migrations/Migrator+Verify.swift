extension Migrator {
    /// Asks the post-conditions of all applied files; changes nothing, as each is asked in a read-only transaction.
    public func verify() async throws -> MigrationVerification {
        try await verify(over: DatabaseConnection(database))
    }

    /// The same, asked over a session that the caller keeps.
    public func verify(over connection: DatabaseConnection) async throws -> MigrationVerification {
        let set = try MigrationSet(directory: directory)
        return try await connection.run { session in
            let survey = try MigrationSurvey(set, MigrationLedger(reading: session), dialect: session.dialect)
            let applied = Set(survey.ledger.entries.filter(\.success).map(\.filename))
            let files = set.files.filter { applied.contains($0.name) }
            return MigrationVerification(try files.flatMap { try conditions(of: $0, session) })
        }
    }

    /// What does not hold. A file that cannot be read any more has drifted, and is told as that.
    func unmet(
        _ set: MigrationSet, over connection: DatabaseConnection
    ) async throws -> [MigrationVerification.Condition] {
        try await connection.run { session in
            let applied = Set(try MigrationLedger(reading: session).entries.filter(\.success).map(\.filename))
            return try set.files.filter { applied.contains($0.name) }.flatMap { file in
                do {
                    return try conditions(of: file, session).filter { !$0.holds }
                } catch is ScriptError {
                    return []
                } catch is MigrationError {
                    return []
                }
            }
        }
    }

    private func conditions(
        of file: MigrationFile, _ session: MariaDBHandle
    ) throws -> [MigrationVerification.Condition] {
        try MigrationScript(checking: file, dialect: session.dialect).directives.verifications.map { verification in
            try session.execute("START TRANSACTION READ ONLY")
            defer { _ = try? session.execute("ROLLBACK") }
            let problem = try verification.problem(session)
            return MigrationVerification.Condition(
                file: file.name, line: verification.line, query: verification.query, holds: problem == nil,
                problem: problem)
        }
    }
}
