import OpsCore

/// A database of a test's own, dropped when the test ends.
public enum TestDatabase {
    /// Makes an empty database on `target` and hands over the settings of an account with all rights on it.
    public static func with<Value: Sendable>(
        on target: TestTarget = .embedded, _ body: (DatabaseSettings) async throws -> Value
    ) async throws -> Value {
        var settings = try await target.settings()
        settings.database = "test_" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let root = try await DatabaseConnection(settings, selectingDatabase: false)
        try await root.execute("CREATE DATABASE \(identifier: settings.database) CHARACTER SET utf8mb4")
        do {
            let value = try await body(settings)
            try await root.execute("DROP DATABASE \(identifier: settings.database)")
            return value
        } catch {
            // The test's own error is the one to see.
            _ = try? await root.execute("DROP DATABASE IF EXISTS \(identifier: settings.database)")
            throw error
        }
    }
}
