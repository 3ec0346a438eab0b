import Foundation

/// Makes, finds and drops the schemas that restores use beside a database.
struct RestoreSchemas: Sendable {
    let database: DatabaseSettings

    /// How to reach a schema beside the database.
    func settings(_ name: RestoreSchemaName) -> DatabaseSettings {
        var settings = database
        settings.database = name.text
        return settings
    }

    /// A name for a new restore or proof, with a stamp that no other schema of the database has.
    func freeName(_ role: RestoreSchemaName.Role, now: Date = Date()) async throws -> RestoreSchemaName {
        let taken = Set(try await find(.prove, .restore, .before).map(\.stamp))
        var date = now
        while taken.contains(RestoreSchemaName(role, of: database.database, at: date).stamp) { date += 1 }
        return RestoreSchemaName(role, of: database.database, at: date)
    }

    /// Makes an empty schema; one that is there is an error.
    func make(_ name: RestoreSchemaName) async throws {
        do {
            try await connect().execute("CREATE DATABASE \(identifier: name.text) CHARACTER SET utf8mb4")
        } catch let error as DatabaseError {
            throw RestoreError.noSchema(name.text, error)
        }
    }

    /// Every schema of a role, the oldest first.
    func find(_ roles: RestoreSchemaName.Role...) async throws -> [RestoreSchemaName] {
        try await connect().run { [database] in try RestoreSchemaName.all(of: database.database, $0) }
            .filter { roles.contains($0.role) }
    }

    /// Drops a schema, also when the caller was cancelled: what was begun has to be put in order.
    func drop(_ name: RestoreSchemaName) async throws {
        try await Task {
            let connection = try await connect()
            // A trigger or a foreign key of the schema itself is no reason to keep it.
            try await connection.execute("SET SESSION foreign_key_checks = 0")
            try await connection.execute("DROP DATABASE IF EXISTS \(identifier: name.text)")
        }.value
    }

    private func connect() async throws -> DatabaseConnection {
        try await DatabaseConnection(database, selectingDatabase: false)
    }
}
