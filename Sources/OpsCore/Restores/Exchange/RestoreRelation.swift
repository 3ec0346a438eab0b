/// Something with a name like a table, as far as a swap of schemas is concerned with it.
struct RestoreRelation: Sendable, Equatable {
    enum Kind: Sendable {
        case table, sequence, view
    }

    let name: String
    let kind: Kind
    /// One of the toolkit's own tables, which stay where they are.
    let isToolkit: Bool

    init(_ name: String, _ kind: Kind = .table, isToolkit: Bool = false) {
        self.name = name
        self.kind = kind
        self.isToolkit = isToolkit
    }

    /// Lists a schema; the session may use another. In the order of the names' bytes.
    static func list(_ schema: String, _ session: MariaDBHandle) throws -> [RestoreRelation] {
        let rows = try session.query(
            """
            SELECT TABLE_NAME AS name, TABLE_TYPE AS type, TABLE_COMMENT AS comment
            FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(schema)
            """)
        return rows.compactMap { row -> RestoreRelation? in
            guard let name = row.text("name"), let kind = Kind(row.text("type") ?? "") else { return nil }
            let isToolkit = SchemaToolkitTable(name: name, comment: row.text("comment") ?? "") != nil
            return RestoreRelation(name, kind, isToolkit: isToolkit)
        }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

extension RestoreRelation.Kind {
    /// Nil for temporary tables, which belong to a session.
    fileprivate init?(_ type: String) {
        switch type {
        case "BASE TABLE", "SYSTEM VERSIONED": self = .table
        case "SEQUENCE": self = .sequence
        case "VIEW": self = .view
        default: return nil
        }
    }
}
