/// One side of a comparison: a backup or a database, reduced to what tells whether two are the same.
struct BackupSide: Sendable {
    /// What makes an object of one side and one of the other the same. Names are compared by their bytes.
    struct Key: Hashable, Sendable {
        /// As people call it: `table`, `function` …
        let kind: String
        let name: [UInt8]

        init(_ kind: String, _ name: String) {
            self.kind = kind
            self.name = Array(name.utf8)
        }

        var text: String { String(decoding: name, as: UTF8.self) }
    }

    let origin: BackupDifference.Origin
    /// The statements of each object, without counters.
    private(set) var definitions: [Key: [UInt8]] = [:]
    /// The rows of each table; a table is missing here when they cannot be compared.
    private(set) var rows: [Key: RowChecksum] = [:]

    init(_ origin: BackupDifference.Origin) { self.origin = origin }

    /// Takes in statements of an object; several are put behind each other.
    mutating func add(_ kind: SchemaObject.Kind, _ name: String, sql: [UInt8]) {
        definitions[Key(kind.rawValue, name), default: []] += Self.definition(kind, sql)
    }

    mutating func add(rows sum: RowChecksum, of table: String) {
        rows[Key(SchemaObject.Kind.table.rawValue, table)] = sum
    }

    /// The next value of a table or a sequence changes with every row, so it is no part of what they are.
    private static func definition(_ kind: SchemaObject.Kind, _ sql: [UInt8]) -> [UInt8] {
        switch kind {
        case .table: return SchemaCounter.removed(from: sql)
        case .sequence:
            let lines = sql.split(separator: ASCII.lineFeed, omittingEmptySubsequences: false)
            return Array(lines.filter { !$0.starts(with: "DO SETVAL(".utf8) }.joined(separator: [ASCII.lineFeed]))
        default: return sql
        }
    }
}
