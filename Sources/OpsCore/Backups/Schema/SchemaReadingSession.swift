/// A session whose settings make the server show definitions in one exact form; they are put back afterwards.
struct SchemaReadingSession {
    let handle: MariaDBHandle
    let server: ServerInfo
    let database: String
    let databaseCollation: String

    /// Runs `body` over a session with a default database.
    ///
    /// Inside a transaction, the locks on the definitions that were read are given up at the end by going back to a save
    /// point: they would hold up every ALTER TABLE, and with it all who use that table, until the transaction ends. SHOW
    /// CREATE keeps none, a SELECT does; MariaDB, while it writes a binary log (`sql_log_bin` on), keeps them even then.
    static func with<Value>(
        _ session: MariaDBHandle, _ body: (SchemaReadingSession) throws -> Value
    ) throws -> Value {
        let server = try ServerInfo(asking: session)
        let row = try session.query(
            """
            SELECT SCHEMA_NAME AS name, DEFAULT_COLLATION_NAME AS collation, @@sql_mode AS mode,
                @@character_set_results AS results, @@sql_quote_show_create AS quote
            FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()
            """
        ).first
        guard let row, let database = row.text("name"), let collation = row.text("collation") else {
            throw SchemaError.noDatabase
        }
        let isInTransaction = session.isInTransaction
        if isInTransaction { try session.execute("SAVEPOINT sysndd_ctl_schema") }
        defer {
            // The error that is on its way is the one to tell; a session that cannot be put back is a dead one.
            _ = try? session.execute(
                """
                SET SESSION sql_mode = \(row.text("mode")), character_set_results = \(row.text("results")),
                    sql_quote_show_create = \(row.int("quote"))
                """)
            if isInTransaction {
                _ = try? session.execute("ROLLBACK TO SAVEPOINT sysndd_ctl_schema")
                _ = try? session.execute("RELEASE SAVEPOINT sysndd_ctl_schema")
            }
        }
        try prepare(session, server)
        return try body(
            SchemaReadingSession(handle: session, server: server, database: database, databaseCollation: collation))
    }

    /// Without a character set for results, each text comes in the one in which it was written.
    private static func prepare(_ session: MariaDBHandle, _ server: ServerInfo) throws {
        try session.execute("SET SESSION sql_mode = '', character_set_results = NULL, sql_quote_show_create = 1")
        if server.flavour == .mysql {
            // Else a generated invisible primary key would be left out, and its values with it.
            try session.execute("SET SESSION show_gipk_in_create_table_and_information_schema = ON")
        }
    }

    func query(_ query: SQLQuery) throws -> ResultSet { try handle.query(query) }

    /// What SHOW CREATE says of an object. A refusal becomes an error that names the object.
    func showCreate(_ kind: SchemaObject.Kind, _ name: String, privilege: String) throws -> DatabaseRow {
        do {
            let statement = "SHOW CREATE \(kind.rawValue.uppercased()) \(SQLQuery.identifier(name))"
            guard let row = try handle.query(SQLQuery(unquoted: statement)).first else {
                throw SchemaError.refused(kind, name, privilege: privilege)
            }
            return row
        } catch let error as DatabaseError where error.kind == .accessDenied {
            throw SchemaError.refused(kind, name, privilege: privilege, reason: error.message)
        } catch let error as DatabaseError
            where [.unknownTable, .other].contains(error.kind) && !error.isConnectionLost
        {
            throw SchemaError.unreadable(kind, name, error)
        }
    }

    /// The column of a SHOW CREATE row that holds the statement.
    func statement(
        _ column: String, in row: DatabaseRow, of kind: SchemaObject.Kind, _ name: String, privilege: String
    ) throws -> [UInt8] {
        guard let index = row.columns.firstIndex(of: column), let text = row.values[index] else {
            throw SchemaError.refused(kind, name, privilege: privilege)
        }
        return text
    }
}
