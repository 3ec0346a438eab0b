/// How an exchange went that has happened.
struct SchemaSwapOutcome: Sendable, Equatable {
    /// The objects that could not be made, and why.
    var missing: [String] = []
    /// What the operator should know.
    var notes: [String] = []

    /// All of it, for people.
    var lines: [String] { missing.map { "it lacks \($0)" } + notes }
}

extension SchemaSwap {
    /// What is told of views that were broken when they were read. No server makes such a view, so the journal, and the
    /// backup, hold it as text.
    func textNotes(_ journal: RestoreJournal, _ session: MariaDBHandle) throws -> [String] {
        let place = SQLQuery.identifier(target.text) + "." + RestoreJournal.tables[1]
        let coming = try journal.kept(side, session).filter(\.isOnlyText).map { object in
            "the view \(object.name) was broken when it was read, and is not made: its text is in \(place)"
        }
        let gone = try journal.kept(side.other, session).filter(\.isOnlyText).map { object in
            "the database loses its view \(object.name), which was broken: its text is kept in \(place)"
        }
        return coming + gone
    }
}

extension RestoreJournal.Object {
    /// A view that the server refused to read: there is only a comment, and no statement.
    var isOnlyText: Bool {
        guard kind == ArchiveMemberKind.view.rawValue else { return false }
        var lexer = ScriptLexer(bytes: script)
        return ((try? lexer.next()) ?? nil) == nil
    }
}
