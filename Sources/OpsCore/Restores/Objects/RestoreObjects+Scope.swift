/// The objects of a restore of some tables: only their triggers, and views that stand in the way of one.
extension RestoreObjects {
    /// Those that the session's default database has now.
    static func of(_ scope: RestoreScope, _ session: MariaDBHandle) throws -> [RestoreJournal.Object] {
        let objects = try SchemaDump(reading: session).objects(in: .afterRows).filter { object in
            object.kind == .trigger && object.table.map(scope.contains) == true
                || object.kind == .view && scope.contains(object.name)
        }
        return [header]
            + objects.map { object in
                RestoreJournal.Object(
                    kind: ArchiveMemberKind(object.kind).rawValue, name: object.name, script: object.sql)
            }
    }

    /// Those that are to come in, of all that a backup holds.
    static func within(_ scope: RestoreScope, _ objects: [RestoreJournal.Object]) throws -> [RestoreJournal.Object] {
        guard !scope.isWhole else { return objects }
        let triggers = try objects.filter { object in
            guard object.kind == ArchiveMemberKind.trigger.rawValue else { return false }
            let place = try TriggerPlace(script: object.script)
            return place.map { scope.contains($0.table) } ?? false
        }
        return [header] + triggers
    }

    /// Settings of the session alone: the collation of the database stays.
    static let header = RestoreJournal.Object(
        kind: ArchiveMemberKind.header.rawValue, name: "", script: Array(SchemaHeader.begin.utf8))

    static func dropTriggers(_ database: String, of scope: RestoreScope, _ session: MariaDBHandle) throws {
        guard !scope.isWhole else { return try dropTriggers(database, session) }
        let rows = try session.query(
            """
            SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = \(database)
            """)
        for row in rows {
            guard let name = row.text(0), let table = row.text(1), scope.contains(table) else { continue }
            try session.execute("DROP TRIGGER IF EXISTS \(identifier: database).\(identifier: name)")
        }
    }
}
