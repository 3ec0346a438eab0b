/// A restore that was interrupted, and whose database is not whole since: rows are missing, or views, routines, triggers and
/// events.
///
/// One that had not got to its exchange is none of these: the database is what it was.
struct UnfinishedRestore: Sendable {
    /// The backup that was being restored.
    let archive: String
    /// What is wrong with the database.
    let explanation: String

    /// Asks the journals of restores, in the database and in the schemas beside it, as far as the account may see them.
    /// - Returns: nil where the database is whole.
    static func find(in database: DatabaseSettings) async throws -> Self? {
        try await DatabaseConnection(database, selectingDatabase: false).run { session in
            for schema in try journals(of: database.database, session) {
                if let found = try Self(schema, of: database.database, session) { return found }
            }
            return nil
        }
    }

    /// The schemas that hold a journal about the database. A table of the user's under that name is none.
    private static func journals(of database: String, _ session: MariaDBHandle) throws -> [String] {
        let rows = try session.query(
            """
            SELECT TABLE_SCHEMA FROM information_schema.TABLES
            WHERE TABLE_NAME = \(SchemaToolkitTable.restore.rawValue) AND TABLE_COMMENT = \(SchemaToolkitTable.comment)
            """)
        return rows.compactMap { $0.text(0) }
            .filter { $0 == database || RestoreSchemaName($0, of: database).map { $0.role != .prove } == true }
    }

    /// Nil also where the account may not read the journal, and where it is gone by now.
    private init?(_ schema: String, of database: String, _ session: MariaDBHandle) throws {
        do {
            let rows = try session.query(
                """
                SELECT phase, archive FROM \(identifier: schema).\(identifier: SchemaToolkitTable.restore.rawValue)
                WHERE id = 1
                """)
            guard let row = rows.first, let phase = row.text(0) else { return nil }
            archive = row.text(1) ?? ""
            if schema == database {
                guard phase != "done" else { return nil }
                explanation = "it is neither what it was nor what is restored"
            } else {
                guard ["swapping", "undoing"].contains(phase) else { return nil }
                explanation = "views, routines, triggers or events may be missing"
            }
        } catch let error as DatabaseError
            where [.accessDenied, .unknownDatabase, .unknownTable].contains(error.kind)
        {
            return nil
        }
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
