/// What is sent in one round trip although it could be sent in two: most files are short, and most of their time is spent on
/// the way.
extension MigrationRunner {
    /// A statement of so many bytes is not copied to save a round trip.
    static let batchLimit = 64 << 10

    /// A fingerprint that came back with a statement before.
    struct Foreseen: Sendable, Equatable {
        /// Named in full.
        var objects: [NamedObject]
        var fingerprint: String
    }

    // MARK: - The fingerprint for the next intent, with the statement before

    /// The objects that the next intent will watch, where only statements that change rows, and with that no definitions,
    /// stand between.
    func upcoming(behind statement: ScriptStatement) -> [NamedObject]? {
        guard script.allowsBatches, !isLocked, case .schema(let own?) = known(statement).handling,
            own.allSatisfy({ $0.kind == .table })
        else { return nil }
        let later = script.statements.dropFirst(statement.index).first { $0.handling != .transactional }
        switch later?.handling {
        case nil: return next?.watched.inFull.objects
        case .schema(let objects?): return objects.map { $0.inDatabase(defaultDatabase) }
        default: return nil
        }
    }

    // MARK: - The end of the file, with its last statement

    /// The last statement, which only changes rows, can be committed with everything that is to be written about the file.
    func canRecord(with statement: ScriptStatement) -> Bool {
        statement.index == script.statements.count && script.allowsBatches && !isLocked
            && (transactionStart == nil || ownsTransaction) && script.directives.verifications.isEmpty
            && statement.text.count < Self.batchLimit
            && statement.index - durable <= MigrationJournal.largestInsertion - 2
    }

    /// Sends it. The server carries out no statement behind one that fails, and the transaction is then open still.
    /// - Throws: ``DatabaseError`` of the statement; ``Stop`` where something behind it failed.
    mutating func sendRecording(_ statement: ScriptStatement) async throws {
        let opening = try await next?.row(lock, foreseen: foreseen)
        let before = start(transactionStart == nil)
        let (text, count) = batch(before, statement, opening)
        let begins = transactionStart == nil
        let wait = LockWait(budget: lockWaitBudget, canRetry: begins)
        CrashPoint.pass()
        let failure = try await wait.retrying(lock.work) { [lock] session -> RecordingFailure? in
            let batch = text.withUnsafeBytes { session.batch(bytes: $0) }
            guard let error = batch.failure(of: count) else {
                return batch.completed[count - 2].affectedRows == 1
                    ? nil : RecordingFailure(cause: lock.lease.loss(session))
            }
            let loss = error.number == 1690 && batch.completed.count > before.count ? lock.lease.loss(session) : nil
            if wait.isWorthTrying(error) { _ = try? session.execute("ROLLBACK") }
            if batch.completed.count <= before.count || wait.isWorthTrying(error) { throw error }
            return RecordingFailure(cause: loss ?? error)
        }
        if let failure { throw recording(failure.cause) }
        (transactionStart, ownsTransaction) = (nil, false)
        (durable, isRecorded) = (statement.index, true)
    }

    private struct RecordingFailure: Sendable {
        var cause: any OperatorError
    }

    private func start(_ begins: Bool) -> [SQLQuery] {
        ["SET @sysndd_ctl_start = UTC_TIMESTAMP(6)"] + (begins ? ["START TRANSACTION"] : [])
    }

    /// - Returns: the message, and of how many statements it consists.
    private func batch(
        _ before: [SQLQuery], _ statement: ScriptStatement, _ opening: SQLQuery?
    ) -> (text: [UInt8], count: Int) {
        // The row is written before the client knows how long the last statement takes; the server does.
        let duration: SQLQuery = """
            \(elapsed) + GREATEST(0, TIMESTAMPDIFF(MICROSECOND, @sysndd_ctl_start, UTC_TIMESTAMP(6)) DIV 1000)
            """
        let behind = lock.lease.committing(record(through: statement.index, opening, duration: duration))
        // The statement may end with a comment of one line.
        let text =
            Array(before.map { $0.text + "; " }.joined().utf8) + statement.text
            + Array("\n; \(behind.map(\.text).joined(separator: "; "))".utf8)
        return (text, before.count + 1 + behind.count)
    }
}

extension MariaDBHandle {
    /// Runs a statement of a file, and reads the fingerprint of `objects` behind it.
    /// - Returns: nil where the statement has to be sent by itself; a fingerprint where the server told it.
    func execute(_ statement: ScriptStatement, foreseeing objects: [NamedObject]) throws -> (Outcome, String?)? {
        guard isBatching, statement.text.count < MigrationRunner.batchLimit,
            let question = SchemaFingerprint.question(objects)
        else { return nil }
        let (outcome, answer) = try statement.text.withUnsafeBytes { try execute(bytes: $0, asking: question) }
        return (outcome, SchemaFingerprint.of(answer))
    }
}
