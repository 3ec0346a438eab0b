/// Exchanges the tables of a database for those of another schema, and makes the objects that belong to them.
///
/// The order: the journal knows both sides' objects and says that it begins; triggers and events are dropped; one RENAME
/// TABLE exchanges the tables; the objects are made; the journal says that it is done. Whoever finds the journal in
/// between knows from it what is missing.
struct SchemaSwap: Sendable {
    let database: DatabaseSettings
    /// The schema whose tables come in, and where the journal is.
    let source: RestoreSchemaName
    /// The empty schema to which the tables of the database go, and the journal with them.
    let target: RestoreSchemaName
    /// Whose objects the database has afterwards.
    let side: RestoreJournal.Side
    /// What the journal says while it is going on, and afterwards.
    let phases: (during: RestoreRecord.Phase, after: RestoreRecord.Phase)

    /// Seconds that the exchange waits for the locks on all tables; who wants to use a table waits behind it.
    private static let lockWait = 5
    private static let attempts = 6
    /// Seconds that the making of an object waits for whoever uses it.
    private static let lockWaitForObjects = 60

    /// Does it, also when the caller is cancelled meanwhile: half of it is no state to leave a database in.
    /// - Parameter lease: confirmed at the last moment.
    /// - Throws: ``RestoreError`` when the tables were not exchanged, and everything is as it was; ``DatabaseError``.
    func run(under lease: Lease) async throws -> SchemaSwapOutcome {
        try await Task {
            let connection = try await Self.open(database)
            try await lease.cover([connection])
            let server = try await connection.serverInfo()
            return try await connection.run { session in
                let notes = try exchange(lease, session)
                try lease.confirm(session)
                var outcome = try finish(server, session)
                outcome.notes = notes + outcome.notes
                return outcome
            }
        }.value
    }

    /// Makes the objects of the side whose tables have come in.
    func finish(_ server: ServerInfo, _ session: MariaDBHandle) throws -> SchemaSwapOutcome {
        let journal = RestoreJournal(schema: target)
        try RestoreObjects.dropAll(database.database, server, session)
        try correctDefaults(server, session)
        let missing = try RestoreObjects.make(try journal.kept(side, session), session)
        try journal.note(phases.after, missing: missing.isEmpty ? nil : missing.joined(separator: "\n"), session)
        return SchemaSwapOutcome(missing: missing, notes: try textNotes(journal, session))
    }

    /// Makes again what was dropped before an exchange that did not happen.
    /// - Throws: ``RestoreError`` when something of it cannot be made; the journal then still knows it.
    func revert(to phase: RestoreRecord.Phase, _ session: MariaDBHandle) throws {
        let journal = RestoreJournal(schema: source)
        let present = try RestoreObjects.present(database.database, session)
        let lost = try journal.kept(side == .new ? .old : .new, session).filter { object in
            RestoreObjects.droppedEarly.contains(object.kind) && !present.contains(object.identity)
        }
        let missing = try RestoreObjects.make(lost, session)
        guard missing.isEmpty else { throw RestoreError.notReverted(missing) }
        try journal.note(phase, session)
    }

    /// A session that is fit for all this.
    static func open(_ database: DatabaseSettings) async throws -> DatabaseConnection {
        let connection = try await DatabaseConnection(database)
        try await connection.execute(
            """
            SET SESSION lock_wait_timeout = \(lockWaitForObjects), wait_timeout = 604800, net_read_timeout = 7200,
                sql_mode = ''
            """)
        return connection
    }

    // MARK: - The exchange

    /// - Returns: what the operator should know of it.
    private func exchange(_ lease: Lease, _ session: MariaDBHandle) throws -> [String] {
        let name = database.database
        let journal = RestoreJournal(schema: source)
        let plan = try RestorePlan(
            live: RestoreRelation.list(name, session), shadow: RestoreRelation.list(source.text, session))
        try journal.keep(try RestoreObjects.of(session), as: side == .new ? .old : .new, session)
        try journal.note(phases.during, session)
        do {
            try session.execute("SET SESSION lock_wait_timeout = \(Self.lockWait)")
            try RestoreObjects.dropEvents(name, session)
            let notes = try dropTriggers(plan, session)
            for view in plan.obstructing {
                try session.execute("DROP VIEW IF EXISTS \(identifier: name).\(identifier: view)")
            }
            // Asked about anew for each attempt: others may have waited for as long as this one.
            try whileLocked(session) { try lease.run(statement(plan), session) }
            try session.execute("SET SESSION lock_wait_timeout = \(Self.lockWaitForObjects)")
            return notes
        } catch let error where !((error as? DatabaseError)?.isConnectionLost ?? false) {
            try session.execute("SET SESSION lock_wait_timeout = \(Self.lockWaitForObjects)")
            try revert(to: phases.during == .swapping ? .loading : .done, session)
            throw error
        }
    }

    /// Drops the triggers while all tables are locked, so that nobody writes without them, and whoever is in the way is found
    /// before one is dropped.
    /// - Returns: why the tables were not locked for it, where they were not.
    private func dropTriggers(_ plan: RestorePlan, _ session: MariaDBHandle) throws -> [String] {
        var notes: [String] = []
        let tables = plan.lockable.map {
            "\(SQLQuery.identifier(database.database)).\(SQLQuery.identifier($0)) WRITE"
        }
        defer { _ = try? session.execute("UNLOCK TABLES") }
        try whileLocked(session) {
            do {
                guard !tables.isEmpty else { return }
                try session.execute(SQLQuery(unquoted: "LOCK TABLES " + tables.joined(separator: ", ")))
            } catch let error as DatabaseError where error.kind != .lockWaitTimeout && !error.isConnectionLost {
                // A table that cannot be opened, or a right that the account lacks: it goes without.
                notes = [
                    "triggers were dropped while others could write, as the tables could not be locked: \(error.message)"
                ]
            }
        }
        try whileLocked(session) { try RestoreObjects.dropTriggers(database.database, session) }
        return notes
    }

    private func statement(_ plan: RestorePlan) -> SQLQuery {
        plan.rename(database: database.database, incoming: source.text, outgoing: target.text)
    }

    /// Tries again, for a while, what other sessions hold up.
    private func whileLocked(_ session: MariaDBHandle, _ body: () throws -> Void) throws {
        for attempt in 1... {
            do {
                return try body()
            } catch let error as DatabaseError where error.kind == .lockWaitTimeout {
                guard attempt < Self.attempts else { throw RestoreError.locked(try Blockers.list(session), error) }
            }
        }
    }

    /// MariaDB keeps the schema of a sequence in the default of a column, and it stays the one where the table was loaded.
    private func correctDefaults(_ server: ServerInfo, _ session: MariaDBHandle) throws {
        guard server.flavour == .mariadb else { return }
        let rows = try session.query(
            """
            SELECT TABLE_NAME AS tab, COLUMN_NAME AS col, COLUMN_DEFAULT AS def FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = \(database.database) AND COLUMN_DEFAULT LIKE '%val(`%'
            """)
        var changes: [String: [String]] = [:]
        for row in rows {
            guard let table = row.text("tab"), let column = row.text("col"), let text = row.text("def") else {
                continue
            }
            let corrected = [source, target].reduce(text) { text, schema in
                text.replacing("val(\(SQLQuery.identifier(schema.text)).", with: "val(\(database.quoted).")
            }
            guard corrected != text else { continue }
            changes[SQLQuery.identifier(table), default: []].append(
                "ALTER COLUMN \(SQLQuery.identifier(column)) SET DEFAULT (\(corrected))")
        }
        // All columns of a table at once: the server looks up the sequences of every one.
        for (table, parts) in changes {
            let statement = "ALTER TABLE \(database.quoted).\(table) \(parts.joined(separator: ", "))"
            try session.execute(SQLQuery(unquoted: statement))
        }
    }
}

extension DatabaseSettings {
    fileprivate var quoted: String { SQLQuery.identifier(database) }
}

extension RestoreError {
    static func notReverted(_ missing: [String]) -> Self {
        Self(
            "RESTORE_NOT_REVERTED",
            "the tables were not exchanged, but not all that was dropped before could be made again: "
                + missing.joined(separator: "; "),
            hint: "try again with: sysndd-ctl restore resume")
    }

    static func locked(_ blockers: [String], _ cause: DatabaseError) -> Self {
        let list = blockers.isEmpty ? "" : "; open transactions: " + blockers.joined(separator: "; ")
        return Self(
            "RESTORE_TABLES_LOCKED", "the tables are in use by others and were not exchanged: \(cause.message)\(list)",
            hint: "end those sessions, or stop the application, and run the restore again", exit: .busy)
    }
}

/// Who may be in the way of an exchange.
private enum Blockers {
    /// The open transactions, the oldest first; none where the account may not see them.
    static func list(_ session: MariaDBHandle) throws -> [String] {
        let rows = try? session.query(
            """
            SELECT trx_mysql_thread_id AS id, p.USER AS who, p.HOST AS host,
                TIMESTAMPDIFF(SECOND, trx_started, NOW()) AS age, LEFT(COALESCE(trx_query, ''), 100) AS query
            FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
            WHERE trx_mysql_thread_id <> CONNECTION_ID() ORDER BY trx_started LIMIT 5
            """)
        return (rows.map(Array.init) ?? []).map { row in
            let query = row.text("query").map { $0.isEmpty ? "idle" : "running \($0)" } ?? "idle"
            return "session \(row.int("id") ?? 0) of \(row.text("who") ?? "?") from \(row.text("host") ?? "?"), "
                + "\(row.int("age") ?? 0) s, \(query)"
        }
    }
}
