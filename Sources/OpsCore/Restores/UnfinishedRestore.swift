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
        do {
            return try await look(database)
        } catch let error as DatabaseError where error.kind == .accessDenied {
            return nil
        }
    }

    private static func look(_ database: DatabaseSettings) async throws -> Self? {
        if try await hasJournal(database), let record = try await RestoreInPlace.record(database),
            record.conditionInPlace == .inPlaceUnfinished
        {
            return Self(archive: record.archive, explanation: "it is neither what it was nor what is restored")
        }
        return try await RestoreSite.find(RestoreSchemas(database: database)).first(where: \.isHalfWay).map {
            Self(archive: $0.record.archive, explanation: "views, routines, triggers or events may be missing")
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

extension RestoreSite {
    /// Objects of the database were dropped, and are not made again.
    fileprivate var isHalfWay: Bool { [.swapping, .undoing].contains(record.phase) }
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
