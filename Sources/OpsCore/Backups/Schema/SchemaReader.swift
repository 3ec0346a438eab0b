/// Reads all objects of one database: a constant number of information_schema queries for each kind, and one SHOW CREATE
/// for each object, because no table of the servers holds the statement itself.
struct SchemaReader {
    let session: SchemaReadingSession
    var notices: [SchemaNotice] = []

    init(_ session: SchemaReadingSession) { self.session = session }

    /// Reads everything.
    /// - Throws: ``SchemaError`` when an object could be missing or cannot be read; ``DatabaseError``.
    mutating func read() throws -> SchemaDump {
        try checkPrivileges()
        let listings = try readListings()
        var tables = try readTables(listings)
        var objects = [database()]
        objects += try listings.filter { $0.kind == .sequence }.map { try readSequence($0.name) }
        for index in tables.indices { objects.append(try readTable(&tables[index])) }
        objects += try readLibraries()
        objects += try readRoutines()
        objects += try readViews(listings.filter { $0.kind == .view })
        objects += try readTriggers()
        objects += try readEvents()
        return SchemaDump(
            server: session.server, database: session.database, collation: session.databaseCollation, tables: tables,
            objects: objects, notices: notices)
    }

    private func checkPrivileges() throws {
        let privileges = try SchemaPrivileges(asking: session)
        let missing = privileges.missing(on: session.server)
        guard missing.isEmpty else {
            let tables = missing.contains("SELECT") ? try readUnreadableTables() : []
            throw SchemaError.missingPrivileges(
                missing, account: privileges.account, database: session.database, unreadable: tables)
        }
    }

    /// The tables that the account may see, by another right on them, but not read. Those that it may not even see, no
    /// server tells.
    private func readUnreadableTables() throws -> [String] {
        let seen = try session.query(
            """
            SELECT TABLE_NAME FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = \(session.database) AND TABLE_TYPE <> 'VIEW'
            """)
        // MariaDB does not list the columns that an account has no right on, MySQL lists them without their rights.
        let readable = try session.query(
            """
            SELECT DISTINCT TABLE_NAME FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = \(session.database) AND FIND_IN_SET('select', PRIVILEGES)
            """)
        return Set(seen.compactMap { $0.text(0) }).subtracting(readable.compactMap { $0.text(0) }).sorted()
    }

    /// `ALTER DATABASE` without a name is about the default database.
    private func database() -> SchemaObject {
        var script = SchemaScript(.database, "")
        script.add("ALTER DATABASE COLLATE \(session.databaseCollation)")
        return SchemaObject(.database, "", sql: script.bytes)
    }

    /// Makes the object of a stored program or a view.
    mutating func object(
        _ kind: SchemaObject.Kind, _ name: String, table: String? = nil, statement: [UInt8], context: SchemaContext
    ) -> SchemaObject {
        let text = SchemaClientText(
            statement, dialect: context.dialect, characterSet: context.characterSet, flavour: session.server.flavour)
        if !text.isExact {
            notices.append(
                SchemaNotice(
                    kind, name, .changedByPlainClient,
                    "the plain client may change comments or line ends of its text: there is CR LF in it, a backslash at "
                        + "the end of a line, or a comment whose quotes it cannot be kept from"))
        }
        var script = SchemaScript(kind, name)
        script.add(drop: kind, name)
        script.add(context.begin)
        if kind != .view { script.add(program: text) } else { script.add(text.bytes) }
        script.add(context.end)
        return SchemaObject(kind, name, table: table, sql: script.bytes)
    }
}
