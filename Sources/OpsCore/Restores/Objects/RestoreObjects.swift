/// The objects of a database that are not moved with its tables but made again: routines, views, triggers, events, and the
/// collation of the database itself.
enum RestoreObjects {
    private static let kinds: [ArchiveMemberKind] = [.header, .package, .routine, .view, .trigger, .event]

    /// Those that an archive holds, in its order, behind its header.
    static func of(_ reader: ArchiveReader, _ index: ArchiveIndex) throws -> [RestoreJournal.Object] {
        try index.members.filter { kinds.contains($0.kind) }.map { entry in
            RestoreJournal.Object(
                kind: entry.kind.rawValue, name: entry.object ?? "", script: try reader.bytes(of: entry))
        }
    }

    /// Those that the session's default database has now.
    static func of(_ session: MariaDBHandle) throws -> [RestoreJournal.Object] {
        let schema = try SchemaDump(reading: session)
        let header = Array(SchemaHeader.begin.utf8) + schema.objects.filter { $0.kind == .database }.flatMap(\.sql)
        let objects = schema.objects(in: .afterRows).map { object in
            RestoreJournal.Object(
                kind: ArchiveMemberKind(object.kind).rawValue, name: object.name, script: object.sql)
        }
        return [RestoreJournal.Object(kind: ArchiveMemberKind.header.rawValue, name: "", script: header)] + objects
    }

    /// Makes objects in the session's default database, in place of those with their names.
    ///
    /// What needs another that comes later is tried again, as long as that makes a difference: another tool's dump has its
    /// views in the order of their names.
    /// - Returns: what could not be made, and why.
    static func make(_ objects: [RestoreJournal.Object], _ session: MariaDBHandle) throws -> [String] {
        let collation = try session.query("SELECT @@collation_database").first?.text(0) ?? ""
        var left = objects.map { $0.leaving(collation) }
        var missing: [String] = []
        repeat {
            let tried = left
            (left, missing) = ([], [])
            for object in tried {
                do {
                    try RestoreScript.run(object.script, session)
                } catch let error as DatabaseError where !error.isConnectionLost && error.kind != .interrupted {
                    left.append(object)
                    missing.append("\(object.kind) \(object.name): \(error.message)")
                }
            }
            guard left.count < tried.count else { break }
        } while !left.isEmpty
        try RestoreScript.run(Array(SchemaHeader.end.utf8), session)
        return missing
    }

    // MARK: - Dropping

    /// The kinds that are dropped before the tables are exchanged: what acts on rows by itself or forbids that tables are
    /// moved to another schema, and views that stand in the way of a table.
    static let droppedEarly: Set = ["header", "trigger", "event", "view", RestoreForeignKey.kind]

    /// The triggers, events and views that are there.
    static func present(_ database: String, _ session: MariaDBHandle) throws -> Set<[UInt8]> {
        let rows = try session.query(
            """
            SELECT 'trigger' AS kind, TRIGGER_NAME AS name FROM information_schema.TRIGGERS
            WHERE TRIGGER_SCHEMA = \(database)
            UNION ALL SELECT 'event', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = \(database)
            UNION ALL SELECT 'view', TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = \(database)
            """)
        return Set(rows.map { Array("\($0.text(0) ?? "") \($0.text(1) ?? "")".utf8) })
    }

    static func dropTriggers(_ database: String, _ session: MariaDBHandle) throws {
        try drop("TRIGGER", "TRIGGER_NAME", from: "TRIGGERS", "TRIGGER_SCHEMA", database, session)
    }

    static func dropEvents(_ database: String, _ session: MariaDBHandle) throws {
        try drop("EVENT", "EVENT_NAME", from: "EVENTS", "EVENT_SCHEMA", database, session)
    }

    /// Drops every view, routine, trigger and event.
    static func dropAll(_ database: String, _ server: ServerInfo, _ session: MariaDBHandle) throws {
        try dropTriggers(database, session)
        try dropEvents(database, session)
        try drop("VIEW", "TABLE_NAME", from: "VIEWS", "TABLE_SCHEMA", database, session)
        if server.flavour == .mariadb { try session.execute("SET @sysndd_mode = @@sql_mode, sql_mode = ORACLE") }
        // A body is dropped with its package.
        for kind in ["PACKAGE", "FUNCTION", "PROCEDURE"] {
            try drop(
                kind, "ROUTINE_NAME", from: "ROUTINES", "ROUTINE_SCHEMA", database, session,
                where: "ROUTINE_TYPE = \(kind)")
        }
        if server.flavour == .mariadb { try session.execute("SET sql_mode = @sysndd_mode") }
        if server.flavour == .mysql, server.isAtLeast([9, 2]) {
            try drop("LIBRARY", "LIBRARY_NAME", from: "LIBRARIES", "LIBRARY_SCHEMA", database, session)
        }
    }

    static func drop(
        _ kind: String, _ name: String, from list: String, _ schema: String, _ database: String,
        _ session: MariaDBHandle, where condition: SQLQuery = "TRUE"
    ) throws {
        let names = try session.query(
            """
            SELECT \(SQLQuery(unquoted: name)) FROM information_schema.\(SQLQuery(unquoted: list))
            WHERE \(SQLQuery(unquoted: schema)) = \(database) AND \(condition)
            """)
        for row in names {
            guard let name = row.text(0) else { continue }
            let statement = "DROP \(kind) IF EXISTS \(SQLQuery.identifier(database)).\(SQLQuery.identifier(name))"
            try session.execute(SQLQuery(unquoted: statement))
        }
    }
}

extension RestoreJournal.Object {
    /// The same without a statement that sets the collation of the database, where that is set already: on MySQL, it waits for
    /// whoever uses a table of the database, and everybody else waits behind it.
    fileprivate func leaving(_ collation: String) -> Self {
        guard kind == ArchiveMemberKind.header.rawValue else { return self }
        let text = String(decoding: script, as: UTF8.self).replacing("ALTER DATABASE COLLATE \(collation);\n", with: "")
        return Self(kind: kind, name: name, script: Array(text.utf8))
    }

    /// What tells it from every other object of its database.
    var identity: [UInt8] { Array("\(kind) \(name)".utf8) }
}
