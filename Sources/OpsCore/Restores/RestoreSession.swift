/// The settings of a session that loads an archive.
enum RestoreSession {
    /// Opens a session with a schema as its default database, without time limits that a long statement could exceed, and
    /// runs the settings of an archive's header in it.
    /// - Parameter header: the SQL of the header.
    /// - Parameter isFirst: also runs what the header says of the database itself.
    static func open(
        _ schema: DatabaseSettings, server: ServerInfo, header: [UInt8], isFirst: Bool
    ) async throws -> DatabaseConnection {
        let connection = try await DatabaseConnection(schema)
        try await connection.run { session in
            try session.execute(
                "SET SESSION wait_timeout = 604800, net_read_timeout = 7200, net_write_timeout = 7200")
            if server.flavour == .mariadb { try session.execute("SET SESSION max_statement_time = 0") }
            try RestoreScript.run(header, session) { isFirst || $0 != .ddl }
        }
        return connection
    }
}
