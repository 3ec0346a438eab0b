/// A session that may hold what a statement waits for.
struct LockBlocker: Sendable, Equatable, CustomStringConvertible {
    var connectionID: Int
    var account: String
    /// How long its transaction has been open, or its statement has been running.
    var seconds: Int
    /// What it runs now; nil while it is idle in a transaction.
    var statement: String?

    var description: String {
        let work =
            statement.map { "running for \(seconds) s: \($0.prefix(200))" } ?? "idle in a transaction for \(seconds) s"
        return "connection \(connectionID) (\(account)), \(work)"
    }

    /// The sessions that hold locks in a database, the oldest first, as far as the account may see them.
    ///
    /// MySQL tells who holds a metadata lock, MariaDB only where a plugin is loaded; both tell which transactions are open,
    /// and those hold the locks that are waited for most often.
    /// - Parameter own: sessions of the run itself.
    static func read(in database: String, except own: [UInt], _ session: MariaDBHandle) throws -> [LockBlocker] {
        let isMariaDB = session.serverVersion.contains("MariaDB")
        let ids = SQLQuery(unquoted: own.map(String.init).joined(separator: ", "))
        let metadata: SQLQuery? =
            isMariaDB
            ? try hasMetadataLocks(session)
                ? "SELECT THREAD_ID FROM information_schema.METADATA_LOCK_INFO WHERE TABLE_SCHEMA = \(database)" : nil
            : """
            SELECT t.PROCESSLIST_ID FROM performance_schema.metadata_locks m
            JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID
            WHERE m.OBJECT_SCHEMA = \(database) AND m.LOCK_STATUS = 'GRANTED' AND t.PROCESSLIST_ID IS NOT NULL
            """
        let held: SQLQuery = metadata.map { "OR p.ID IN (\($0))" } ?? ""
        let list: SQLQuery = isMariaDB ? "information_schema.PROCESSLIST" : "performance_schema.processlist"
        let rows = try session.query(
            """
            SELECT p.ID AS id, CONCAT(p.USER, '@', p.HOST) AS account, p.INFO AS info,
                COALESCE(TIMESTAMPDIFF(SECOND, MIN(x.trx_started), NOW()), MAX(p.TIME)) AS seconds
            FROM \(list) p LEFT JOIN information_schema.INNODB_TRX x ON x.trx_mysql_thread_id = p.ID
            WHERE p.ID NOT IN (\(ids)) AND p.ID <> CONNECTION_ID() AND (p.DB = \(database) AND x.trx_id IS NOT NULL \(held))
            GROUP BY p.ID, p.USER, p.HOST, p.INFO ORDER BY seconds DESC LIMIT 5
            """)
        return rows.map { row in
            LockBlocker(
                connectionID: row.int("id") ?? 0, account: row.text("account") ?? "", seconds: row.int("seconds") ?? 0,
                statement: row.text("info"))
        }
    }

    private static func hasMetadataLocks(_ session: MariaDBHandle) throws -> Bool {
        try !session.query(
            """
            SELECT 1 FROM information_schema.PLUGINS
            WHERE PLUGIN_NAME = 'METADATA_LOCK_INFO' AND PLUGIN_STATUS = 'ACTIVE'
            """
        ).isEmpty
    }
}

extension DatabaseError {
    /// The same with who may hold the lock; unchanged where that cannot be seen.
    func naming(_ blockers: [LockBlocker]) -> DatabaseError {
        guard !blockers.isEmpty else { return self }
        let list = blockers.map { "\n  held up by \($0)" }.joined()
        return DatabaseError(number: number, sqlState: sqlState, message: message + list, hint: hint)
    }
}
