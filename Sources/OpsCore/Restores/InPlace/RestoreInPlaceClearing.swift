/// Empties a database for a restore in place: everything goes but the toolkit's own tables.
struct RestoreInPlaceClearing: Sendable {
    let database: DatabaseSettings
    let journal: RestoreJournal

    /// Seconds that the locks on all tables are waited for.
    private static let lockWait = 30

    /// Locks all tables, those of the journal among them, so that who is in the way is found before the first is dropped, and
    /// nobody writes between the first and the last.
    /// - Returns: why they are not locked, where the server refuses it.
    /// - Throws: ``RestoreError`` when others use them; nothing was touched then.
    func lock(_ session: MariaDBHandle) throws -> [String] {
        try journal.makeTables(session)
        let tables = try tables(session).map(SQLQuery.identifier) + RestoreJournal.tables.map(SQLQuery.identifier)
        let list = tables.map { "\(SQLQuery.identifier(database.database)).\($0) WRITE" }.joined(separator: ", ")
        try session.execute("SET SESSION lock_wait_timeout = \(Self.lockWait)")
        do {
            try session.execute(SQLQuery(unquoted: "LOCK TABLES \(list)"))
            return []
        } catch let error as DatabaseError where error.kind == .lockWaitTimeout {
            if try journal.record(session) == nil { try journal.drop(session) }
            throw RestoreError.locked(
                ", and nothing was touched", LockBlockers(seenBy: session, in: database.database), error)
        } catch let error as DatabaseError where !error.isConnectionLost && error.kind != .interrupted {
            return ["tables were dropped while others could write, as they could not be locked: \(error.message)"]
        }
    }

    /// Drops everything, and says in the journal that it is done. May be repeated.
    func run(_ session: MariaDBHandle) throws {
        let server = try ServerInfo(asking: session)
        try session.execute("SET SESSION foreign_key_checks = 0")
        let tables = try tables(session).map(SQLQuery.identifier)
        if !tables.isEmpty {
            try session.execute(SQLQuery(unquoted: "DROP TABLE IF EXISTS \(tables.joined(separator: ", "))"))
        }
        try session.execute("UNLOCK TABLES")
        for sequence in try relations(session).filter({ $0.kind == .sequence }) {
            try session.execute("DROP SEQUENCE IF EXISTS \(identifier: sequence.name)")
        }
        try RestoreObjects.dropAll(database.database, server, session)
        try session.execute("SET SESSION foreign_key_checks = DEFAULT")
        try journal.forgetLoad(session)
        try journal.note(.loading, session)
    }

    private func tables(_ session: MariaDBHandle) throws -> [String] {
        try relations(session).filter { $0.kind == .table }.map(\.name)
    }

    private func relations(_ session: MariaDBHandle) throws -> [RestoreRelation] {
        try RestoreRelation.list(database.database, session).filter { !$0.isToolkit }
    }
}
