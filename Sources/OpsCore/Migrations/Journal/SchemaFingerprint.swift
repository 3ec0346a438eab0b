import Crypto
import Foundation

/// What a DDL statement would change, as a hash: it is taken before the statement and, after a crash, again. The counters of
/// AUTO_INCREMENT are left out, because others move them.
enum SchemaFingerprint {
    /// - Parameter objects: nil for the whole schema `database`.
    static func read(_ objects: [NamedObject]?, in database: String, _ session: MariaDBHandle) throws -> String {
        var hash = SHA256()
        if let objects {
            for object in objects { try add(object, to: &hash, session) }
        } else {
            for query in queries(database) { try add(query, to: &hash, session) }
        }
        return StatementChecksum.hexadecimal(hash.finalize())
    }

    private static func add(_ object: NamedObject, to hash: inout SHA256, _ session: MariaDBHandle) throws {
        do {
            try add(query(object), to: &hash, session)
        } catch let error as DatabaseError where !error.isConnectionLost && !Self.isPassing(error) {
            // An object that is not there, most often.
            add(error, to: &hash)
        }
    }

    private static func query(_ object: NamedObject) -> SQLQuery {
        "SHOW CREATE \(SQLQuery(unquoted: object.kind.rawValue)) \(object.qualifiedName)"
    }

    private static func add(_ error: DatabaseError, to hash: inout SHA256) {
        hash.update(data: Array("error \(error.number)".utf8))
    }

    /// Errors that tell nothing about the object.
    private static func isPassing(_ error: DatabaseError) -> Bool {
        [.interrupted, .lockWaitTimeout, .deadlock].contains(error.kind)
    }

    private static func add(_ query: SQLQuery, to hash: inout SHA256, _ session: MariaDBHandle) throws {
        add(try session.query(query), to: &hash)
    }

    private static func add(_ rows: ResultSet, to hash: inout SHA256) {
        for row in rows {
            for value in row.values {
                hash.update(data: value.map { withoutCounters($0) } ?? [0xFF])
                hash.update(data: [0])
            }
        }
    }

    // MARK: - Together with another statement

    /// What to ask behind another statement, in place of ``read(_:in:_:)``; nil where that takes more than one query, or
    /// one whose answer may be about something else.
    static func question(_ objects: [NamedObject]?) -> SQLQuery? {
        guard let objects, objects.count == 1, objects[0].kind == .table, objects[0].schema != nil else { return nil }
        return query(objects[0])
    }

    /// The fingerprint that the answer gives; nil where the answer tells nothing. A temporary table hides the one that is
    /// meant.
    static func of(_ answer: Result<ResultSet, DatabaseError>) -> String? {
        var hash = SHA256()
        switch answer {
        case .success(let rows):
            guard let row = rows.first, row.values.count > 1, let text = row.text(1),
                !text.hasPrefix("CREATE TEMPORARY")
            else { return nil }
            add(rows, to: &hash)
        case .failure(let error) where error.kind == .unknownTable: add(error, to: &hash)
        case .failure: return nil
        }
        return StatementChecksum.hexadecimal(hash.finalize())
    }

    private static func withoutCounters(_ text: [UInt8]) -> [UInt8] {
        let mark = Array(" AUTO_INCREMENT=".utf8)
        guard let start = text.firstRange(of: mark) else { return text }
        return Array(text[..<start.lowerBound]) + text[start.upperBound...].drop(while: ASCII.isDigit)
    }

    private static func queries(_ database: String) -> [SQLQuery] {
        let own: SQLQuery = "NOT LIKE 'schema\\_version%' AND TABLE_NAME NOT LIKE 'sysndd\\_ctl\\_%'"
        return [
            """
            SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT
            FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(database) AND TABLE_NAME \(own) ORDER BY 1
            """,
            """
            SELECT TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, COLUMN_DEFAULT, IS_NULLABLE, COLUMN_TYPE, COLLATION_NAME,
                EXTRA, COLUMN_COMMENT, GENERATION_EXPRESSION
            FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = \(database) AND TABLE_NAME \(own) ORDER BY 1, 3
            """,
            """
            SELECT TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE, SUB_PART, INDEX_TYPE
            FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = \(database) AND TABLE_NAME \(own) ORDER BY 1, 2, 3
            """,
            """
            SELECT TABLE_NAME, CONSTRAINT_NAME, UPDATE_RULE, DELETE_RULE, REFERENCED_TABLE_NAME
            FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = \(database) ORDER BY 1, 2
            """,
            """
            SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
            WHERE CONSTRAINT_SCHEMA = \(database) ORDER BY 1, 2
            """,
            """
            SELECT TABLE_NAME, PARTITION_NAME, PARTITION_METHOD, PARTITION_EXPRESSION, PARTITION_DESCRIPTION
            FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = \(database) AND PARTITION_NAME IS NOT NULL ORDER BY 1, 2
            """,
            """
            SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE
            FROM information_schema.VIEWS WHERE TABLE_SCHEMA = \(database) ORDER BY 1
            """,
            """
            SELECT ROUTINE_TYPE, ROUTINE_NAME, ROUTINE_DEFINITION, DEFINER, CREATED, LAST_ALTERED
            FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = \(database) ORDER BY 1, 2
            """,
            """
            SELECT TRIGGER_NAME, ACTION_STATEMENT, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, CREATED
            FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = \(database) ORDER BY 1
            """,
            """
            SELECT EVENT_NAME, EVENT_DEFINITION, STATUS, INTERVAL_VALUE, INTERVAL_FIELD, EXECUTE_AT, CREATED
            FROM information_schema.EVENTS WHERE EVENT_SCHEMA = \(database) ORDER BY 1
            """,
        ]
    }
}
