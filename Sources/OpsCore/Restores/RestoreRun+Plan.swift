extension RestoreRun {
    /// What will move where, as far as it can be told before anything is loaded.
    /// - Throws: ``RestoreError`` for a name that the toolkit needs, and for a foreign key of another database, which would
    ///   follow the old tables.
    func makePlan(_ load: any RestoreLoad) async throws -> RestorePlan {
        let connection = try await DatabaseConnection(database)
        return try await connection.run { session in
            let live = try RestoreRelation.list(database.database, session)
            let coming = load.relations
            if let taken = coming.first(where: { RestoreJournal.tables.contains($0.name) }) {
                throw RestoreError.reserved(taken.name)
            }
            let plan = try RestorePlan(live: live, shadow: coming, scope: load.scope)
            let rows = try session.query(
                """
                SELECT CONSTRAINT_SCHEMA AS db, TABLE_NAME AS tab, REFERENCED_TABLE_NAME AS parent
                FROM information_schema.REFERENTIAL_CONSTRAINTS
                WHERE UNIQUE_CONSTRAINT_SCHEMA = \(database.database) AND CONSTRAINT_SCHEMA <> \(database.database)
                """)
            let others = rows.filter { row in
                RestoreSchemaName(row.text("db") ?? "", of: database.database) == nil
                    && load.scope.contains(row.text("parent") ?? "")
            }.map { "\($0.text("db") ?? "").\($0.text("tab") ?? "")" }
            guard others.isEmpty else { throw RestoreError.referenced(others) }
            return plan
        }
    }
}

extension RestoreError {
    /// The file is not the one that the restore was begun with.
    static func otherBackup(_ path: String) -> Self {
        Self(
            "RESTORE_OTHER_BACKUP", "\(path) is not the backup any more that the interrupted restore was begun with",
            hint: "take it back with sysndd-ctl restore undo, and begin again", exit: .badInput)
    }

    static func notInPlace(_ what: String) -> Self {
        Self(
            "RESTORE_NOT_IN_PLACE", "\(what) cannot be restored in place, and nothing was touched",
            hint: "restore it with --mode shadow, or all of a backup of this toolkit in place", exit: .badInput)
    }

    static func referenced(_ tables: [String]) -> Self {
        Self(
            "RESTORE_REFERENCED",
            "foreign keys of other databases point to this one: \(tables.joined(separator: ", "))",
            hint: "drop them first, and make them again after the restore")
    }
}
