/// The table `sysndd_ctl_audit`: one row for each call that was meant to change something. Rows are only ever added.
public struct AuditLog: Sendable {
    private let pool: DatabasePool
    private let database: String
    private var table: SQLQuery {
        SQLQuery(unquoted: "\(SQLQuery.identifier(database)).\(SchemaToolkitTable.audit.rawValue)")
    }

    public init(pool: DatabasePool, database: String) {
        self.pool = pool
        self.database = database
    }

    /// Adds a row; the table is made where it is missing.
    public func write(_ record: AuditRecord) async throws {
        try await pool.withConnection { connection in
            try await connection.run { session in
                do {
                    try insert(record, session)
                } catch let error as DatabaseError where error.kind == .unknownTable {
                    try make(session)
                    try insert(record, session)
                }
            }
        }
    }

    /// The newest rows, newest first.
    public func newest(_ limit: Int) async throws -> [AuditRecord] {
        try await pool.withConnection { connection in
            try await connection.run { session in
                do {
                    return try session.query(
                        """
                        SELECT DATE_FORMAT(at, '%Y-%m-%dT%H:%i:%sZ') AS moment, account, role, action, subject, address,
                            status, request_id
                        FROM \(table) ORDER BY id DESC LIMIT \(max(0, limit))
                        """
                    ).map(AuditRecord.init)
                } catch let error as DatabaseError where error.kind == .unknownTable {
                    return []
                }
            }
        }
    }

    private func insert(_ record: AuditRecord, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            INSERT INTO \(table) (at, account, role, action, subject, address, status, request_id)
            VALUES (UTC_TIMESTAMP(6), \(record.account.clipped(255)), \(record.role.clipped(32)),
                \(record.action.clipped(500)), \(record.subject.clipped(500)), \(record.address.clipped(64)),
                \(record.status), \(record.requestID.clipped(64)))
            """)
    }

    private func make(_ session: MariaDBHandle) throws {
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS \(table) (
                id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
                at DATETIME(6) NOT NULL,
                account VARCHAR(255) NOT NULL,
                role VARCHAR(32) NOT NULL,
                action VARCHAR(500) NOT NULL,
                subject VARCHAR(500) NOT NULL,
                address VARCHAR(64) NOT NULL,
                status INT NOT NULL,
                request_id VARCHAR(64) NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='sysndd-ctl'
            """)
    }
}

extension AuditRecord {
    fileprivate init(_ row: DatabaseRow) {
        self.init(
            account: row.text("account") ?? "", role: row.text("role") ?? "", action: row.text("action") ?? "",
            subject: row.text("subject") ?? "", address: row.text("address") ?? "", status: row.int("status") ?? 0,
            requestID: row.text("request_id") ?? "")
        at = row.text("moment") ?? ""
    }
}
