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
    let scope: RestoreScope
    /// What the journal says while it is going on, and afterwards.
    let phases: (during: RestorePhase, after: RestorePhase)

    /// Seconds that the exchange waits for the locks on all tables; who wants to use a table waits behind it.
    static let lockWait = 5
    @TaskLocal static var attempts = 6
    /// Seconds that the making of an object waits for whoever uses it.
    static let lockWaitForObjects = 60

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
        if scope.isWhole {
            try RestoreObjects.dropAll(database.database, server, session)
            if server.flavour == .mariadb {
                try SequenceDefaults(schema: database.database)
                    .point(to: database.database, from: [source.text, target.text], session)
            }
        } else {
            try RestoreObjects.dropTriggers(database.database, of: scope, session)
        }
        let present = try RestoreForeignKey.identities(database.database, session)
        let objects = try journal.kept(side, session).filter { !present.contains($0.identity) }
        let missing = try RestoreObjects.make(objects, session)
        try journal.note(phases.after, missing: missing.isEmpty ? nil : missing.joined(separator: "\n"), session)
        return SchemaSwapOutcome(missing: missing, notes: try textNotes(journal, session))
    }

    /// Makes again what was dropped before an exchange that did not happen.
    /// - Throws: ``RestoreError`` when something of it cannot be made; the journal then still knows it.
    func revert(to phase: RestorePhase, _ session: MariaDBHandle) throws {
        let journal = RestoreJournal(schema: source)
        let present = try RestoreObjects.present(database.database, session)
            .union(RestoreForeignKey.identities(database.database, session))
        let lost = try journal.kept(side.other, session).filter { object in
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
}

extension RestoreError {
    static func notReverted(_ missing: [String]) -> Self {
        Self(
            "RESTORE_NOT_REVERTED",
            "the tables were not exchanged, but not all that was dropped before could be made again: "
                + missing.joined(separator: "; "),
            hint: "try again with: sysndd-ctl restore resume")
    }
}
