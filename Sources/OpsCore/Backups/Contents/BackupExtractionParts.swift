/// The members of an archive that make one table.
struct BackupExtractionParts {
    let reader: ArchiveReader
    /// In the order in which a client can run them.
    let members: [ArchiveEntry]
    /// The sequences among them, by name.
    let sequences: [String]

    /// - Throws: ``BackupError`` with code `TABLE_NOT_IN_BACKUP`; ``ArchiveError``.
    init(of table: String, in backup: BackupReference) throws {
        reader = try backup.archive()
        let index = try reader.index().members
        let own = index.filter { $0.isOfTable(table) }
        guard let definition = own.first(where: { $0.kind == .table }) else {
            throw BackupError.tableNotFound(table, backup.name)
        }
        let drawn = Self.sequences(in: try reader.bytes(of: definition))
        let sources = index.filter { $0.kind == .sequence && drawn.contains(Array(($0.object ?? "").utf8)) }
        let triggers = index.filter { $0.kind == .trigger && $0.table?.utf8.elementsEqual(table.utf8) == true }
        members = sources + own + triggers
        sequences = sources.compactMap(\.object)
    }

    /// The names that stand in ``nextval(`name`)`` and its like, without the name of a database.
    static func sequences(in statements: [UInt8]) -> Set<[UInt8]> {
        let tokens = SchemaTokens(statements).filter { $0.kind != .comment }
        var names: Set<[UInt8]> = []
        for index in tokens.indices.dropLast(2) {
            guard ["nextval", "lastval", "setval"].contains(tokens[index].keyword(in: statements)),
                tokens[index + 1].kind == .symbol(UInt8(ascii: "(")), tokens[index + 2].kind == .name
            else { continue }
            names.insert(tokens[index + 2].identifier(in: statements))
        }
        return names
    }
}
