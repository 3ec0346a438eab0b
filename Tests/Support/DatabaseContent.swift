import OpsCore

/// Everything in a database but the toolkit's own tables, for comparisons: definitions and all rows.
public struct DatabaseContent: Equatable, Sendable {
    /// One text an object or row, in a fixed order.
    public let lines: [String]

    public init(_ database: DatabaseSettings) async throws {
        let connection = try await DatabaseConnection(database)
        var lines: [String] = []
        let tables = try await connection.query(
            """
            SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
                AND TABLE_NAME NOT LIKE 'schema\\_version%' AND TABLE_NAME NOT LIKE 'sysndd\\_ctl\\_%' ORDER BY 1
            """)
        for table in tables {
            let name = table.text(0) ?? ""
            lines += try await Self.text(connection, "SHOW CREATE TABLE \(identifier: name)", columns: [1])
            guard table.text(1) == "BASE TABLE" else { continue }
            lines += try await Self.text(connection, "SELECT * FROM \(identifier: name)").sorted().map {
                "\(name): \($0)"
            }
        }
        for (kind, list, column) in Self.programs {
            let names = try await connection.query(list)
            for name in names.compactMap({ $0.text(0) }) {
                let query: SQLQuery = "SHOW CREATE \(SQLQuery(unquoted: kind)) \(identifier: name)"
                lines += try await Self.text(connection, query, columns: [column])
            }
        }
        self.lines = lines
    }

    private static let programs: [(String, SQLQuery, Int)] = [
        (
            "PROCEDURE",
            """
            SELECT ROUTINE_NAME FROM information_schema.ROUTINES
            WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PROCEDURE' ORDER BY 1
            """, 2
        ),
        (
            "FUNCTION",
            """
            SELECT ROUTINE_NAME FROM information_schema.ROUTINES
            WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'FUNCTION' ORDER BY 1
            """, 2
        ),
        (
            "TRIGGER",
            "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1", 2
        ),
    ]

    private static func text(
        _ connection: DatabaseConnection, _ query: SQLQuery, columns: [Int]? = nil
    ) async throws -> [String] {
        try await connection.query(query).map { row in
            (columns ?? Array(row.values.indices)).map { row.text($0) ?? "NULL" }.joined(separator: "\t")
        }
    }
}
