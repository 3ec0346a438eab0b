/// What a loader remembers in the journal of its restore, so that a load that was interrupted goes on where it stopped.
///
/// A member with rows is noted in the transaction that inserts them, so both are there or neither. Tables of engines without
/// transactions are loaded from their first row again.
struct ShadowLoaderMemory: Sendable {
    let journal: RestoreJournal
    /// Positions in the archive of the members whose rows are there.
    let done: Set<Int>
    /// The names of the tables that are there.
    private let tables: Set<[UInt8]>

    /// Reads what an earlier load has left; nothing for the first.
    static func read(
        _ journal: RestoreJournal, _ index: ArchiveIndex, in schema: DatabaseSettings
    ) async throws -> ShadowLoaderMemory {
        try await DatabaseConnection(schema).run { session in
            let rows = try session.query(
                """
                SELECT t.TABLE_NAME AS name, e.TRANSACTIONS = 'YES' AS safe
                FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
                WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE <> 'VIEW'
                """)
            let unsafe = Set(rows.filter { !$0.bool("safe") }.compactMap { $0.values[0] })
            try journal.forget(index.members.filter { unsafe.contains($0) }, session)
            return ShadowLoaderMemory(
                journal: journal, done: try journal.positionsOfMembers(session),
                tables: Set(rows.compactMap { $0.values[0] }))
        }
    }

    /// Whether nothing has to be done about a member any more.
    func isDone(_ entry: ArchiveEntry) -> Bool {
        switch entry.kind {
        case .rows: done.contains(entry.location.offset)
        case .table: tables.contains(Array((entry.object ?? "").utf8))
        default: false
        }
    }

    /// Whether nothing of an archive was there when it was read.
    func isFirst(for index: ArchiveIndex) -> Bool {
        !index.members.contains { ($0.kind == .rows || $0.kind == .table) && isDone($0) }
    }

    /// How much of an archive is there.
    func rows(of index: ArchiveIndex) -> Int {
        index.members.filter { $0.kind == .rows && isDone($0) }.reduce(0) { $0 + ($1.rows ?? 0) }
    }

    /// The statement that belongs into the transaction of a member's rows.
    func note(_ entry: ArchiveEntry) -> SQLQuery { "INSERT INTO \(journal.members) VALUES (\(entry.location.offset))" }
}

extension RestoreJournal {
    fileprivate func positionsOfMembers(_ session: MariaDBHandle) throws -> Set<Int> {
        Set(try session.query("SELECT position FROM \(members)").compactMap { $0.int(0) })
    }

    /// Empties the tables of members with rows, and strikes out those.
    fileprivate func forget(_ entries: [ArchiveEntry], _ session: MariaDBHandle) throws {
        for table in Set(entries.compactMap(\.object).map { Array($0.utf8) }) {
            try session.execute("TRUNCATE TABLE \(identifier: String(decoding: table, as: UTF8.self))")
        }
        for entry in entries { try session.execute("DELETE FROM \(members) WHERE position = \(entry.location.offset)") }
    }
}

extension Set<[UInt8]> {
    /// Whether the member has rows of one of these tables.
    fileprivate func contains(_ entry: ArchiveEntry) -> Bool {
        entry.kind == .rows && contains(Array((entry.object ?? "").utf8))
    }
}
