/// Transactions, and the rows of the journal that go with them.
extension MigrationRunner {
    /// Ends, continues or begins a transaction, as the statement needs it.
    mutating func prepareTransaction(for statement: ScriptStatement, _ handling: StepHandling) async throws {
        let joins = handling == .variables || handling == .transactional && script.isOneTransaction
        if ownsTransaction, !joins { try await commit() }
        if transactionStart != nil, !ownsTransaction, handling.mayCommit {
            // The statement commits what is open, and the rows of the journal with it.
            let isItself = [.commit, .begin, .lock, .unlock].contains(handling)
            try await writeDone(through: isItself ? statement.index : executed, confirming: handling == .commit)
        }
    }

    /// Writes an intent, in one transaction with the rows of what was done before.
    mutating func intend(_ statement: ScriptStatement, _ watched: MigrationJournal.Watched?) async throws {
        guard statement.index != intended else { return }
        try await readSnapshot()
        let known = known(statement)
        let intent = try await known.intent(
            statement.index, watching: watched, over: isLocked ? lock.work : lock.journal, foreseen: foreseen,
            snapshot: storedSnapshot)
        let rows = journal.rows(pendingEntries(through: executed) + [intent])
        try await lock.record(MigrationJournal.insertions(of: rows, in: database))
        durable = executed
    }

    /// Commits the transaction that was begun here, with the rows of its statements.
    mutating func commit() async throws {
        try await readSnapshot()
        let rows = journal.rows(pendingEntries(through: executed))
        try await commit(MigrationJournal.insertions(of: rows, in: database))
        durable = executed
    }

    /// Commits the transaction that was begun here, with what is written beside.
    mutating func commit(_ changes: [SQLQuery]) async throws {
        CrashPoint.pass()
        try await lock.work.run { [lock] session in
            guard !session.isBatching else { return try lock.lease.commit(changes, begins: false, session) }
            for change in changes { try session.execute(change) }
            try lock.lease.confirm(session)
            CrashPoint.pass()
            try session.execute("COMMIT")
        }
        CrashPoint.pass()
        (transactionStart, ownsTransaction) = (nil, false)
    }

    private mutating func writeDone(through ordinal: Int, confirming: Bool) async throws {
        try await readSnapshot()
        let entries = pendingEntries(through: ordinal)
        try await lock.work.run { [journal, lock] session in
            try journal.write(entries, session)
            if confirming { try lock.lease.confirm(session) }
        }
        CrashPoint.pass()
        durable = ordinal
    }

    /// The rows of the statements that have run and are not in the journal yet.
    func pendingEntries(through ordinal: Int) -> [MigrationJournal.Entry] {
        guard ordinal > durable else { return [] }
        return (durable..<ordinal).filter(script.statements.indices.contains).map { index in
            script.entry(index + 1, index + 1 == ordinal ? storedSnapshot : nil)
        }
    }

    var storedSnapshot: SessionSnapshot? { snapshot == SessionSnapshot() ? nil : snapshot }
}

extension MigrationScript.Statement {
    /// The journal's row of a statement that is about to run.
    /// - Parameters:
    ///   - watched: what the fingerprint is to cover; nil for none.
    ///   - connection: reads the fingerprint.
    ///   - foreseen: a fingerprint that is known already.
    func intent(
        _ ordinal: Int, watching watched: MigrationJournal.Watched?, over connection: DatabaseConnection,
        foreseen: MigrationRunner.Foreseen?, snapshot: SessionSnapshot? = nil
    ) async throws -> MigrationJournal.Entry {
        let watched = watched?.inFull
        var fingerprint = foreseen.flatMap { $0.objects == watched?.objects ? $0.fingerprint : nil }
        if fingerprint == nil {
            fingerprint = try await connection.run { session in
                try watched.map { try SchemaFingerprint.read($0.objects, in: $0.database, session) }
            }
        }
        return MigrationJournal.Entry(
            ordinal: ordinal, state: .intent, line: line, checksum: checksum, watched: watched,
            fingerprint: fingerprint, session: snapshot)
    }
}
