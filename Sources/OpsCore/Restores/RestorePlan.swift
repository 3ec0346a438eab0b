/// What moves where when the tables of a database are exchanged for those of another schema: a plain value.
///
/// One RENAME TABLE does it all: every table of the database goes out, every table of the incoming schema takes its place,
/// and the restore's journal goes to where the old tables are. So where the journal lies tells whether the exchange
/// happened.
struct RestorePlan: Sendable, Equatable {
    /// The tables and sequences that leave the database.
    let outgoing: [String]
    /// Those of them that can be locked, which sequences cannot.
    let lockable: [String]
    /// Those that take their place.
    let incoming: [String]
    /// Views of the database that stand in the way of a table.
    let obstructing: [String]
    /// Tables of the toolkit that stay, or stay out.
    let kept: [String]
    /// Tables that the database has and will not have.
    let gone: [String]

    /// - Parameters:
    ///   - live: what the database has.
    ///   - shadow: what is to take its place.
    ///   - scope: the tables that the restore is about; all others stay.
    /// - Throws: ``RestoreError`` when a name is reserved for the toolkit.
    init(live: [RestoreRelation], shadow: [RestoreRelation], scope: RestoreScope = .whole) throws {
        let staying = Set(live.filter(\.isToolkit).map { Array($0.name.utf8) })
        let leaving = live.filter { $0.kind != .view && !$0.isToolkit && scope.contains($0.name) }
        let candidates = shadow.filter {
            $0.kind != .view && !RestoreJournal.tables.contains($0.name) && scope.contains($0.name)
        }
        let coming = candidates.filter { !$0.isToolkit || !staying.contains(Array($0.name.utf8)) }
        let names = Set(coming.map { Array($0.name.utf8) })
        if let taken = coming.first(where: { staying.contains(Array($0.name.utf8)) })
            ?? leaving.first(where: Self.isReserved)
        {
            throw RestoreError.reserved(taken.name)
        }
        outgoing = leaving.map(\.name)
        lockable = leaving.filter { $0.kind == .table }.map(\.name)
        incoming = coming.map(\.name)
        obstructing = live.filter { $0.kind == .view && names.contains(Array($0.name.utf8)) }.map(\.name)
        kept = live.filter(\.isToolkit).map(\.name)
        gone = leaving.filter { $0.kind == .table && !names.contains(Array($0.name.utf8)) }.map(\.name)
    }

    private static func isReserved(_ relation: RestoreRelation) -> Bool {
        RestoreJournal.tables.contains(relation.name)
    }

    /// The statement that does it.
    func rename(database: String, incoming source: String, outgoing target: String) -> SQLQuery {
        let moves =
            outgoing.map { Self.move($0, database, target) } + incoming.map { Self.move($0, source, database) }
            + RestoreJournal.tables.map { Self.move($0, source, target) }
        return SQLQuery(unquoted: "RENAME TABLE " + moves.joined(separator: ", "))
    }

    private static func move(_ table: String, _ from: String, _ to: String) -> String {
        let name = SQLQuery.identifier(table)
        return "\(SQLQuery.identifier(from)).\(name) TO \(SQLQuery.identifier(to)).\(name)"
    }
}

extension RestoreError {
    /// The archive or the database has a table of the user's under a name that the toolkit needs.
    static func reserved(_ name: String) -> Self {
        Self(
            "RESTORE_NAME_RESERVED", "there is a table \(name) that is not the toolkit's, whose name it needs",
            hint: "rename it, or restore into another database with --into", exit: .badInput)
    }
}
