import Foundation

/// The secondary indexes of a large table, which are made when its rows are in: to sort them once costs less than to find the
/// place of each row in them. 3 million rows with two such indexes took 43 s with them, and 27 s and 11 s more without, of
/// which the 11 s keep one session busy while others load other tables.
///
/// Only plain indexes of InnoDB tables without foreign keys, all of a table or none, so that they come back in their order.
/// The journal keeps the statement before they are dropped.
struct ShadowLoaderKeys: Sendable, Equatable, Codable {
    /// Bytes of SQL of a table's rows from which on it pays.
    static let threshold = 32 << 20

    let table: String
    let names: [String]
    /// What stands behind ALTER TABLE.
    let additions: String

    // MARK: - Leaving out

    /// Drops the indexes of the large tables that were just made. For a load that goes on, reads what was dropped before.
    static func prepare(
        _ index: ArchiveIndex, _ memory: ShadowLoaderMemory?, _ session: MariaDBHandle
    ) throws -> [ShadowLoaderKeys] {
        if let memory, !memory.isFirst(for: index) { return try kept(memory.journal, session) }
        var found: [ShadowLoaderKeys] = []
        for table in largeTables(index) {
            if let keys = try ShadowLoaderKeys(of: table, session) { found.append(keys) }
        }
        try memory?.journal.keep(found.map { try $0.object() }, as: .keys, session)
        return try found.filter { try $0.drop(session) }
    }

    private static func largeTables(_ index: ArchiveIndex) -> [String] {
        var bytes: [[UInt8]: Int] = [:]
        for entry in index.members where entry.kind == .rows {
            bytes[Array((entry.object ?? "").utf8), default: 0] += entry.location.inflatedLength
        }
        return bytes.filter { $0.value >= threshold }.map { String(decoding: $0.key, as: UTF8.self) }.sorted()
    }

    /// Nil where there are none, or where they are better left alone.
    private init?(of table: String, _ session: MariaDBHandle) throws {
        let fitting = try session.query(
            """
            SELECT 1 FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = \(table) AND TABLE_TYPE = 'BASE TABLE' AND ENGINE = 'InnoDB'
                AND COALESCE(CREATE_OPTIONS, '') NOT LIKE '%partitioned%' AND NOT EXISTS (
                    SELECT 1 FROM information_schema.REFERENTIAL_CONSTRAINTS
                    WHERE CONSTRAINT_SCHEMA = DATABASE() AND (TABLE_NAME = \(table) OR REFERENCED_TABLE_NAME = \(table)))
            """)
        let names = try Self.plainIndexes(of: table, session)
        guard !fitting.isEmpty, !names.isEmpty,
            let statement = try session.query("SHOW CREATE TABLE \(identifier: table)").first?.text(1),
            let lines = Self.lines(of: names, in: statement)
        else { return nil }
        self.init(table: table, names: names, additions: lines.map { "ADD " + $0 }.joined(separator: ", "))
    }

    init(table: String, names: [String], additions: String) {
        self.table = table
        self.names = names
        self.additions = additions
    }

    /// Each index stands on a line of its own, in the words that make it; nil unless all are found and nothing else is.
    static func lines(of names: [String], in statement: String) -> [String]? {
        let lines = statement.split(separator: "\n").filter { $0.hasPrefix("  KEY `") }
            .map { $0.dropFirst(2) }.map { $0.hasSuffix(",") ? $0.dropLast() : $0 }.map(String.init)
        let isComplete = names.allSatisfy { name in
            lines.filter { $0.hasPrefix("KEY \(SQLQuery.identifier(name)) (") }.count == 1
        }
        return isComplete && lines.count == names.count ? lines : nil
    }

    private static func plainIndexes(of table: String, _ session: MariaDBHandle) throws -> [String] {
        try session.query(
            """
            SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = \(table) AND NON_UNIQUE = 1 AND INDEX_TYPE = 'BTREE'
            """
        ).compactMap { $0.text(0) }
    }

    /// - Returns: false where the server refuses it, as for one that a counter needs: then they stay.
    private func drop(_ session: MariaDBHandle) throws -> Bool {
        let list = names.map { "DROP KEY \(SQLQuery.identifier($0))" }.joined(separator: ", ")
        do {
            try session.execute("ALTER TABLE \(identifier: table) \(SQLQuery(unquoted: list))")
            return true
        } catch let error as DatabaseError where !error.isConnectionLost && error.kind != .interrupted {
            return false
        }
    }

    // MARK: - Making

    /// Makes them, unless they are there.
    func make(_ session: MariaDBHandle) throws {
        let present = Set(try Self.plainIndexes(of: table, session).map { Array($0.utf8) })
        guard !names.allSatisfy({ present.contains(Array($0.utf8)) }) else { return }
        try session.execute("ALTER TABLE \(identifier: table) \(SQLQuery(unquoted: additions))")
    }

    // MARK: - In the journal

    private func object() throws -> RestoreJournal.Object {
        RestoreJournal.Object(kind: "keys", name: table, script: Array(try JSONEncoder().encode(self)))
    }

    private static func kept(_ journal: RestoreJournal, _ session: MariaDBHandle) throws -> [ShadowLoaderKeys] {
        try journal.kept(.keys, session).map { try JSONDecoder().decode(Self.self, from: Data($0.script)) }
    }
}
