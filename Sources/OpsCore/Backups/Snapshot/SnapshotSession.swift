/// The settings of a session that reads rows.
enum SnapshotSession {
    /// Opens a session and makes it fit for reading exactly: time stamps in UTC, no modes that change what literals mean,
    /// no time limit that a long table or a slow disk could exceed.
    static func open(_ database: DatabaseSettings, server: ServerInfo) async throws -> DatabaseConnection {
        let connection = try await DatabaseConnection(database)
        try await connection.run { session in
            for statement in statements(for: server) { try session.execute(statement) }
            if server.flavour == .mariadb { try leaveBinaryLog(session) }
        }
        return connection
    }

    /// A session that takes part in MariaDB's binary log keeps the locks on definitions past the save point, although it
    /// writes nothing. Not every account may leave it.
    private static func leaveBinaryLog(_ session: MariaDBHandle) throws {
        do {
            try session.execute("SET SESSION sql_log_bin = 0")
        } catch let error as DatabaseError where error.kind == .accessDenied {}
    }

    /// Whether ``releaseTables(_:)`` has no effect, because the session had to stay in the binary log.
    static func keepsTables(_ session: MariaDBHandle, server: ServerInfo) throws -> Bool {
        guard server.flavour == .mariadb else { return false }
        let row = try session.query("SELECT @@SESSION.sql_log_bin AS own, @@GLOBAL.log_bin AS log").first
        return row?.bool("own") == true && (row?.bool("log") == true || server.isGalera)
    }

    /// Makes the session read the database as it is now, until it ends. The save point is where it goes back to between
    /// tables, to give up the locks on their definitions.
    static func beginSnapshot(_ session: MariaDBHandle) throws {
        try session.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT")
        try session.execute("SAVEPOINT sysndd_ctl_dump")
    }

    /// Gives up the locks on the definitions of the tables that were read, so that a change of a table waits for its own
    /// rows at most, and not, with all other users of that table behind it, for the end of the backup.
    static func releaseTables(_ session: MariaDBHandle) throws {
        try session.execute("ROLLBACK TO SAVEPOINT sysndd_ctl_dump")
    }

    private static func statements(for server: ServerInfo) -> [SQLQuery] {
        var statements: [SQLQuery] = [
            """
            SET SESSION sql_mode = '', time_zone = '+00:00', wait_timeout = 604800, net_write_timeout = 7200,
            net_read_timeout = 7200, sql_select_limit = DEFAULT
            """,
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        ]
        switch server.flavour {
        case .mariadb: statements.append("SET SESSION max_statement_time = 0")
        case .mysql: statements.append("SET SESSION max_execution_time = 0")
        }
        // Each statement would wait until the node has applied what the cluster knows.
        if server.isGalera { statements.append("SET SESSION wsrep_sync_wait = 0") }
        return statements
    }
}
