/// A unique key without NULLs whose order a reader can walk: the primary key, or the best one in its place.
public struct TableKeyDefinition: Sendable, Equatable {
    /// `PRIMARY` for the primary key.
    public let name: String
    /// Its columns, in the key's order.
    public let columns: [TableColumnDefinition]

    public var isPrimary: Bool { name == "PRIMARY" }
}

extension TableKeyDefinition {
    /// One column of a unique index, as information_schema.STATISTICS lists it.
    struct Part {
        var index: String
        /// Nil for an expression.
        var column: String?
        /// Only the beginning of the column is in the index.
        var isPrefix: Bool
        var indexType: String
        /// The optimizer leaves the index alone.
        var isHidden: Bool
    }

    /// The primary key, else the key with the fewest columns, integers first; nil when none serves.
    static func best(of parts: [Part], columns: [TableColumnDefinition]) -> TableKeyDefinition? {
        let byName = Dictionary(columns.map { (Array($0.name.utf8), $0) }, uniquingKeysWith: { first, _ in first })
        let keys = Dictionary(grouping: parts, by: \.index).compactMap { name, parts -> TableKeyDefinition? in
            guard parts.allSatisfy({ !$0.isPrefix && !$0.isHidden && $0.indexType == "BTREE" }) else { return nil }
            let columns = parts.compactMap { $0.column.flatMap { byName[Array($0.utf8)] } }
            guard columns.count == parts.count, columns.allSatisfy({ !$0.isNullable }) else { return nil }
            return TableKeyDefinition(name: name, columns: columns)
        }
        return keys.min { $0.rank < $1.rank }
    }

    private var rank: (Int, Int, Int, String) {
        (isPrimary ? 0 : 1, columns.count, columns.allSatisfy(\.isInteger) ? 0 : 1, name)
    }
}
