/// One run of `migrate up` under the lock: applies the pending files one after the other.
struct MigrationRun: Sendable {
    let database: String
    let lock: MigrationLock
    let options: MigrationOptions
    /// The newest file of the ledger.
    let latestApplied: String?
    let report: @Sendable (Migrator.Event) -> Void

    /// All pending files are compared with what was done of them before anything is changed.
    func apply(
        _ scripts: [MigrationScript], _ survey: MigrationSurvey, into run: inout MigrationResult,
        since start: ContinuousClock.Instant
    ) async throws {
        let resumes = try await resumes(scripts)
        let backup = scripts.isEmpty ? nil : try await makeBackup()
        try await settle(survey)
        let journals = scripts.map { MigrationJournal(database: database, file: $0.file.name, backup: backup) }
        var session = SessionState()
        for (offset, script) in scripts.enumerated() {
            report(
                .started(
                    file: script.file.name, position: offset + 1, total: scripts.count,
                    statements: script.statements.count))
            run.durationMs = start.duration(to: ContinuousClock.now).milliseconds
            let next = scripts.indices.contains(offset + 1) ? offset + 1 : nil
            let opening = next.flatMap {
                MigrationOpening(scripts[$0], resumes[$0], journals[$0], database: database, server: lock.server)
            }
            let runner = MigrationRunner(
                script, lock, database: database, journal: journals[offset], intended: session.isOpened ? 1 : nil,
                next: opening, lockWaitBudget: options.lockWaitBudget)
            let applied = try await apply(runner, resumes[offset], &session, after: run)
            run.append(applied)
            report(.applied(applied))
        }
    }

    /// What is known of the session that the files run in, between two files.
    private struct SessionState {
        /// The file that ran in it before.
        var previous: MigrationRunner?
        /// Its `lock_wait_timeout`, where it was set.
        var lockWait: Int?
        /// The intent of the next file's first statement is written.
        var isOpened = false
    }

    private func makeBackup() async throws -> String? {
        guard let makeBackup = options.makeBackup else { return nil }
        let lease = lock.lease
        // Nothing is done in it meanwhile.
        try await lock.work.execute("SET SESSION wait_timeout = 2147483")
        // It has work for all processors.
        let name = try await withTaskExecutorPreference(globalConcurrentExecutor) { try await makeBackup(lease) }
        // The backup's sessions worked under the lease meanwhile.
        try await lock.lease.cover([lock.journal, lock.work])
        report(.backedUp(file: name))
        return name
    }

    /// Makes the tables, and writes into the ledger what the files say about its rows.
    private func settle(_ survey: MigrationSurvey) async throws {
        try await lock.journal.run { [database] session in
            try MigrationLedger.prepare(session)
            try MigrationJournal.prepare(in: database, session)
        }
        if survey.hasNews {
            try await lock.record { [database] session in
                for rename in survey.renames {
                    try MigrationLedger.write(rename, in: database, session)
                    try MigrationJournal.rename(rename, in: database, session)
                }
                for checksums in survey.unknown { try MigrationLedger.write(checksums, in: database, session) }
            }
        }
        for rename in survey.renames { report(.renamed(from: rename.from, to: rename.to)) }
        if !survey.unknown.isEmpty { report(.adopted(count: survey.unknown.count)) }
        survey.tellCosmeticChanges(report)
    }

    /// Where each file goes on.
    private func resumes(_ scripts: [MigrationScript]) async throws -> [MigrationResume] {
        try await lock.journal.run { [database, lock, options] session in
            try MigrationResume.read(
                scripts, restart: options.restart, server: lock.server, in: database, session)
        }
    }

    private func apply(
        _ prepared: MigrationRunner, _ resume: MigrationResume, _ session: inout SessionState,
        after run: MigrationResult
    ) async throws -> MigrationResult.Applied {
        var runner = prepared
        let script = runner.script
        let latest = run.applied.last?.file ?? latestApplied
        do {
            try await open(script, resume, runner.journal, &session)
            try await runner.run(from: resume)
            let applied = try await runner.finish()
            session.isOpened = runner.next != nil
            session.previous = runner
            return applied
        } catch let stop as MigrationRunner.Stop {
            let stop = await remember(stop, script, runner.journal)
            throw MigrationRunError(stop, of: script, behind: latest, after: run)
        } catch is CancellationError {
            let stop = await forget(runner, DatabaseError.stoppedBySignal)
            throw MigrationRunError(stop, of: script, behind: latest, after: run)
        } catch let error as DatabaseError {
            throw MigrationRunError(await forget(runner, error), of: script, behind: latest, after: run)
        }
    }

    /// Takes away what the file before left in the session, brings the journal up to date with what was found out about the
    /// last run, and sets how long to wait for locks.
    private func open(
        _ script: MigrationScript, _ resume: MigrationResume, _ journal: MigrationJournal, _ state: inout SessionState
    ) async throws {
        if try await state.previous?.resetSession() == true { state.lockWait = nil }
        state.previous = nil
        if resume.hasOldRows {
            let entry = resume.done > 0 ? script.entry(resume.done, resume.snapshot) : nil
            try await lock.record { session in
                try journal.remove(after: resume.done > 0 ? resume.done : -1, session)
                if let entry { try journal.write([entry], session) }
            }
        }
        let seconds = script.directives.lockWaitTimeout ?? LockWait.defaultSeconds
        guard state.lockWait != seconds else { return }
        try await lock.work.execute("SET SESSION lock_wait_timeout = \(seconds)")
        state.lockWait = seconds
    }
}

extension MigrationScript {
    /// The journal's row of a statement that is done.
    func entry(_ ordinal: Int, _ snapshot: SessionSnapshot?) -> MigrationJournal.Entry {
        let statement = statements[ordinal - 1]
        return MigrationJournal.Entry(
            ordinal: ordinal, state: .done, line: statement.line, checksum: statement.checksum, session: snapshot)
    }
}
