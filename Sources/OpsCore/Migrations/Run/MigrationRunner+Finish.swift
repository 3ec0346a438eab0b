extension MigrationRunner {
    /// Asks the post-conditions, and writes the file's row in the ledger together with what is still open.
    /// - Throws: ``Stop``.
    mutating func finish() async throws -> MigrationResult.Applied {
        do {
            if !isRecorded {
                try await verify()
                try await record(next?.row(lock, foreseen: foreseen))
            }
            return MigrationResult.Applied(
                file: script.file.name, version: script.file.version, statements: script.statements.count,
                durationMs: elapsed)
        } catch let error as DatabaseError {
            throw recording(error)
        } catch let error as LeaseError {
            throw recording(error)
        } catch is CancellationError {
            throw recording(DatabaseError.stoppedBySignal)
        }
    }

    /// Milliseconds.
    var elapsed: Int { start.duration(to: ContinuousClock.now).milliseconds }

    func recording(_ cause: any OperatorError) -> Stop {
        let count = script.statements.count
        let last = script.statements[count - 1]
        return Stop(
            index: count, line: last.line, column: last.column, statement: Stop.recording, cause, self)
    }

    /// Everything that is still missing in the journal, and the file's row in the ledger.
    func record(through ordinal: Int, _ opening: SQLQuery?, duration: SQLQuery) -> [SQLQuery] {
        let entries = pendingEntries(through: ordinal) + [MigrationJournal.Entry(ordinal: 0, state: .applied)]
        let rows = journal.rows(entries) + [opening].compactMap { $0 }
        return MigrationJournal.insertions(of: rows, in: database)
            + [MigrationLedger.recording(script, duration: duration, in: database)]
    }

    /// The same, written in one transaction.
    private mutating func record(_ opening: SQLQuery?) async throws {
        let changes = record(through: executed, opening, duration: "\(elapsed)")
        if ownsTransaction { try await commit(changes) } else { try await lock.record(changes) }
    }

    // MARK: - Post-conditions

    /// A file that only changed rows can still be taken back; any other is committed first, and asked about in a session
    /// that it has not touched.
    private mutating func verify() async throws {
        guard !script.directives.verifications.isEmpty else { return }
        let isOpen = ownsTransaction && script.isOneTransaction
        if ownsTransaction, !isOpen { try await commit() }
        if !isOpen, durable < executed {
            let rows = journal.rows(pendingEntries(through: executed))
            try await lock.record(MigrationJournal.insertions(of: rows, in: database))
            durable = executed
        }
        let session = isOpen ? lock.work : lock.journal
        for verification in script.directives.verifications {
            guard let problem = try await session.run({ try verification.problem($0) }) else { continue }
            throw Stop(
                index: script.statements.count + 1, line: verification.line, statement: verification.query,
                MigrationError.postCondition(problem), self)
        }
    }
}

extension MigrationDirectives.Verification {
    /// Why the post-condition does not hold; nil when it does: one row whose first value is true.
    /// - Throws: ``DatabaseError`` when the connection is lost.
    func problem(_ session: MariaDBHandle) throws -> String? {
        do {
            let rows = try session.query(SQLQuery(unquoted: query))
            guard rows.count == 1, let row = rows.first else { return "it returned \(rows.count) rows instead of one" }
            let value = row.values.isEmpty ? nil : row.text(0)
            guard let value else { return "it returned NULL" }
            return (Double(value) ?? 0) != 0 ? nil : "it returned \(value.prefix(100))"
        } catch let error as DatabaseError where !error.isConnectionLost && error.kind != .interrupted {
            return "it failed: \(error.message) (\(error.number))"
        }
    }
}
