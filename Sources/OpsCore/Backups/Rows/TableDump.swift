/// What it takes to read one table and to write its rows.
struct TableDump: Sendable {
    let table: String
    private let columns: [TableColumnDefinition]
    /// Nil where the table can only be read as a whole.
    private let key: KeyRangeKey?
    private let estimatedBytes: Int
    let estimatedRows: Int

    /// The rows of a table; generated columns are left out, as no server lets them be written.
    init(_ table: TableDefinition) {
        self.table = table.name
        columns = table.storedColumns
        key = table.key.flatMap(KeyRangeKey.init)
        estimatedRows = table.estimatedRows
        estimatedBytes = table.dataLength
    }

    /// How many bytes of SQL a range should come to, a few members: less would cost queries, more would let the members
    /// of one range wait for those of the range before it.
    static let rangeSize = 12 << 20

    /// The statement that reads a range. SQL_NO_CACHE keeps MariaDB's query cache, where there is one, for others.
    func query(for range: KeyRange) -> SQLQuery {
        // Of a table with nothing but generated columns, only the number of its rows is written.
        let selection = columns.isEmpty ? "NULL" : columns.map(\.selectExpression).joined(separator: ", ")
        let part = key.flatMap { key in range.condition(on: key.columns).map { key.hint + " WHERE \($0)" } } ?? ""
        return SQLQuery(unquoted: "SELECT SQL_NO_CACHE \(selection) FROM \(SQLQuery.identifier(table))\(part)")
    }

    /// Hands over the rows of a range. Whoever compares rows with those of an archive reads them this way too: how a DOUBLE is
    /// written depends on it.
    /// - Throws: ``DatabaseError``; what `row` throws.
    func stream(_ range: KeyRange, over session: MariaDBHandle, row: (MariaDBHandle.RawRow) throws -> Void) throws {
        let query = query(for: range)
        if columns.contains(where: { $0.format == .double || $0.format == .float }) {
            try session.streamBinary(query, row: row)
        } else {
            try session.streamRaw(query, row: row)
        }
    }

    /// What writes its rows.
    func writer() -> RowWriter {
        let names = columns.map { SQLQuery.identifier($0.name) }.joined(separator: ", ")
        return RowWriter(
            prefix: "INSERT INTO \(SQLQuery.identifier(table)) (\(names)) VALUES\n",
            columns: columns.map { RowColumn($0.format) })
    }

    /// Cuts the table into ranges; nil for a table that is better read at once.
    func cursor() -> KeyRangeCursor? {
        guard let key, estimatedBytes > Self.rangeSize else { return nil }
        let bytesPerRow = estimatedBytes / max(1, estimatedRows)
        return KeyRangeCursor(
            table: table, key: key, step: KeyRangeStep(target: Self.rangeSize, bytesPerRow: bytesPerRow))
    }
}
