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
            let rows = try session.query(
                "SELECT filename, UNIX_TIMESTAMP(applied_at) AS at, success FROM schema_version")
            exists = true
            entries = rows.map { row in
                Entry(
                    filename: row.text("filename") ?? "",
                    appliedAt: Date(timeIntervalSince1970: row.text("at").flatMap(Double.init) ?? 0),
                    success: row.bool("success"))
            }
        } catch let error as DatabaseError where error.kind == .unknownTable {
            self = .empty
        } catch let error as DatabaseError where error.number == 1054 {
            throw MigrationError.ledgerShape(["filename, applied_at or success"])
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
    static func record(
        _ applied: MigrationResult.Applied, checksum: String, in database: String, _ session: MariaDBHandle
    ) throws {
        try session.execute(
            """
            INSERT INTO \(identifier: database).schema_version
                (filename, success, checksum, statements, duration_ms, applied_by, tool_version)
            VALUES (\(applied.file), TRUE, \(checksum), \(applied.statements), \(applied.durationMs),
                CURRENT_USER(), \(ToolVersion.current))
            ON DUPLICATE KEY UPDATE success = TRUE, applied_at = CURRENT_TIMESTAMP, checksum = VALUES(checksum),
                statements = VALUES(statements), duration_ms = VALUES(duration_ms),
                applied_by = VALUES(applied_by), tool_version = VALUES(tool_version)
            """)
    }
}
