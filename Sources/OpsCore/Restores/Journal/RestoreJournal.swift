import Foundation

/// Three tables in a schema of a restore: what the restore is and how far it has come, the statements of all objects that
/// are not moved but made again, for the tables on both sides, and which members of the archive are loaded.
///
/// So whatever happens to the process or to the backup's file, the schema itself tells what to do next, and holds all that
/// is needed for it.
struct RestoreJournal: Sendable {
    /// Which tables the objects belong to.
    enum Side: String, Sendable {
        /// Those that were in the database.
        case old
        /// Those of the backup.
        case new
        /// The indexes that are made when the rows are loaded.
        case keys

        /// The other one of the two sides of an exchange.
        var other: Side { self == .new ? .old : .new }
    }

    /// An object with the statements that make it.
    struct Object: Sendable, Equatable {
        var kind: String
        var name: String
        var script: [UInt8]
    }

    static let tables = [SchemaToolkitTable.restore, .restoreObject, .restoreMember].map(\.rawValue)

    /// Where the tables lie.
    let schema: String

    init(schema: RestoreSchemaName) { self.schema = schema.text }

    /// The one that lies among the tables of a database: of a restore in place, or in a schema of a restore.
    init(database: DatabaseSettings) { schema = database.database }

    private var records: SQLQuery { table(0) }
    private var objects: SQLQuery { table(1) }
    var members: SQLQuery { table(2) }

    private func table(_ number: Int) -> SQLQuery { "\(identifier: schema).\(identifier: Self.tables[number])" }

    // MARK: - Writing

    func make(_ record: RestoreRecord, _ session: MariaDBHandle) throws {
        try makeTables(session)
        try begin(record, session)
    }

    /// Makes its tables where they are missing. While they are empty, nothing has begun.
    func makeTables(_ session: MariaDBHandle) throws {
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS \(records) (
                id TINYINT NOT NULL PRIMARY KEY, phase VARCHAR(20) NOT NULL, archive VARCHAR(1000) NOT NULL,
                archive_sha256 VARCHAR(64) NULL,
                safety_backup VARCHAR(1000) NULL, table_count BIGINT NOT NULL, row_count BIGINT NOT NULL,
                only_tables MEDIUMTEXT NULL, definer VARCHAR(20) NOT NULL,
                undo_on_failure BOOLEAN NOT NULL, missing TEXT NULL, started_at DATETIME NOT NULL, updated_at DATETIME NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='sysndd-ctl'
            """)
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS \(objects) (
                side VARCHAR(8) NOT NULL, ordinal INT NOT NULL, kind VARCHAR(20) NOT NULL, name VARCHAR(300) NOT NULL,
                script LONGBLOB NOT NULL, PRIMARY KEY (side, ordinal)
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='sysndd-ctl'
            """)
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS \(members) (position BIGINT NOT NULL PRIMARY KEY)
            ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='sysndd-ctl'
            """)
    }

    /// Says that a restore begins, in place of what it said before.
    func begin(_ record: RestoreRecord, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            REPLACE INTO \(records) VALUES (1, \(record.phase.rawValue), \(record.archive), \(record.archiveSHA256),
                \(record.safetyBackup), \(record.tables), \(record.rows), \(record.scope.text),
                \(record.definer.rawValue), \(record.undoesOnFailure ? 1 : 0), \(record.missing), UTC_TIMESTAMP(), UTC_TIMESTAMP())
            """)
    }

    /// Says that nothing of the archive is loaded.
    func forgetLoad(_ session: MariaDBHandle) throws {
        try session.execute("DELETE FROM \(members)")
        try session.execute("DELETE FROM \(objects)")
    }

    func note(_ phase: RestorePhase, missing: String? = nil, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            UPDATE \(records) SET phase = \(phase.rawValue), missing = \(missing), updated_at = UTC_TIMESTAMP()
            WHERE id = 1
            """)
    }

    /// Sees to it that what it says outlives the server, also where commits are not flushed: InnoDB writes its log to the disk
    /// for a statement that makes a table anew. For what no transaction covers: MariaDB keeps triggers in files of their own,
    /// and events in a table of another engine.
    func persist(_ session: MariaDBHandle) throws {
        try session.execute("ALTER TABLE \(records) FORCE")
    }

    /// Puts the objects of one side in place of those that were kept for it.
    func keep(_ objects: [Object], as side: Side, _ session: MariaDBHandle) throws {
        // What was kept before may be all that is known of an object that was dropped.
        try session.execute("START TRANSACTION")
        try session.execute("DELETE FROM \(self.objects) WHERE side = \(side.rawValue)")
        for (ordinal, object) in objects.enumerated() {
            let digits = object.script.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            try session.execute(
                """
                INSERT INTO \(self.objects) VALUES (\(side.rawValue), \(ordinal), \(object.kind), \(object.name),
                    \(SQLQuery(unquoted: "X'\(digits)'")))
                """)
        }
        try session.execute("COMMIT")
    }

    /// Removes it.
    func drop(_ session: MariaDBHandle) throws {
        try session.execute("DROP TABLE IF EXISTS \(members), \(objects), \(records)")
    }

    // MARK: - Reading

    /// Nil where there is no journal, or an empty one: nothing had begun.
    func record(_ session: MariaDBHandle) throws -> RestoreRecord? {
        do {
            return try session.query(
                """
                SELECT phase, archive, archive_sha256, safety_backup, table_count, row_count, only_tables, definer,
                    undo_on_failure, missing, DATE_FORMAT(started_at, '%Y-%m-%dT%H:%i:%sZ') AS started
                FROM \(records) WHERE id = 1
                """
            ).first.flatMap(RestoreRecord.init)
        } catch let error as DatabaseError where error.kind == .unknownTable {
            return nil
        }
    }

    func kept(_ side: Side, _ session: MariaDBHandle) throws -> [Object] {
        try session.query("SELECT kind, name, script FROM \(objects) WHERE side = \(side.rawValue) ORDER BY ordinal")
            .map { Object(kind: $0.text(0) ?? "", name: $0.text(1) ?? "", script: $0.values[2] ?? []) }
    }
}

extension RestoreRecord {
    fileprivate init?(_ row: DatabaseRow) {
        guard let phase = RestorePhase(rawValue: row.text("phase") ?? "") else { return nil }
        self.init(
            phase: phase, archive: row.text("archive") ?? "", archiveSHA256: row.text("archive_sha256"),
            safetyBackup: row.text("safety_backup"),
            tables: row.int("table_count") ?? 0, rows: row.int("row_count") ?? 0,
            scope: RestoreScope(text: row.text("only_tables")),
            definer: DefinerPolicy(rawValue: row.text("definer") ?? "") ?? .keep,
            undoesOnFailure: row.bool("undo_on_failure"), missing: row.text("missing"),
            startedAt: row.text("started") ?? "")
    }
}
