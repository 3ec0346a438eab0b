import OpsCore

extension DatabaseConnection {
    /// Whether another session runs such a statement.
    /// - Parameter anywhere: also one that uses another default database than this session.
    public nonisolated func isRunning(like pattern: String, anywhere: Bool = false) async throws -> Bool {
        try await !query(
            """
            SELECT 1 FROM information_schema.PROCESSLIST
            WHERE INFO LIKE \(pattern) AND ID <> CONNECTION_ID() AND (DB = DATABASE() OR \(anywhere ? 1 : 0))
            """
        ).isEmpty
    }

    /// Waits until another session runs such a statement.
    public nonisolated func untilStatement(like pattern: String, anywhere: Bool = false) async throws {
        try await eventually { try await isRunning(like: pattern, anywhere: anywhere) }
    }
}
