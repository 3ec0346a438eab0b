/// What a run that stops leaves in the journal. In tasks of their own, as the caller's may be cancelled.
extension MigrationRun {
    /// Leaves a failed row in the journal. Where the server is away there is nothing to be done.
    ///
    /// Some statements commit an open transaction before they fail, and a server may go on with what it was sent after the
    /// connection was lost. What is committed is therefore read from the journal, whose rows were part of that transaction.
    /// - Returns: the failure with what is really committed.
    func remember(
        _ stop: MigrationRunner.Stop, _ script: MigrationScript, _ journal: MigrationJournal
    ) async -> MigrationRunner.Stop {
        await Task {
            var stop = stop
            if stop.isConnectionLost {
                guard await endWork() else { return stop.ending(.unknown) }
            } else {
                stop.leavesRows = await rollBack()
            }
            guard let entries = try? await lock.journal.run({ try journal.entries($0) }) else {
                return stop.ending(.unknown)
            }
            guard !entries.contains(where: { $0.state == .applied }) else {
                return stop.ending(.recorded, committed: script.statements.count)
            }
            let settled = stop.settled(done: entries.done)
            let rows = settled.rows(script, entries)
            try? await lock.record { session in
                try journal.remove(after: settled.committed, session)
                try journal.write(rows, session)
            }
            return settled
        }.value
    }

    /// Nothing of a file has run: the intent that was written ahead goes, so that the file is a pending one.
    func forget(_ runner: MigrationRunner, _ cause: any OperatorError) async -> MigrationRunner.Stop {
        if runner.intended != nil {
            await Task { try? await lock.record { try runner.journal.remove(after: 0, $0) } }.value
        }
        return MigrationRunner.Stop(before: runner.script, cause, backup: runner.journal.backup)
    }

    /// - Returns: true where the server says that it could not take everything back.
    private func rollBack() async -> Bool {
        let isPartial = try? await lock.work.run { session in
            try session.execute("ROLLBACK")
            return try session.query("SHOW WARNINGS").contains { $0.int("Code") == 1196 }
        }
        return isPartial ?? false
    }

    /// Ends the session of the files, and waits until the server has taken back what it had not committed.
    /// - Returns: false where it is not seen to be gone.
    private func endWork() async -> Bool {
        let id = Int(lock.work.connectionID)
        let end = ContinuousClock.now + .seconds(10)
        var isTold = false
        while ContinuousClock.now < end {
            // Behind a balancer the same number may be that of somebody else's session.
            let list: SQLQuery = """
                SELECT SUM(ID = \(id)), SUM(ID = CONNECTION_ID()),
                    SUM(ID = \(id) AND USER = SUBSTRING_INDEX(USER(), '@', 1)) FROM information_schema.PROCESSLIST
                """
            guard let row = try? await lock.journal.query(list).first, row.int(1) == 1 else { return false }
            if row.int(0) == 0 { return true }
            if !isTold, row.int(2) == 1 {
                _ = try? await lock.journal.execute("KILL CONNECTION \(id)")
                isTold = true
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

extension MigrationRunner.Stop {
    fileprivate var isConnectionLost: Bool { (cause as? DatabaseError)?.isConnectionLost == true }

    fileprivate func ending(_ outcome: Outcome, committed: Int? = nil) -> Self {
        var stop = self
        stop.outcome = outcome
        stop.committed = committed ?? stop.committed
        return stop
    }

    fileprivate func settled(done: Int) -> Self {
        var stop = self
        stop.committed = max(committed, done)
        stop.pending.removeAll { $0.ordinal <= done }
        return stop
    }

    /// What is written behind the rows of what is committed. The intent of a statement whose connection was lost stays, and
    /// tells the next run what became of it; what is not atomic may have been cut off in its middle.
    fileprivate func rows(
        _ script: MigrationScript, _ entries: [MigrationJournal.Entry]
    ) -> [MigrationJournal.Entry] {
        if isConnectionLost, var intent = entries.first(where: { $0.ordinal == index && $0.state == .intent }) {
            if intent.watched?.server != nil { intent.watched?.server = "a session that was ended" }
            return pending + [intent]
        }
        // The row of a statement that is done stays as it is.
        let ordinal = max(index, committed + 1)
        let failed = MigrationJournal.Entry(
            ordinal: ordinal, state: .failed, line: line,
            checksum: script.statements.indices.contains(ordinal - 1) ? script.statements[ordinal - 1].checksum : "",
            message: cause.message)
        return pending + [failed]
    }
}

extension [MigrationJournal.Entry] {
    /// How many statements are done, one after the other.
    fileprivate var done: Int {
        zip(filter { $0.ordinal > 0 && $0.state == .done }, 1...).prefix { $0.ordinal == $1 }.count
    }
}
