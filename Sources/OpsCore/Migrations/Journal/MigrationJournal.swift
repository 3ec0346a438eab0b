import Foundation

/// The table `schema_version_step`: how far each file has come, statement by statement.
///
/// Before a statement that a transaction cannot take back there is an *intent* row with a fingerprint of what it would
/// change; afterwards the row says *done*. A *failed* row keeps the error for whoever looks later. The rows of an applied
/// file stay, so that a later change of the file can be shown statement by statement.
struct MigrationJournal: Sendable {
    enum State: String, Sendable {
        case intent, done, failed
        /// The row 0 of a file that is in the ledger.
        case applied
    }

    /// One row.
    struct Entry: Sendable, Equatable {
        var ordinal: Int
        var state: State
        var line = 0
        /// ``StatementChecksum`` of the statement.
        var checksum = ""
        /// What the fingerprint covers; nil where there is none.
        var watched: Watched?
        var fingerprint: String?
        var session: SessionSnapshot?
        var message: String?
        var backup: String?
    }

    /// What a fingerprint covers.
    struct Watched: Sendable, Equatable, Codable {
        /// The database that is the session's default.
        var database: String
        /// Nil for the whole schema.
        var objects: [NamedObject]?
        /// Which run of the server it was, for statements that are not atomic.
        var server: String?

        /// The same with the objects' names in full.
        var inFull: Self {
            var watched = self
            watched.objects = objects?.map { $0.inDatabase(database) }
            return watched
        }
    }

    let database: String
    let file: String
    /// Name of the backup that was made before the run.
    var backup: String?

    private var table: SQLQuery { Self.table(database) }
    private static func table(_ database: String) -> SQLQuery { "\(identifier: database).schema_version_step" }

    /// Makes the table.
    static func prepare(in database: String, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS \(table(database)) (
                filename VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
                ordinal INT NOT NULL COMMENT 'statement of the file, from 1; one more for its post-conditions',
                state VARCHAR(10) NOT NULL,
                line INT NOT NULL,
                checksum CHAR(64) NOT NULL,
                watched TEXT NULL COMMENT 'what the fingerprint covers',
                fingerprint CHAR(64) NULL,
                session_state MEDIUMTEXT NULL,
                message TEXT NULL,
                backup VARCHAR(255) NULL,
                changed_at DATETIME(6) NOT NULL,
                PRIMARY KEY (filename, ordinal)
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
            """)
    }

    /// Writes rows.
    func write(_ entries: [Entry], _ session: MariaDBHandle) throws {
        for insertion in Self.insertions(of: rows(entries), in: database) { try session.execute(insertion) }
    }

    /// The rows as SQL values.
    func rows(_ entries: [Entry]) -> [SQLQuery] { entries.map(values) }

    /// So many rows are written with one statement: with more, it could become larger than the server takes one.
    static let largestInsertion = 1000

    /// Writes rows, of several files too, in statements that are good under any `sql_mode` and default database: one, unless
    /// there are very many rows.
    static func insertions(of rows: [SQLQuery], in database: String) -> [SQLQuery] {
        stride(from: 0, to: rows.count, by: largestInsertion).map {
            insertion(of: rows[$0..<min($0 + largestInsertion, rows.count)], in: database)
        }
    }

    private static func insertion(of rows: ArraySlice<SQLQuery>, in database: String) -> SQLQuery {
        """
        INSERT INTO \(table(database)) (filename, ordinal, state, line, checksum, watched, fingerprint, session_state,
            message, backup, changed_at) VALUES \(SQLQuery(unquoted: rows.map(\.text).joined(separator: ", ")))
        ON DUPLICATE KEY UPDATE state = VALUES(state), line = VALUES(line), checksum = VALUES(checksum),
            watched = VALUES(watched), fingerprint = VALUES(fingerprint), session_state = VALUES(session_state),
            message = VALUES(message), backup = COALESCE(VALUES(backup), backup), changed_at = VALUES(changed_at)
        """
    }

    private func values(of entry: Entry) -> SQLQuery {
        let watched = entry.watched.flatMap { try? JSONEncoder().encode($0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
        return """
            (\(file), \(entry.ordinal), \(entry.state.rawValue), \(entry.line), \(entry.checksum), \(watched),
            \(entry.fingerprint), \(entry.session?.json), \(entry.message.map { String($0.prefix(2000)) }), \(backup),
            UTC_TIMESTAMP(6))
            """
    }

    /// Removes the rows behind a statement.
    func remove(after ordinal: Int, _ session: MariaDBHandle) throws {
        try session.execute("DELETE FROM \(table) WHERE filename = \(file) AND ordinal > \(ordinal)")
    }

    /// The rows of the file, in order.
    func entries(_ session: MariaDBHandle) throws -> [Entry] {
        try Self.read([file], in: database, session)[file] ?? []
    }

    /// The files that are not in the ledger and stopped in the middle, by failure or because they were cut off.
    static func stopped(in database: String, _ session: MariaDBHandle) throws -> Set<String> {
        do {
            let rows = try session.query(
                "SELECT DISTINCT filename FROM \(table(database)) WHERE state IN ('intent', 'failed')")
            return Set(rows.compactMap { $0.text(0) })
        } catch let error as DatabaseError where error.kind == .unknownTable {
            return []
        }
    }

    /// Gives the rows of a file to its new name.
    static func rename(_ rename: MigrationSurvey.Rename, in database: String, _ session: MariaDBHandle) throws {
        try session.execute("DELETE FROM \(table(database)) WHERE filename = \(rename.to)")
        try session.execute(
            "UPDATE \(table(database)) SET filename = \(rename.to) WHERE filename = \(rename.from)")
    }

    /// The rows of some files, by file and in order; empty where there is no such table.
    static func read(
        _ files: [String], in database: String, _ session: MariaDBHandle
    ) throws -> [String: [Entry]] {
        guard !files.isEmpty else { return [:] }
        do {
            let rows = try session.query(
                "SELECT * FROM \(table(database)) WHERE filename IN \(list: files) ORDER BY filename, ordinal")
            return Dictionary(grouping: rows) { $0.text("filename") ?? "" }.mapValues { $0.map(Entry.init) }
        } catch let error as DatabaseError where error.kind == .unknownTable {
            return [:]
        }
    }
}

extension MigrationJournal.Entry {
    init(_ row: DatabaseRow) {
        ordinal = row.int("ordinal") ?? 0
        state = row.text("state").flatMap(MigrationJournal.State.init) ?? .failed
        line = row.int("line") ?? 0
        checksum = row.text("checksum") ?? ""
        watched = row.text("watched").flatMap {
            try? JSONDecoder().decode(MigrationJournal.Watched.self, from: Data($0.utf8))
        }
        fingerprint = row.text("fingerprint")
        session = row.text("session_state").flatMap(SessionSnapshot.init(json:))
        message = row.text("message")
        backup = row.text("backup")
    }
}
