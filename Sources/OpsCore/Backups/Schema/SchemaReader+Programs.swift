extension SchemaReader {
    /// Functions, procedures and packages; a package before its body.
    mutating func readRoutines() throws -> [SchemaObject] {
        let rows = try session.query(
            """
            SELECT ROUTINE_NAME AS name, ROUTINE_TYPE AS type, ROUTINE_COMMENT AS comment
            FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = \(session.database) ORDER BY ROUTINE_NAME
            """)
        let kinds: [(SchemaObject.Kind, column: String)] = [
            (.function, "Create Function"), (.procedure, "Create Procedure"), (.package, "Create Package"),
            (.packageBody, "Create Package Body"),
        ]
        var objects: [SchemaObject] = []
        for (kind, column) in kinds {
            for row in rows where row.text("type")?.lowercased() == kind.rawValue {
                objects.append(try readProgram(kind, row, column: column, privilege: routinePrivilege))
            }
        }
        return objects
    }

    private var routinePrivilege: String { SchemaPrivileges.routinePrivilege(of: session.server) }

    /// JavaScript libraries of MySQL 9.2 and later, which routines import.
    mutating func readLibraries() throws -> [SchemaObject] {
        guard session.server.flavour == .mysql, session.server.isAtLeast([9, 2]) else { return [] }
        let rows = try session.query(
            """
            SELECT LIBRARY_NAME AS name, LIBRARY_COMMENT AS comment FROM information_schema.LIBRARIES
            WHERE LIBRARY_SCHEMA = \(session.database) ORDER BY LIBRARY_NAME
            """)
        return try rows.map { try readProgram(.library, $0, column: "Create Library", privilege: routinePrivilege) }
    }

    /// Triggers, those of one table and event in the order in which they fire: FOLLOWS and PRECEDES are not kept by the
    /// servers, the order of creation is.
    mutating func readTriggers() throws -> [SchemaObject] {
        let rows = try session.query(
            """
            SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS tab FROM information_schema.TRIGGERS
            WHERE TRIGGER_SCHEMA = \(session.database)
            ORDER BY EVENT_OBJECT_TABLE, EVENT_MANIPULATION, ACTION_TIMING, ACTION_ORDER, TRIGGER_NAME
            """)
        return try rows.map { try readProgram(.trigger, $0, column: "SQL Original Statement", privilege: "TRIGGER") }
    }

    mutating func readEvents() throws -> [SchemaObject] {
        let rows = try session.query(
            """
            SELECT EVENT_NAME AS name, EVENT_COMMENT AS comment FROM information_schema.EVENTS
            WHERE EVENT_SCHEMA = \(session.database) ORDER BY EVENT_NAME
            """)
        return try rows.map { try readProgram(.event, $0, column: "Create Event", privilege: "EVENT") }
    }

    /// - Parameter listing: `name` and, where the kind has them, `tab` and `comment` of information_schema.
    private mutating func readProgram(
        _ kind: SchemaObject.Kind, _ listing: DatabaseRow, column: String, privilege: String
    ) throws -> SchemaObject {
        func listed(_ column: String) -> String? { listing.columns.contains(column) ? listing.text(column) : nil }
        let name = listed("name") ?? ""
        let row = try session.showCreate(kind, name, privilege: privilege)
        let context = SchemaContext(row, databaseCollation: session.databaseCollation)
        var statement = try session.encodedHeader(
            of: session.statement(column, in: row, of: kind, name, privilege: privilege),
            names: [name, listed("tab") ?? ""], comment: listed("comment") ?? "", in: context.characterSet)
        if kind == .trigger, session.server.flavour == .mariadb {
            statement = SchemaQualifier.trigger(
                statement, dialect: context.dialect, characterSet: context.characterSet)
        }
        return object(kind, name, table: listed("tab"), statement: statement, context: context)
    }
}
