/// One column of the key by which a table is read in ranges.
struct KeyRangeColumn: Sendable, Equatable {
    /// How a value of the column is fetched and written, so that comparing with it is comparing with the value itself.
    enum Kind: Sendable, Equatable {
        /// A whole number.
        case integer
        /// A value whose printed form in quotes is converted to exactly that value: decimals, dates and the like.
        case printed
        /// Text, compared by the column's own collation: a literal in the column's character set adopts it.
        case text(characterSet: String)
        /// Bytes.
        case bytes
    }

    let name: String
    let kind: Kind

    /// What to select to get a value that ``literal(_:)`` takes.
    var selection: String {
        switch kind {
        case .integer, .printed: SQLQuery.identifier(name)
        case .text, .bytes: "HEX(\(SQLQuery.identifier(name)))"
        }
    }

    /// The selected value as a literal.
    func literal(_ value: String) -> String {
        switch kind {
        case .integer: value
        case .printed: "'\(value)'"
        case .text(let characterSet): "_\(characterSet) X'\(value)'"
        case .bytes: "X'\(value)'"
        }
    }
}

extension KeyRangeColumn {
    private static let printedTypes: Set = [
        "decimal", "year", "date", "time", "datetime", "timestamp", "uuid", "inet4", "inet6",
    ]

    /// Nil for a type whose values cannot be compared with a literal in the order of an index: an ENUM is sorted by its
    /// numbers and compared by its text, a FLOAT is not what it prints.
    init?(_ column: TableColumnDefinition) {
        let kind: Kind? =
            switch column.dataType {
            case _ where column.isInteger: .integer
            case "char", "varchar":
                column.characterSet.map { $0 == "binary" ? .bytes : .text(characterSet: $0) } ?? .bytes
            case "binary", "varbinary": .bytes
            case let type where Self.printedTypes.contains(type): .printed
            default: nil
            }
        guard let kind else { return nil }
        self.init(name: column.name, kind: kind)
    }
}
