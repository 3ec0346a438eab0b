/// The first difference between an applied file as it is now and as it was applied.
struct MigrationChange: Sendable, Equatable {
    let text: String

    /// - Parameter entries: the journal's rows of the file; none where it was applied without a journal.
    init(_ file: MigrationFile, _ entries: [MigrationJournal.Entry], dialect: ScriptDialect) throws {
        do {
            text = Self.difference(
                try MigrationScript(checking: file, dialect: dialect), entries.filter { $0.ordinal > 0 })
        } catch let error as any OperatorError {
            text = "it cannot be read any more: \(error.message)"
        }
    }

    private static func difference(_ script: MigrationScript, _ entries: [MigrationJournal.Entry]) -> String {
        guard !entries.isEmpty else { return "its statements are others now" }
        for (statement, entry) in zip(script.statements, entries) where statement.checksum != entry.checksum {
            return "statement \(entry.ordinal) on line \(statement.line) is another one now"
        }
        let (now, before) = (script.statements.count, entries.count)
        if now > before { return "statement \(before + 1) on line \(script.statements[before].line) is new" }
        guard now < before else { return "its statements are others now" }
        return "statement \(now + 1), which stood on line \(entries[now].line), is gone"
    }
}
