/// A restore that was interrupted, and whose database is not whole since: rows are missing, or views, routines, triggers and
/// events.
///
/// One that had not got to its exchange is none of these: the database is what it was.
struct UnfinishedRestore: Sendable {
    /// The backup that was being restored.
    let archive: String
    /// What is wrong with the database.
    let explanation: String

    /// Looks into the database and the schemas beside it, as far as the account may see them.
    /// - Returns: nil where the database is whole.
    static func find(in database: DatabaseSettings) async throws -> Self? {
        if try await hasJournal(database), let record = try await RestoreInPlace.record(database),
            record.conditionInPlace == .inPlaceUnfinished
        {
            return Self(archive: record.archive, explanation: "it is neither what it was nor what is restored")
        }
        let schemas = try await RestoreSchemas(database: database).find(.restore, .before)
        guard !schemas.isEmpty else { return nil }
        return try await DatabaseConnection(database, selectingDatabase: false).run { session in
            for schema in schemas {
                guard let record = try record(in: schema, session), [.swapping, .undoing].contains(record.phase) else {
                    continue
                }
                return Self(
                    archive: record.archive, explanation: "views, routines, triggers or events may be missing")
            }
            return nil
        }
    }

    /// Nil also where the account may not read it, and where it is gone by now.
    private static func record(in schema: RestoreSchemaName, _ session: MariaDBHandle) throws -> RestoreRecord? {
        do {
            return try RestoreJournal(schema: schema).record(session)
        } catch let error as DatabaseError where [.accessDenied, .unknownDatabase].contains(error.kind) {
            return nil
        }
    }
}

extension UnfinishedRestore {
    /// Whether the database holds the toolkit's own table, and not one of the user's under its name.
    private static func hasJournal(_ database: DatabaseSettings) async throws -> Bool {
        try await !DatabaseConnection(database).query(
            """
            SELECT 1 FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = \(database.database) AND TABLE_NAME = \(SchemaToolkitTable.restore.rawValue)
                AND TABLE_COMMENT = \(SchemaToolkitTable.comment)
            """
        ).isEmpty
    }
}

extension BackupError {
    /// What would be backed up is not what anybody wants to have back.
    static func notWhole(_ database: String, _ restore: UnfinishedRestore) -> Self {
        Self(
            "RESTORE_UNFINISHED",
            "no backup of \(database) is made: the restore of \(restore.archive) was interrupted; \(restore.explanation)",
            hint: "first bring it to an end with sysndd-ctl restore resume, or back with sysndd-ctl restore undo")
    }
}
