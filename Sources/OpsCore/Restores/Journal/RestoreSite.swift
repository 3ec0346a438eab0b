/// A restore whose schemas are still there.
struct RestoreSite: Sendable {
    /// Where its journal lies.
    let place: RestoreSchemaName
    let record: RestoreRecord

    var condition: RestoreRecord.Condition { record.condition(in: place.role) }

    /// The schema of the given role that belongs to it, whether it is there or not.
    func schema(_ role: RestoreSchemaName.Role, of database: String) -> RestoreSchemaName {
        RestoreSchemaName(role, of: database, stamp: place.stamp)
    }

    /// The exchange that puts the backup's tables in.
    func restoring(_ database: DatabaseSettings) -> SchemaSwap {
        SchemaSwap(
            database: database, source: schema(.restore, of: database.database),
            target: schema(.before, of: database.database), side: .new, scope: record.scope,
            phases: (.swapping, .done))
    }

    /// The exchange that takes them out again.
    func undoing(_ database: DatabaseSettings) -> SchemaSwap {
        SchemaSwap(
            database: database, source: schema(.before, of: database.database),
            target: schema(.restore, of: database.database), side: .old, scope: record.scope,
            phases: (.undoing, .undone))
    }

    /// All restores of a database, the oldest first.
    static func find(_ schemas: RestoreSchemas) async throws -> [RestoreSite] {
        let names = try await schemas.find(.restore, .before)
        guard !names.isEmpty else { return [] }
        return try await DatabaseConnection(schemas.database, selectingDatabase: false).run { session in
            try names.compactMap { name in
                try RestoreJournal(schema: name).record(session).map { RestoreSite(place: name, record: $0) }
            }
        }
    }
}
