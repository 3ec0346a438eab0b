/// A foreign key between a table that is restored and one that stays.
///
/// It would follow its tables out of the database, and what is kept of the old rows would go on to forbid deletions in the
/// tables that stay. So it is dropped before the exchange and made after it, like a trigger.
struct RestoreForeignKey: Sendable, Equatable {
    /// What the journal calls it.
    static let kind = "foreign key"

    /// The table whose rows point to others.
    let table: String
    let name: String
    /// The table that they point to.
    let parent: String
    /// `CONSTRAINT … FOREIGN KEY … REFERENCES …`, as the server writes it.
    let clause: [UInt8]

    var object: RestoreJournal.Object {
        let head = Array("ALTER TABLE \(SQLQuery.identifier(table)) ADD ".utf8)
        return RestoreJournal.Object(
            kind: Self.kind, name: Self.prefix(table) + SQLQuery.identifier(name),
            script: head + clause + Array(";\n".utf8))
    }

    /// How the journal's names of a table's foreign keys begin. Quoted, because a table's name may hold a dot.
    static func prefix(_ table: String) -> String { SQLQuery.identifier(table) + "." }

    func drop(in database: String, _ session: MariaDBHandle) throws {
        try session.execute(
            "ALTER TABLE \(identifier: database).\(identifier: table) DROP FOREIGN KEY \(identifier: name)")
    }

    /// Those of a database of which one table is in the scope and the other is not.
    static func edges(
        of scope: RestoreScope, in database: String, _ session: MariaDBHandle
    ) throws -> [RestoreForeignKey] {
        let rows = try session.query(
            """
            SELECT TABLE_NAME AS tab, CONSTRAINT_NAME AS name, REFERENCED_TABLE_NAME AS parent
            FROM information_schema.REFERENTIAL_CONSTRAINTS
            WHERE CONSTRAINT_SCHEMA = \(database) AND UNIQUE_CONSTRAINT_SCHEMA = \(database) ORDER BY 1, 2
            """)
        return try rows.compactMap { row in
            guard let table = row.text("tab"), let name = row.text("name"), let parent = row.text("parent"),
                scope.contains(table) != scope.contains(parent)
            else { return nil }
            let definition = try session.query("SHOW CREATE TABLE \(identifier: database).\(identifier: table)").first
            guard let text = definition?.values[1], let clause = clause(of: name, in: text) else {
                throw RestoreError.unreadable(table, name)
            }
            return RestoreForeignKey(table: table, name: name, parent: parent, clause: clause)
        }
    }

    /// The identities of all that a database has.
    static func identities(_ database: String, _ session: MariaDBHandle) throws -> Set<[UInt8]> {
        let rows = try session.query(
            """
            SELECT TABLE_NAME, CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
            WHERE CONSTRAINT_SCHEMA = \(database)
            """)
        return Set(
            rows.map { Array("\(kind) \(prefix($0.text(0) ?? ""))\(SQLQuery.identifier($0.text(1) ?? ""))".utf8) })
    }

    /// The clause in a CREATE TABLE that a server has written.
    static func clause(of name: String, in definition: [UInt8]) -> [UInt8]? {
        let tokens = SchemaTokens(definition).filter { $0.kind != .comment }
        for (index, token) in tokens.enumerated() where token.keyword(in: definition) == "constraint" {
            guard index + 2 < tokens.count, tokens[index + 1].identifier(in: definition) == Array(name.utf8),
                tokens[index + 2].keyword(in: definition) == "foreign"
            else { continue }
            var depth = 0
            for next in tokens[index...] {
                switch next.kind {
                case .symbol(UInt8(ascii: "(")): depth += 1
                case .symbol(UInt8(ascii: ")")): depth -= 1
                default: break
                }
                if depth < 0 || depth == 0 && next.kind == .symbol(UInt8(ascii: ",")) {
                    return Array(definition[token.range.lowerBound..<next.range.lowerBound])
                        .trimming(while: ASCII.isInvisible)
                }
            }
        }
        return nil
    }
}

extension [UInt8] {
    fileprivate func trimming(while isDropped: (UInt8) -> Bool) -> [UInt8] {
        Array(self[...].trimming(while: isDropped))
    }
}

extension RestoreJournal.Object {
    /// Whether it is a foreign key of one of some tables.
    func isForeignKey(of scope: RestoreScope) -> Bool {
        kind == RestoreForeignKey.kind
            && (scope.tables ?? []).contains { name.utf8.starts(with: RestoreForeignKey.prefix($0).utf8) }
    }
}

extension RestoreError {
    static func unreadable(_ table: String, _ name: String) -> Self {
        Self("RESTORE_UNREADABLE", "the definition of \(table) does not show its foreign key \(name)")
    }
}
