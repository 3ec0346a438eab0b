extension Migrator {
    /// What a repair did.
    public struct Repaired: Codable, Sendable, Equatable {
        public let file: String
        /// One line.
        public let done: String
    }

    /// Brings the journal or the ledger into line with what the operator knows, under the lock.
    /// - Throws: ``MigrationError`` where the request does not fit what is there.
    public func repair(_ repair: MigrationRepair, lockTimeout: Duration = .seconds(30)) async throws -> Repaired {
        let set = try MigrationSet(directory: directory)
        guard let file = set.files.first(where: { $0.name == repair.file }) else {
            throw MigrationError.unknownFile(repair.file, directory: directory)
        }
        return try await underLock(lockTimeout) { lock in
            let (script, ledger, entries) = try await lock.journal.run { session in
                (
                    try MigrationScript(checking: file, dialect: session.dialect),
                    try MigrationLedger(reading: session),
                    try MigrationJournal.read([file.name], in: database.database, session)[file.name] ?? []
                )
            }
            let isApplied = ledger.entries.contains { $0.filename == file.name && $0.success }
            switch repair {
            case .acceptDrift: return try await acceptDrift(script, isApplied: isApplied, lock)
            case .markDone(_, let ordinal):
                guard !isApplied else { throw MigrationError.isApplied(file.name) }
                return try await markDone(script, ordinal, entries, lock)
            case .clearFailed:
                guard !isApplied else { throw MigrationError.isApplied(file.name) }
                return try await clearFailed(script, entries, lock)
            }
        }
    }

    private func acceptDrift(
        _ script: MigrationScript, isApplied: Bool, _ lock: MigrationLock
    ) async throws -> Repaired {
        let name = script.file.name
        guard isApplied else { throw MigrationError.notApplied(name) }
        let journal = MigrationJournal(database: database.database, file: name)
        let rows = script.statements.indices.map { script.entry($0 + 1, nil) }
        try await lock.record { session in
            let checksums = MigrationSurvey.Checksums(
                file: name, checksum: script.checksum, sqlChecksum: script.sqlChecksum)
            try MigrationLedger.write(checksums, in: database.database, session)
            try journal.remove(after: 0, session)
            try journal.write(rows, session)
        }
        return Repaired(file: name, done: "\(name) counts as applied in the form that it has now")
    }

    private func markDone(
        _ script: MigrationScript, _ ordinal: Int, _ entries: [MigrationJournal.Entry], _ lock: MigrationLock
    ) async throws -> Repaired {
        let name = script.file.name
        let next = try MigrationResume(script, entries).done + 1
        guard ordinal == next, ordinal <= script.statements.count else {
            throw MigrationError.notNext(name, ordinal: ordinal, next: next, count: script.statements.count)
        }
        let journal = MigrationJournal(database: database.database, file: name)
        let session = entries.last { $0.ordinal <= ordinal && $0.session != nil }?.session
        try await lock.record {
            try journal.remove(after: ordinal - 1, $0)
            try journal.write([script.entry(ordinal, session)], $0)
        }
        return Repaired(
            file: name, done: "statement \(ordinal) of \(script.statements.count) of \(name) counts as done")
    }

    private func clearFailed(
        _ script: MigrationScript, _ entries: [MigrationJournal.Entry], _ lock: MigrationLock
    ) async throws -> Repaired {
        let name = script.file.name
        let done = entries.filter { $0.ordinal > 0 && $0.state == .done }.count
        let journal = MigrationJournal(database: database.database, file: name)
        try await lock.record {
            try journal.remove(after: done, $0)
            try MigrationLedger.removeFailed(name, in: database.database, $0)
        }
        return Repaired(file: name, done: "\(name) goes on with statement \(done + 1) of \(script.statements.count)")
    }

    /// Takes the lock and makes the tables.
    func underLock<Value: Sendable>(
        _ timeout: Duration, _ body: @escaping @Sendable (MigrationLock) async throws -> Value
    ) async throws -> Value {
        let connection = try await DatabaseConnection(database)
        return try await MigrationLock.with(database, work: connection, timeout: timeout) { lock in
            try await lock.journal.run { session in
                try MigrationLedger.prepare(session)
                try MigrationJournal.prepare(in: database.database, session)
            }
            return try await body(lock)
        }
    }
}
