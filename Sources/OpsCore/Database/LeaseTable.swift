/// The table `sysndd_ctl_lease`: one row a lease, which stays when the lease is free so that its token never begins again.
///
/// Each function runs one statement, and each change is a single guarded one: whether it changed the row decides who holds
/// the lease, so nothing can come between. All times are compared by the server, with its own clock; that of the client
/// plays no part.
struct LeaseTable: Sendable, Equatable {
    static let tableName = "sysndd_ctl_lease"

    /// Whether and how a row may be taken.
    enum Claim: Equatable {
        case free, expired, gone
    }

    /// Database and table, quoted: a session that uses another database, as a restore does, is guarded as well.
    let qualifiedName: String

    init(database: String) {
        qualifiedName = "\(SQLQuery.identifier(database)).\(Self.tableName)"
    }

    private var table: SQLQuery { SQLQuery(unquoted: qualifiedName) }

    /// Microseconds since 1970, whatever the session's time zone is.
    private static func microseconds(_ column: String) -> SQLQuery {
        SQLQuery(unquoted: "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', \(column))")
    }

    // MARK: - Making

    /// Makes the table and the row where they are missing.
    func prepare(_ name: String, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS \(table) (
                name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
                owner VARCHAR(255) NULL COMMENT 'host of the holder; NULL while the lease is free',
                process_id BIGINT NULL,
                operation VARCHAR(255) NULL,
                job_id VARCHAR(64) NULL,
                token BIGINT NOT NULL COMMENT 'fencing token, larger than every one before',
                beat BIGINT NOT NULL DEFAULT 0,
                account VARCHAR(255) NULL,
                node VARCHAR(255) NULL COMMENT 'the server that the connection ids belong to',
                server_started BIGINT NULL,
                connection_id BIGINT UNSIGNED NULL,
                work_sessions VARCHAR(1000) NULL COMMENT 'further connections of the holder',
                acquired_at DATETIME(6) NULL,
                heartbeat_at DATETIME(6) NULL,
                expires_at DATETIME(6) NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='sysndd-ctl'
            """)
        try session.execute("INSERT IGNORE INTO \(table) (name, token) VALUES (\(name), 0)")
    }

    // MARK: - Reading

    /// The row of a lease; nil where there is no such row or no such table.
    func row(_ name: String, _ session: MariaDBHandle) throws -> LeaseRow? {
        do {
            return try session.query(
                """
                SELECT owner, process_id, operation, job_id, token, account, node, server_started, connection_id,
                    work_sessions, \(Self.microseconds("acquired_at")) AS acquired,
                    \(Self.microseconds("heartbeat_at")) AS heartbeat, \(Self.microseconds("expires_at")) AS expires,
                    expires_at <= UTC_TIMESTAMP(6) AS is_expired
                FROM \(table) WHERE name = \(name)
                """
            ).first.map(LeaseRow.init)
        } catch let error as DatabaseError where error.kind == .unknownTable {
            return nil
        }
    }

    /// True while the lease has that token and is held: for the WHERE of a statement that must not run without it.
    func condition(_ name: String, token: UInt64) -> SQLQuery {
        "EXISTS (SELECT 1 FROM \(table) WHERE \(held(name, token)))"
    }

    private func held(_ name: String, _ token: UInt64) -> SQLQuery {
        "name = \(name) AND token = \(Int(token)) AND owner IS NOT NULL"
    }

    // MARK: - Changing

    /// Takes a row that was read as `row`, unless it has changed since.
    ///
    /// The new token is the server's time in microseconds where that is more than the old one plus 1: so tokens go on
    /// rising even when the table was dropped, or came back from an old dump.
    /// - Returns: the token; nil when somebody else was faster.
    func take(
        _ name: String, _ row: LeaseRow, as claim: Claim, for holding: LeaseHolding, _ session: MariaDBHandle
    ) throws -> UInt64? {
        let unchanged: SQLQuery = "name = \(name) AND token = \(Int(row.token))"
        let claimed: SQLQuery =
            switch claim {
            case .free: "owner IS NULL"
            case .gone: "connection_id = \(Int(row.connectionID))"
            case .expired: "connection_id = \(Int(row.connectionID)) AND expires_at <= UTC_TIMESTAMP(6)"
            }
        let outcome = try session.execute(
            """
            UPDATE \(table)
            SET token = LAST_INSERT_ID(GREATEST(token + 1, \(Self.microseconds("UTC_TIMESTAMP(6)")))),
                owner = \(holding.owner.host.clipped(255)), process_id = \(holding.owner.processID),
                operation = \(holding.owner.operation.clipped(255)), job_id = \(holding.owner.jobID?.clipped(64)),
                acquired_at = UTC_TIMESTAMP(6), \(Self.alive(holding))
            WHERE \(unchanged) AND \(claimed)
            """)
        return outcome.affectedRows == 1 ? outcome.lastInsertID : nil
    }

    /// Puts the expiry off.
    /// - Returns: false when the lease is another's by now.
    func renew(_ name: String, token: UInt64, for holding: LeaseHolding, _ session: MariaDBHandle) throws -> Bool {
        try session.execute("UPDATE \(table) SET \(Self.alive(holding)) WHERE \(held(name, token))").affectedRows == 1
    }

    /// Changes the row, so that a transaction that does it cannot be committed beside one that takes the lease over.
    /// - Returns: false when the lease is another's by now.
    func confirm(_ name: String, token: UInt64, _ session: MariaDBHandle) throws -> Bool {
        try session.execute("UPDATE \(table) SET beat = beat + 1 WHERE \(held(name, token))").affectedRows == 1
    }

    /// The same as a statement that fails (1690) where the lease is another's, so that a COMMIT that is sent in one batch
    /// with it is not carried out. No `sql_mode` lets a number be as large as the one that it then computes.
    func confirmation(_ name: String, token: UInt64) -> SQLQuery {
        """
        UPDATE \(table) SET beat = beat + IF(token = \(Int(token)) AND owner IS NOT NULL, 1, EXP(1000 + beat))
        WHERE name = \(name)
        """
    }

    /// Frees the lease.
    /// - Parameter isForced: the holder is not asked: the token is raised too, so that what it still does fails.
    /// - Returns: false when the lease is another's by now.
    func release(_ name: String, token: UInt64, isForced: Bool = false, _ session: MariaDBHandle) throws -> Bool {
        let outcome = try session.execute(
            """
            UPDATE \(table)
            SET owner = NULL, process_id = NULL, operation = NULL, job_id = NULL, account = NULL, node = NULL,
                server_started = NULL, connection_id = NULL, work_sessions = NULL, acquired_at = NULL,
                heartbeat_at = NULL, expires_at = NULL, token = token + \(isForced)
            WHERE \(held(name, token))
            """)
        return outcome.affectedRows == 1
    }

    /// The columns that say that a holder is alive, and where. `beat` makes sure that the row changes, because a server
    /// does not count a row that stays as it was.
    private static func alive(_ holding: LeaseHolding) -> SQLQuery {
        let sessions = holding.workSessions.map(String.init).joined(separator: ",")
        return """
            beat = beat + 1, account = CURRENT_USER(), node = \(holding.server.node),
            server_started = \(holding.server.started), connection_id = CONNECTION_ID(),
            work_sessions = \(sessions), heartbeat_at = UTC_TIMESTAMP(6),
            expires_at = UTC_TIMESTAMP(6) + INTERVAL \(holding.lifetime.milliseconds * 1000) MICROSECOND
            """
    }
}

extension String {
    /// The beginning, as long as a column of so many characters can hold.
    func clipped(_ length: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(length)))
    }
}
