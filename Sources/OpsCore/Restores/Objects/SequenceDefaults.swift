/// The defaults of columns that draw from a sequence. MariaDB keeps the schema of the sequence in them, and it stays the one
/// where the table was made.
struct SequenceDefaults {
    /// The schema of the tables.
    let schema: String

    /// Lets those that draw from a sequence of one of some schemas draw from one of the same name in another.
    func point(to target: String, from sources: [String], _ session: MariaDBHandle) throws {
        let rows = try session.query(
            """
            SELECT TABLE_NAME AS tab, COLUMN_NAME AS col, COLUMN_DEFAULT AS def FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = \(schema) AND COLUMN_DEFAULT LIKE '%val(`%'
            """)
        var changes: [String: [String]] = [:]
        for row in rows {
            guard let table = row.text("tab"), let column = row.text("col"), let text = row.text("def") else {
                continue
            }
            let corrected = sources.reduce(text) { text, source in
                text.replacing(
                    "val(\(SQLQuery.identifier(source)).", with: "val(\(SQLQuery.identifier(target)).")
            }
            guard corrected != text else { continue }
            changes[SQLQuery.identifier(table), default: []].append(
                "ALTER COLUMN \(SQLQuery.identifier(column)) SET DEFAULT (\(corrected))")
        }
        // All columns of a table at once: the server looks up the sequences of every one.
        for (table, parts) in changes {
            let statement = "ALTER TABLE \(SQLQuery.identifier(schema)).\(table) \(parts.joined(separator: ", "))"
            try session.execute(SQLQuery(unquoted: statement))
        }
    }
}
