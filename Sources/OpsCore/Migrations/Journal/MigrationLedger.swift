import Foundation

/// The table `schema_version`: which files were applied to this database.
///
/// Its first three columns are those of SysNDD's own table, so an existing one is adopted as it is and an older runner,
/// which writes `filename` alone, goes on working. The toolkit's own columns are nullable and added where they lack.
struct MigrationLedger: Sendable, Equatable {
    /// One row.
    struct Entry: Sendable, Equatable {
        var filename: String
        var appliedAt: Date
        var success: Bool
        /// SHA-256 of the file as it was applied; nil where another runner applied it.
        var checksum: String?
        /// The checksum of its statements.
        var sqlChecksum: String?
    }

    /// True when the table is there.
    var exists: Bool
    var entries: [Entry]

    static let empty = MigrationLedger(exists: false, entries: [])

    private static let ownColumns = [
        "checksum": "CHAR(64) NULL", "sql_checksum": "CHAR(64) NULL", "statements": "INT NULL",
        "duration_ms": "BIGINT NULL", "applied_by": "VARCHAR(255) NULL", "tool_version": "VARCHAR(50) NULL",
    ]

    /// Reads the whole ledger in one round trip; a table that is not there reads as an empty one.
    init(reading session: MariaDBHandle) throws {
        do {
            // The toolkit's columns may not be there yet.
            let rows = try session.query("SELECT v.*, UNIX_TIMESTAMP(applied_at) AS applied_unix FROM schema_version v")
            let missing = ["filename", "success"].filter { name in
                !rows.columns.contains { $0.caseInsensitiveEquals(name) }
            }
            guard missing.isEmpty else { throw MigrationError.ledgerShape(missing) }
            exists = true
            entries = rows.map(Entry.init)
        } catch let error as DatabaseError where error.kind == .unknownTable {
            self = .empty
        } catch let error as DatabaseError where error.number == 1054 {
            throw MigrationError.ledgerShape(["applied_at"])
        }
    }

    init(exists: Bool, entries: [Entry]) {
        self.exists = exists
        self.entries = entries
    }

    /// Makes the table, or adds the toolkit's columns to one that was made by another runner.
    static func prepare(_ session: MariaDBHandle) throws {
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_version (
                filename VARCHAR(255) NOT NULL PRIMARY KEY,
                applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
                success BOOLEAN NOT NULL DEFAULT TRUE
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
            """)
        let present = try session.query(
            """
            SELECT LOWER(COLUMN_NAME) AS name FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'schema_version'
            """)
        let names = Set(present.compactMap { $0.text("name") })
        let missing = Set(["filename", "applied_at", "success"]).subtracting(names)
        guard missing.isEmpty else { throw MigrationError.ledgerShape(missing.sorted()) }
        let additions = ownColumns.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
            .map { "ADD COLUMN \($0.key) \($0.value)" }
        if !additions.isEmpty {
            try session.execute(
                SQLQuery(unquoted: "ALTER TABLE schema_version \(additions.joined(separator: ", "))"))
        }
    }

    /// Records that a file was applied. Neither the session's default database nor its modes matter here, as the file may
    /// have changed them.
    /// - Parameter duration: milliseconds that the file took.
    static func recording(_ script: MigrationScript, duration: SQLQuery, in database: String) -> SQLQuery {
        """
        INSERT INTO \(identifier: database).schema_version
            (filename, success, checksum, sql_checksum, statements, duration_ms, applied_by, tool_version)
        VALUES (\(script.file.name), TRUE, \(script.checksum), \(script.sqlChecksum), \(script.statements.count),
            \(duration), CURRENT_USER(), \(ToolVersion.current))
        ON DUPLICATE KEY UPDATE success = TRUE, applied_at = CURRENT_TIMESTAMP, checksum = VALUES(checksum),
            sql_checksum = VALUES(sql_checksum), statements = VALUES(statements), duration_ms = VALUES(duration_ms),
            applied_by = VALUES(applied_by), tool_version = VALUES(tool_version)
        """
    }
}

extension MigrationLedger {
    /// The same with a file under its new name.
    mutating func rename(_ rename: MigrationSurvey.Rename) {
        for index in entries.indices where entries[index].filename == rename.from {
            entries[index].filename = rename.to
        }
    }

    /// Writes a new name.
    static func write(_ rename: MigrationSurvey.Rename, in database: String, _ session: MariaDBHandle) throws {
        // A row without success, which another tool left under the new name, says nothing any more.
        try session.execute(
            "DELETE FROM \(table(database)) WHERE filename = \(rename.to) AND NOT success")
        try session.execute(
            "UPDATE \(table(database)) SET filename = \(rename.to) WHERE filename = \(rename.from)")
    }

    /// Writes the checksums of a file that is applied, or of one that is taken for applied as it is now.
    static func write(_ checksums: MigrationSurvey.Checksums, in database: String, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            UPDATE \(table(database)) SET checksum = \(checksums.checksum), sql_checksum = \(checksums.sqlChecksum)
            WHERE filename = \(checksums.file)
            """)
    }

    /// Takes a file for applied that nobody ran here.
    static func adopt(_ script: MigrationScript, in database: String, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            INSERT INTO \(table(database))
                (filename, success, checksum, sql_checksum, statements, applied_by, tool_version)
            VALUES (\(script.file.name), TRUE, \(script.checksum), \(script.sqlChecksum), \(script.statements.count),
                CURRENT_USER(), \(ToolVersion.current))
            ON DUPLICATE KEY UPDATE success = TRUE, applied_at = CURRENT_TIMESTAMP, checksum = VALUES(checksum),
                sql_checksum = VALUES(sql_checksum), statements = VALUES(statements), applied_by = VALUES(applied_by),
                tool_version = VALUES(tool_version)
            """)
    }

    /// Removes a row that says that the file failed.
    static func removeFailed(_ file: String, in database: String, _ session: MariaDBHandle) throws {
        try session.execute("DELETE FROM \(table(database)) WHERE filename = \(file) AND NOT success")
    }

    private static func table(_ database: String) -> SQLQuery { "\(identifier: database).schema_version" }
}

extension MigrationLedger.Entry {
    init(_ row: DatabaseRow) {
        func optional(_ name: String) -> String? {
            row.columns.contains { $0.caseInsensitiveEquals(name) } ? row.text(name) : nil
        }
        filename = row.text("filename") ?? ""
        appliedAt = Date(timeIntervalSince1970: row.text("applied_unix").flatMap(Double.init) ?? 0)
        success = row.bool("success")
        checksum = optional("checksum")
        sqlChecksum = optional("sql_checksum")
    }
}
