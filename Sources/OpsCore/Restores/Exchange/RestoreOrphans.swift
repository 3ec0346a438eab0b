/// Looks for rows that point to nothing once some tables of a database are restored and others are not.
struct RestoreOrphans {
    let key: RestoreForeignKey
    /// The schema in which the table is that has the foreign key.
    let home: String
    /// The schema in which the rows of that table are.
    let rows: String
    /// The schema in which the rows are that it will point to.
    let parents: String

    /// How many rows there are whose parent is missing.
    func count(_ session: MariaDBHandle) throws -> Int {
        let columns = try session.query(
            """
            SELECT COLUMN_NAME AS own, REFERENCED_COLUMN_NAME AS parent FROM information_schema.KEY_COLUMN_USAGE
            WHERE CONSTRAINT_SCHEMA = \(home) AND TABLE_NAME = \(key.table) AND CONSTRAINT_NAME = \(key.name)
            ORDER BY ORDINAL_POSITION
            """)
        let pairs = columns.map { (own: quoted("c", $0.text("own")), parent: quoted("p", $0.text("parent"))) }
        guard let first = pairs.first else { return 0 }
        let join = pairs.map { "\($0.own) = \($0.parent)" }.joined(separator: " AND ")
        let isSet = pairs.map { "\($0.own) IS NOT NULL" }.joined(separator: " AND ")
        let text = """
            SELECT COUNT(*) FROM \(name(rows, key.table)) c LEFT JOIN \(name(parents, key.parent)) p ON \(join)
            WHERE \(isSet) AND \(first.parent) IS NULL
            """
        return try session.query(SQLQuery(unquoted: text)).first?.int(0) ?? 0
    }

    private func quoted(_ alias: String, _ column: String?) -> String {
        "\(alias).\(SQLQuery.identifier(column ?? ""))"
    }

    private func name(_ schema: String, _ table: String) -> String {
        "\(SQLQuery.identifier(schema)).\(SQLQuery.identifier(table))"
    }
}

extension RestoreError {
    static func orphans(_ findings: [String], hint: String) -> Self {
        Self(
            "RESTORE_ORPHANS",
            "rows would point to nothing, nothing was exchanged: \(findings.joined(separator: "; "))", hint: hint,
            exit: .badInput)
    }
}
