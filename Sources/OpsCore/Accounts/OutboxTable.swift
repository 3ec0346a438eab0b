import Foundation

/// The table `sysndd_ctl_outbox`: one row a mail. Its content is there, sealed, only as long as it waits.
///
/// All times are the server's. A mail is claimed for a while before it is sent, by one guarded statement; a claim that runs
/// out, because its holder was killed, lets another one try again.
struct OutboxTable: Sendable {
    /// A mail that this process may send now.
    struct Claimed: Sendable {
        let id: Int
        let content: String
        let messageID: String
        /// Seconds since 1970.
        let created: Double
        /// How often it was tried, this time included.
        let attempts: Int
    }

    private let table: SQLQuery = "`sysndd_ctl_outbox`"

    /// Ends an open transaction, as every statement that makes a table does.
    func prepare(_ session: MariaDBHandle) throws {
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS \(table) (
                id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
                kind VARCHAR(32) NOT NULL,
                state VARCHAR(16) NOT NULL DEFAULT 'waiting' COMMENT 'waiting, sent, failed',
                content MEDIUMTEXT CHARACTER SET ascii NULL COMMENT 'encrypted; NULL once it waits no more',
                message_id VARCHAR(255) NOT NULL,
                attempts INT NOT NULL DEFAULT 0,
                last_error VARCHAR(500) NULL,
                claimed_by VARCHAR(64) NULL,
                claimed_until DATETIME(6) NULL,
                created_at DATETIME(6) NOT NULL,
                due_at DATETIME(6) NOT NULL,
                expires_at DATETIME(6) NOT NULL,
                done_at DATETIME(6) NULL,
                KEY state_due (state, due_at)
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='sysndd-ctl'
            """)
    }

    /// - Returns: the row's id.
    func insert(
        _ kind: AccountMail.Kind, content: String, messageID: String, lifetime: Duration, _ session: MariaDBHandle
    ) throws -> Int {
        Int(
            try session.execute(
                """
                INSERT INTO \(table) (kind, content, message_id, created_at, due_at, expires_at)
                VALUES (\(kind.rawValue), \(content), \(messageID), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6),
                    UTC_TIMESTAMP(6) + INTERVAL \(Int(lifetime.inSeconds)) SECOND)
                """
            ).lastInsertID)
    }

    /// Claims the mail that is due for the longest time, or the one with that id.
    ///
    /// Every change of this table is of one row, found by its id: senders that search with locks would deadlock.
    func claim(_ id: Int? = nil, for lease: Duration, _ session: MariaDBHandle) throws -> Claimed? {
        let owner = UUID().uuidString
        for id in try id.map({ [$0] }) ?? due(session) {
            let outcome = try session.execute(
                """
                UPDATE \(table)
                SET claimed_by = \(owner), attempts = attempts + 1,
                    claimed_until = UTC_TIMESTAMP(6) + INTERVAL \(Int(lease.inSeconds)) SECOND
                WHERE id = \(id) AND \(claimable)
                """)
            if outcome.affectedRows == 1 { return try claimed(id, by: owner, session) }
        }
        return nil
    }

    private let isFree: SQLQuery = "(claimed_until IS NULL OR claimed_until <= UTC_TIMESTAMP(6))"

    private var claimable: SQLQuery { "state = 'waiting' AND expires_at > UTC_TIMESTAMP(6) AND \(isFree)" }

    /// Some that may be claimed now; another sender may be quicker.
    private func due(_ session: MariaDBHandle) throws -> [Int] {
        try ids("\(claimable) AND due_at <= UTC_TIMESTAMP(6) ORDER BY due_at, id LIMIT 20", session)
    }

    private func ids(_ condition: SQLQuery, _ session: MariaDBHandle) throws -> [Int] {
        try session.query("SELECT id FROM \(table) WHERE \(condition)").compactMap { $0.int("id") }
    }

    private func claimed(_ id: Int, by owner: String, _ session: MariaDBHandle) throws -> Claimed? {
        return try session.query(
            """
            SELECT id, content, message_id, attempts,
                TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', created_at) AS created
            FROM \(table) WHERE id = \(id) AND claimed_by = \(owner)
            """
        ).first.map { row in
            Claimed(
                id: row.int("id") ?? 0, content: row.text("content") ?? "", messageID: row.text("message_id") ?? "",
                created: Double(row.int("created") ?? 0) / 1e6, attempts: row.int("attempts") ?? 0)
        }
    }

    /// It was sent; nothing of its content stays.
    func finish(_ id: Int, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            UPDATE \(table) SET state = 'sent', content = NULL, claimed_by = NULL, claimed_until = NULL,
                last_error = NULL, done_at = UTC_TIMESTAMP(6) WHERE id = \(id)
            """)
    }

    /// It will be tried again after `pause`.
    func postpone(_ id: Int, by pause: Duration, because reason: String, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            UPDATE \(table) SET claimed_by = NULL, claimed_until = NULL, last_error = \(reason.clipped(500)),
                due_at = UTC_TIMESTAMP(6) + INTERVAL \(pause.milliseconds * 1000) MICROSECOND
            WHERE id = \(id) AND state = 'waiting'
            """)
    }

    /// It will never be sent; nothing of its content stays.
    func giveUp(_ id: Int, because reason: String, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            UPDATE \(table) SET state = 'failed', content = NULL, claimed_by = NULL, claimed_until = NULL,
                last_error = \(reason.clipped(500)), done_at = UTC_TIMESTAMP(6) WHERE id = \(id)
            """)
    }

    /// Removes what was done long ago; a backup holds it if somebody still wants to know.
    func removeOld(_ session: MariaDBHandle) throws {
        let old: SQLQuery = "state IN ('sent', 'failed') AND done_at < UTC_TIMESTAMP(6) - INTERVAL 90 DAY"
        for id in try ids("\(old) LIMIT 100", session) {
            try session.execute("DELETE FROM \(table) WHERE id = \(id)")
        }
    }

    /// Ends the waiting of those whose time is over.
    func expire(_ session: MariaDBHandle) throws {
        let condition: SQLQuery = "state = 'waiting' AND expires_at <= UTC_TIMESTAMP(6) AND \(isFree)"
        for id in try ids(condition, session) {
            try session.execute(
                """
                UPDATE \(table) SET state = 'failed', content = NULL, claimed_by = NULL, claimed_until = NULL,
                    last_error = COALESCE(last_error, 'it could not be sent in time'), done_at = UTC_TIMESTAMP(6)
                WHERE id = \(id) AND \(condition)
                """)
        }
    }
}
