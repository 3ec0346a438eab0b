/// The exchange of the tables, and what has to be out of the way for it.
extension SchemaSwap {
    /// - Returns: what the operator should know of it.
    func exchange(_ lease: Lease, _ session: MariaDBHandle) throws -> [String] {
        let name = database.database
        let journal = RestoreJournal(schema: source)
        let plan = try RestorePlan(
            live: RestoreRelation.list(name, session), shadow: RestoreRelation.list(source.text, session), scope: scope)
        let edges = scope.isWhole ? [] : try RestoreForeignKey.edges(of: scope, in: name, session)
        try keepObjects(edges, journal, session)
        try journal.note(phases.during, session)
        try journal.persist(session)
        do {
            try session.execute("SET SESSION lock_wait_timeout = \(Self.lockWait)")
            if scope.isWhole { try RestoreObjects.dropEvents(name, session) }
            for edge in edges { try whileLocked(session) { try edge.drop(in: name, session) } }
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

    /// Writes into the journal what the database has now. Foreign keys of tables that stay to tables that are exchanged
    /// belong to both sides.
    private func keepObjects(
        _ edges: [RestoreForeignKey], _ journal: RestoreJournal, _ session: MariaDBHandle
    ) throws {
        guard !scope.isWhole else { return try journal.keep(RestoreObjects.of(session), as: side.other, session) }
        try journal.keep(
            RestoreObjects.of(scope, session) + edges.map(\.object), as: side.other, session)
        let incoming = edges.filter { !scope.contains($0.table) }.map(\.object)
        let taken = Set(incoming.map(\.identity))
        // A foreign key of a table that stays may be gone by now.
        let known = try journal.kept(side, session).filter { object in
            object.kind != RestoreForeignKey.kind
                || object.isForeignKey(of: scope) && !taken.contains(object.identity)
        }
        try journal.keep(known + incoming, as: side, session)
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
        try whileLocked(session) { try RestoreObjects.dropTriggers(database.database, of: scope, session) }
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
                guard attempt < Self.attempts else {
                    throw RestoreError.locked(
                        " and were not exchanged", LockBlockers(seenBy: session, in: database.database), error)
                }
            }
        }
    }
}
