import OpsCore
import TestSupport
import Testing

/// Proves the forms of ``TableColumnDefinition/Format``: every value of the corpus, read and written as its column says,
/// is the same value afterwards.
@Suite struct SchemaFormatTests {
    @Test(arguments: TestTarget.all)
    func everyValueOfTheCorpusComesBackBitForBit(_ target: TestTarget) async throws {
        let oracle = SchemaOracle(target: target)
        try await TestDatabase.with(on: target) { settings in
            try await oracle.loadCorpus(into: settings)
            let source = try await DatabaseConnection(settings)
            let schema = try await source.schema()
            try await TestDatabase.with(on: target) { other in
                let first = schema.objects(in: .beforeRows).flatMap(\.sql)
                let script = Array(SchemaHeader.begin.utf8) + first + Array(SchemaHeader.end.utf8)
                try await oracle.restore(script, into: other)
                let copy = try await DatabaseConnection(other)
                for connection in [source, copy] { try await connection.prepareForRows() }
                for table in schema.tables where table.hasOwnRows {
                    let rows = try await source.query(SQLQuery(unquoted: table.selection))
                    for row in rows { try await copy.run(table.insert(row)) }
                    let expected = try await source.fingerprints(of: table)
                    #expect(try await copy.fingerprints(of: table) == expected, "\(table.name)")
                    #expect(expected.count == rows.count)
                }
            }
        }
    }
}

extension DatabaseConnection {
    fileprivate func prepareForRows() async throws {
        try await run(
            "SET SESSION time_zone = '+00:00', sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0")
        if serverVersion.contains("MariaDB") { try await run("SET SESSION check_constraint_checks = 0") }
    }

    /// One text a row that tells different values apart, sorted.
    fileprivate func fingerprints(of table: TableDefinition) async throws -> [String] {
        // The period columns of a system-versioned table are the server's own.
        let columns = (table.isSystemVersioned ? table.storedColumns : table.columns).map { column in
            switch column.format {
            case .float, .double: column.selectExpression
            default: "HEX(\(SQLQuery.identifier(column.name)))"
            }
        }
        let rows = try await query(
            SQLQuery(unquoted: "SELECT \(columns.joined(separator: ", ")) FROM \(SQLQuery.identifier(table.name))"))
        return rows.map { row in columns.indices.map { row.text($0) ?? "NULL" }.joined(separator: "|") }.sorted()
    }
}

extension TableDefinition {
    fileprivate var selection: String {
        let columns = storedColumns.map(\.selectExpression)
        return "SELECT \(columns.isEmpty ? "1" : columns.joined(separator: ", ")) FROM \(SQLQuery.identifier(name))"
    }

    fileprivate func insert(_ row: DatabaseRow) -> String {
        let names = storedColumns.map { SQLQuery.identifier($0.name) }.joined(separator: ", ")
        let values = zip(storedColumns, row.values).map { $0.format.literal($1) }.joined(separator: ", ")
        return "INSERT INTO \(SQLQuery.identifier(name)) (\(names)) VALUES (\(values))"
    }
}

extension TableColumnDefinition.Format {
    fileprivate func literal(_ value: [UInt8]?) -> String {
        guard let value else { return "NULL" }
        let text = String(decoding: value, as: UTF8.self)
        let digits = { value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
        return switch self {
        case .number: text
        case .float, .double: text == "-0" ? "-0e0" : text
        case .text: SQLQuery.literal(text)
        case .quoted: "'\(text)'"
        case .binary: "X'\(digits())'"
        case .encodedText(let characterSet): "_\(characterSet) X'\(digits())'"
        }
    }
}
