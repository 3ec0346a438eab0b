/// From where a file goes on: decided from the journal's rows and the file as it is now. A pure value.
struct MigrationResume: Sendable, Equatable {
    /// So many statements are done and are not run again.
    var done = 0
    /// The step that was begun and of which it is not known whether it happened.
    var intent: MigrationJournal.Entry?
    /// State of the session at the point where the file goes on.
    var snapshot: SessionSnapshot?
    /// Rows behind `done` that are out of date.
    var hasOldRows = false

    /// A file that runs from its start.
    static let fresh = MigrationResume()

    private init() {}

    /// - Parameter restart: forgets what was done.
    /// - Throws: ``MigrationError`` for a statement that was done and is another one now.
    init(_ script: MigrationScript, _ entries: [MigrationJournal.Entry], restart: Bool = false) throws {
        // A file that was applied and has lost its row in the ledger since is to run again as a whole.
        guard !restart, !entries.contains(where: { $0.state == .applied }) else {
            hasOldRows = !entries.isEmpty
            return
        }
        for entry in entries where entry.ordinal == done + 1 && entry.state == .done {
            guard script.statements.indices.contains(done), script.statements[done].checksum == entry.checksum else {
                throw MigrationError.changedDone(script, ordinal: entry.ordinal, line: entry.line)
            }
            done += 1
        }
        let next = entries.first { $0.ordinal == done + 1 }
        intent = next?.state == .intent ? next : nil
        snapshot = entries.last { $0.ordinal <= done + 1 && $0.session != nil }?.session
        hasOldRows = entries.contains { $0.ordinal > done }
    }

    /// What a step that was begun turns out to be.
    /// - Parameters:
    ///   - fingerprint: of the same objects, now; nil where nothing is watched.
    ///   - server: this run of the server.
    /// - Throws: ``MigrationError`` where only the operator can tell.
    mutating func settle(_ script: MigrationScript, fingerprint: String?, server: String?) throws {
        guard let intent else { return }
        self.intent = nil
        guard let fingerprint, let watched = intent.watched else {
            throw MigrationError.uncertain(script, ordinal: intent.ordinal, line: intent.line)
        }
        guard fingerprint != intent.fingerprint else { return }
        // What is not atomic, such as a procedure, may have been cut off in its middle by the end of the server.
        guard watched.server == nil || watched.server == server else {
            throw MigrationError.uncertain(script, ordinal: intent.ordinal, line: intent.line)
        }
        guard script.statements.indices.contains(done), script.statements[done].checksum == intent.checksum else {
            throw MigrationError.changedDone(script, ordinal: intent.ordinal, line: intent.line)
        }
        done += 1
    }

    /// Where each file goes on, according to the journal and to what the database looks like; changes nothing.
    /// - Throws: ``MigrationError``; ``DatabaseError``.
    static func read(
        _ scripts: [MigrationScript], restart: Bool, server: String, in database: String, _ session: MariaDBHandle
    ) throws -> [MigrationResume] {
        let entries = try MigrationJournal.read(scripts.map(\.file.name), in: database, session)
        return try scripts.map { script in
            var resume = try MigrationResume(script, entries[script.file.name] ?? [], restart: restart)
            let fingerprint = try resume.intent?.watched.map {
                try SchemaFingerprint.read($0.objects, in: $0.database, session)
            }
            try resume.settle(script, fingerprint: fingerprint, server: server)
            return resume
        }
    }
}
