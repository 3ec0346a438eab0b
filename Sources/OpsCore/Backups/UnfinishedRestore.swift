/// A restore that was interrupted, and whose database is not whole since: rows are missing, or views, routines, triggers and
/// events.
///
/// One that had not got to its exchange is none of these: the database is what it was.
struct UnfinishedRestore: Sendable {
    /// The backup that was being restored.
    let archive: String
    /// What is wrong with the database.
    let explanation: String

    /// Asks the journals of restores, in the database and in the schemas beside it.
    ///
    /// A schema beside the database that the account may not read counts as none. Every name that is asked for is made from
    /// the database's own, so that no other database's journal is taken for one of it.
    /// - Returns: nil where the database is whole.
    static func find(in database: DatabaseSettings) async throws -> Self? {
        try await DatabaseConnection(database, selectingDatabase: false).run { session in
            let name = database.database
            if try hasJournal(name, session), let entry = try Entry(name, session), entry.phase != .done {
                return Self(archive: entry.archive, explanation: "it is neither what it was nor what is restored")
            }
            for schema in try RestoreSchemaName.all(of: name, session) where schema.role != .prove {
                guard let entry = try Entry(beside: schema, session),
                    entry.phase == .swapping || entry.phase == .undoing
                else { continue }
                return Self(archive: entry.archive, explanation: "views, routines, triggers or events may be missing")
            }
            return nil
        }
    }

    /// Whether the database holds the toolkit's own table, and not one of the user's under its name.
    private static func hasJournal(_ database: String, _ session: MariaDBHandle) throws -> Bool {
        try !session.query(
            """
            SELECT 1 FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = \(database) AND TABLE_NAME = \(SchemaToolkitTable.restore.rawValue)
                AND TABLE_COMMENT = \(SchemaToolkitTable.comment)
            """
        ).isEmpty
    }

    /// What a journal says.
    private struct Entry {
        /// Nil for one that this version does not know.
        let phase: RestorePhase?
        let archive: String

        /// Nil where nothing has begun, and where the journal is gone by now.
        init?(_ schema: String, _ session: MariaDBHandle) throws {
            do {
                let rows = try session.query(
                    """
                    SELECT phase, archive FROM \(identifier: schema).\(identifier: SchemaToolkitTable.restore.rawValue)
                    WHERE id = 1
                    """)
                guard let row = rows.first, let phase = row.text(0) else { return nil }
                self.phase = RestorePhase(rawValue: phase)
                archive = row.text(1) ?? ""
            } catch let error as DatabaseError where error.kind == .unknownTable {
                return nil
            }
        }

        /// Nil also where the account may not read the schema.
        init?(beside schema: RestoreSchemaName, _ session: MariaDBHandle) throws {
            do {
                try self.init(schema.text, session)
            } catch let error as DatabaseError where [.accessDenied, .unknownDatabase].contains(error.kind) {
                return nil
            }
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
