/// Runs the statements of one file and keeps the journal, so that it can go on from any point where it is cut off.
///
/// A statement that a transaction can take back commits together with its row in the journal. Before any other there is an
/// intent in the journal. Statements that only set variables join the transaction before them, so that ROW_COUNT() and
/// LAST_INSERT_ID() mean what they mean without a journal.
struct MigrationRunner {
    let script: MigrationScript
    let lock: MigrationLock
    let database: String
    let journal: MigrationJournal
    /// The intent of this statement is in the journal already.
    let intended: Int?
    /// The file behind this one, whose first intent is written with the last rows of this one.
    let next: MigrationOpening?
    let lockWaitBudget: Duration
    let start = ContinuousClock.now

    /// So many statements have run.
    var executed = 0
    /// So many are done according to the journal.
    var durable = 0
    /// How many had run when the transaction began that is open now; nil while none is.
    var transactionStart: Int?
    /// The open transaction was begun here, not by the file.
    var ownsTransaction = false
    var isLocked = false
    var snapshot = SessionSnapshot()
    var variables: Set<String> = []
    /// The snapshot is older than the last statement that may have set a variable.
    var isSnapshotOld = false
    var defaultDatabase: String
    /// The file is in the ledger.
    var isRecorded = false
    /// The fingerprint for the next intent.
    var foreseen: Foreseen?
    /// How a session that is as good as new reads literals.
    var dialect = ScriptDialect()

    init(
        _ script: MigrationScript, _ lock: MigrationLock, database: String, journal: MigrationJournal,
        intended: Int?, next: MigrationOpening?, lockWaitBudget: Duration
    ) {
        self.script = script
        self.lock = lock
        self.database = database
        self.journal = journal
        self.intended = intended
        self.next = next
        self.lockWaitBudget = lockWaitBudget
        defaultDatabase = database
    }

    /// Runs what is not done yet. The last transaction may stay open, for the row in the ledger.
    /// - Throws: ``Stop``.
    mutating func run(from resume: MigrationResume) async throws {
        dialect = try await lock.work.run { [script] session in
            try session.setBatching(script.allowsBatches)
            return session.dialect
        }
        var lexer = try script.lexer(dialect)
        (executed, durable) = (resume.done, resume.done)
        if resume.done > 0, let snapshot = resume.snapshot { try await restore(snapshot) }
        while let statement = try MigrationScript.nextStatement(&lexer, of: script.file) {
            if statement.index <= resume.done {
                try await replay(statement)
                if statement.index == resume.done, let snapshot = resume.snapshot { try await restore(snapshot) }
            } else {
                try await step(statement)
            }
            lexer.dialect = dialect
        }
        if transactionStart != nil, !ownsTransaction { throw Stop.openTransaction(in: self) }
    }

    private mutating func restore(_ snapshot: SessionSnapshot) async throws {
        self.snapshot = snapshot
        variables = Set(snapshot.variables.keys)
        try await lock.work.run { try snapshot.restore($0) }
    }

    /// Builds the session's state again.
    private mutating func replay(_ statement: ScriptStatement) async throws {
        guard [.session, .lock, .unlock].contains(known(statement).handling) else { return }
        do {
            try await send(statement)
            try await note(statement, known(statement).handling)
        } catch let error as DatabaseError {
            throw Stop(statement, error, self)
        }
    }

    private mutating func step(_ statement: ScriptStatement) async throws {
        do {
            let (handling, isAtomic) = effective(known(statement))
            try await prepareTransaction(for: statement, handling)
            try await carryOut(statement, handling, isAtomic: isAtomic)
            CrashPoint.pass()
            executed = statement.index
            try await note(statement, handling)
        } catch let error as DatabaseError {
            throw Stop(statement, await explained(error), self)
        } catch let error as LeaseError {
            throw Stop(statement, error, self)
        } catch is CancellationError {
            throw Stop(statement, DatabaseError.stoppedBySignal, self)
        }
    }

    /// A lock wait with who may be the reason.
    private func explained(_ error: DatabaseError) async -> DatabaseError {
        guard error.kind == .lockWaitTimeout else { return error }
        let blockers = try? await lock.journal.run { [database] in LockBlockers(seenBy: $0, in: database) }
        guard let blockers else { return error }
        return DatabaseError(
            number: error.number, sqlState: error.sqlState, message: error.message + blockers.text, hint: error.hint)
    }

    func known(_ statement: ScriptStatement) -> MigrationScript.Statement {
        if script.statements.indices.contains(statement.index - 1) { return script.statements[statement.index - 1] }
        var temporary: Set<String> = []
        return MigrationScript.Statement(statement, dialect, temporary: &temporary)
    }

    /// How a statement is run, and whether a server that is killed does all of it or nothing. EXECUTE is as good as the
    /// statement that was prepared.
    private func effective(_ statement: MigrationScript.Statement) -> (StepHandling, isAtomic: Bool) {
        guard case .execute(let name) = statement.handling else {
            let isUnwatched = isLocked && statement.handling == .transactional
            return (isUnwatched ? .unwatched : statement.handling, statement.isAtomic)
        }
        guard let text = snapshot.prepared[name].map({ Array($0.utf8) }) else { return (.schema(nil), false) }
        let prepared = StepHandling(of: text, kind: StatementKind(of: text, dialect: dialect), dialect: dialect)
        switch prepared {
        case .transactional: return (isLocked ? .unwatched : .transactional, false)
        case .schema(let objects):
            return (prepared, StatementAtomicity.isAtomic(text, naming: objects, dialect: dialect))
        case .unwatched, .repeatable: return (prepared, false)
        default: return (.schema(nil), false)
        }
    }

    private mutating func carryOut(
        _ statement: ScriptStatement, _ handling: StepHandling, isAtomic: Bool
    ) async throws {
        switch handling {
        case .transactional where canRecord(with: statement): try await sendRecording(statement)
        case .transactional: try await send(statement, inTransaction: true)
        case .schema(let objects):
            let server = isAtomic ? nil : lock.server
            try await intend(statement, .init(database: defaultDatabase, objects: objects, server: server))
            foreseen = nil
            // A procedure that only changes rows commits with its row in the journal.
            try await send(statement, inTransaction: objects == nil)
        case .unwatched:
            try await intend(statement, nil)
            try await send(statement)
        default: try await send(statement)
        }
    }

    private mutating func send(_ statement: ScriptStatement, inTransaction: Bool = false) async throws {
        let begins = inTransaction && transactionStart == nil && !isLocked
        let wait = LockWait(
            budget: lockWaitBudget,
            canRetry: begins || known(statement).handling.isSingle && transactionStart == nil)
        let watched = upcoming(behind: statement)
        let after = try await wait.retrying(lock.work) { session in
            let begins = begins && session.isAutocommitting && !session.isInTransaction
            do {
                if let watched, !begins,
                    let (outcome, fingerprint) = try session.execute(statement, foreseeing: watched)
                {
                    return After(session, outcome, begins: begins, fingerprint: fingerprint)
                }
                return After(session, try session.execute(statement, begins: begins), begins: begins)
            } catch let error as DatabaseError where begins && wait.isWorthTrying(error) {
                _ = try? session.execute("ROLLBACK")
                throw error
            }
        }
        dialect = after.dialect
        if let watched { foreseen = after.fingerprint.map { Foreseen(objects: watched, fingerprint: $0) } }
        if after.lastInsertID > 0 { snapshot.lastInsertID = after.lastInsertID }
        if !after.isInTransaction {
            (transactionStart, ownsTransaction) = (nil, false)
        } else if transactionStart == nil {
            transactionStart = statement.index - 1
            ownsTransaction = after.begins
        }
    }

    private struct After: Sendable {
        var isInTransaction: Bool
        var begins: Bool
        var dialect: ScriptDialect
        var lastInsertID: UInt64
        var fingerprint: String?

        init(
            _ session: MariaDBHandle, _ outcome: MariaDBHandle.Outcome, begins: Bool, fingerprint: String? = nil
        ) {
            self.fingerprint = fingerprint
            isInTransaction = session.isInTransaction
            self.begins = begins
            dialect = session.dialect
            lastInsertID = outcome.lastInsertID
        }
    }
}

extension StepHandling {
    /// A statement that is atomic by itself, so that it can be tried again.
    var isSingle: Bool {
        switch self {
        case .schema(let objects): objects != nil
        case .repeatable, .unwatched: true
        default: false
        }
    }
}

extension MariaDBHandle {
    /// How the session reads literals at this moment.
    var dialect: ScriptDialect { ScriptDialect(ansiQuotes: ansiQuotes, noBackslashEscapes: noBackslashEscapes) }

    /// Runs a statement of a file, at the beginning of a new transaction where `begins` says so. A large one is not copied
    /// to save a round trip.
    fileprivate func execute(_ statement: ScriptStatement, begins: Bool) throws -> Outcome {
        try statement.text.withUnsafeBytes { bytes in
            if begins, isBatching, bytes.count < MigrationRunner.batchLimit {
                return try executeBeginning(bytes: bytes)
            }
            if begins { try execute("START TRANSACTION") }
            return try execute(bytes: bytes)
        }
    }
}
