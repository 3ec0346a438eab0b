extension LockBlockers {
    /// What the session may see. The sessions that work under the lease are not in each other's way. Whatever cannot be read
    /// counts as a missing right, because the error that is on its way is the one to tell.
    init(seenBy session: MariaDBHandle, in database: String) {
        self.init(sessions: [], evidence: .held, missingRights: [])
        let isMySQL = !session.serverVersion.contains("MariaDB")
        let holder = try? LeaseTable(database: database).row(Lease.maintenance, session)
        let own = ([holder?.connectionID].compactMap { $0 } + (holder?.workSessions ?? [])).map(String.init)
        let isOther: SQLQuery = "NOT IN (CONNECTION_ID(), \(SQLQuery(unquoted: (own + ["0"]).joined(separator: ", "))))"
        let seesAll = (try? session.query("SELECT 1 FROM information_schema.INNODB_TRX LIMIT 1")) != nil
        if !seesAll { missingRights.append("PROCESS") }
        if let rows = try? session.query(
            isMySQL ? Self.heldOnMySQL(database, isOther) : Self.heldOnMariaDB(database, isOther))
        {
            sessions = rows.compactMap(Session.init)
        } else if isMySQL {
            missingRights.append("SELECT on performance_schema")
        }
        guard sessions.isEmpty else { return }
        let isHere: SQLQuery = "q.db = \(database)"
        let works: SQLQuery = "(q.trx IS NOT NULL OR q.info IS NOT NULL)"
        var suspects: [(Evidence, SQLQuery)] = [(.active, "\(isHere) AND \(works)")]
        // Without the right, no idle session of others can be seen.
        if seesAll { suspects += [(.connected, isHere), (.active, "q.trx IS NOT NULL")] }
        for (evidence, condition) in suspects where sessions.isEmpty {
            let query = Self.suspects(condition, isOther, seesAll: seesAll)
            sessions = ((try? session.query(query)) ?? ResultSet(columns: [], values: [])).compactMap(Session.init)
            self.evidence = evidence
        }
    }

    private static func heldOnMySQL(_ database: String, _ isOther: SQLQuery) -> SQLQuery {
        """
        SELECT t.PROCESSLIST_ID AS id, MAX(t.PROCESSLIST_USER) AS user, MAX(t.PROCESSLIST_HOST) AS host,
            MAX(t.PROCESSLIST_INFO) AS info, MAX(t.PROCESSLIST_TIME) AS age
        FROM performance_schema.metadata_locks m JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID
        WHERE m.OBJECT_TYPE <> 'SCHEMA' AND m.OBJECT_SCHEMA = \(database) AND m.LOCK_STATUS = 'GRANTED'
            AND t.PROCESSLIST_ID IS NOT NULL AND t.PROCESSLIST_ID \(isOther)
        GROUP BY t.PROCESSLIST_ID ORDER BY age DESC LIMIT 5
        """
    }

    /// Fails where the plugin is not loaded.
    private static func heldOnMariaDB(_ database: String, _ isOther: SQLQuery) -> SQLQuery {
        """
        SELECT m.THREAD_ID AS id, MAX(p.USER) AS user, MAX(p.HOST) AS host, MAX(p.INFO) AS info, MAX(p.TIME) AS age
        FROM information_schema.METADATA_LOCK_INFO m LEFT JOIN information_schema.PROCESSLIST p ON p.ID = m.THREAD_ID
        WHERE m.TABLE_SCHEMA = \(database) AND m.LOCK_TYPE <> 'Schema metadata lock' AND m.THREAD_ID \(isOther)
        GROUP BY m.THREAD_ID ORDER BY age DESC LIMIT 5
        """
    }

    /// Sessions that wait for such a lock themselves are left out.
    private static func suspects(_ condition: SQLQuery, _ isOther: SQLQuery, seesAll: Bool) -> SQLQuery {
        let age: SQLQuery =
            seesAll
            ? """
            (SELECT TIMESTAMPDIFF(SECOND, MIN(x.trx_started), NOW()) FROM information_schema.INNODB_TRX x
                WHERE x.trx_mysql_thread_id = p.ID)
            """ : "NULL"
        return """
            SELECT q.id, q.user, q.host, q.info, COALESCE(q.trx, q.time) AS age FROM (
                SELECT p.ID AS id, p.USER AS user, p.HOST AS host, p.DB AS db, p.INFO AS info, p.TIME AS time, \(age) AS trx
                FROM information_schema.PROCESSLIST p
                WHERE p.ID \(isOther) AND COALESCE(p.STATE, '') NOT LIKE 'Waiting for % metadata lock'
            ) q WHERE \(condition) ORDER BY age DESC LIMIT 5
            """
    }
}

extension LockBlockers.Session {
    fileprivate init?(_ row: DatabaseRow) {
        guard let id = row.int("id") else { return nil }
        self.init(
            id: id, user: row.text("user"), host: row.text("host"), seconds: row.int("age"), statement: row.text("info")
        )
    }
}
