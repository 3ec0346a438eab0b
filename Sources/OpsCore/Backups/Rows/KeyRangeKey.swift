/// The key by which a table is read in ranges.
struct KeyRangeKey: Sendable, Equatable {
    /// The name of its index.
    let index: String
    /// Its columns, in order; never empty.
    let columns: [KeyRangeColumn]

    /// True for a key whose first column can be stepped through by adding.
    var beginsWithNumber: Bool { columns[0].kind == .integer }

    /// Without it, a server may rather read the whole table for a range, or sort it for its borders.
    var hint: String { " FORCE INDEX (\(SQLQuery.identifier(index)))" }
}

extension KeyRangeKey {
    /// The key of a table, or as much of its beginning as serves; nil when its first column does not.
    init?(_ definition: TableKeyDefinition) {
        index = definition.name
        columns = Array(definition.columns.lazy.map(KeyRangeColumn.init).prefix { $0 != nil }.compactMap(\.self))
        guard !columns.isEmpty else { return nil }
    }
}
