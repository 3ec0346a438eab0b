import Foundation

/// The content of `.catalog.json`: by file name, what was read from the file and what is known besides.
struct BackupCatalogState: Codable, Sendable, Equatable {
    struct Item: Codable, Sendable, Equatable {
        /// The state of the file when it was read.
        var stamp: BackupFolder.Stamp
        var summary: BackupRecord.Summary
        var facts: BackupCatalogFacts?
    }

    /// Raised when an older toolkit could misread the file; one of another version is not read.
    private(set) var version = Self.currentVersion
    var items: [String: Item] = [:]

    static let currentVersion = 1

    /// What was read of a file before, if the file is still in that state.
    func summary(of entry: BackupFolder.Entry) -> BackupRecord.Summary? {
        items[entry.name.text].flatMap { $0.stamp == entry.stamp ? $0.summary : nil }
    }

    /// The facts about the content that `summary` was read from.
    func facts(of entry: BackupFolder.Entry, _ summary: BackupRecord.Summary) -> BackupCatalogFacts? {
        let identity = BackupCatalogFacts.Identity(entry.stamp, summary)
        return items[entry.name.text]?.facts.flatMap { $0.identity == identity ? $0 : nil }
    }

    /// Takes in what was read of a file; facts about another content go.
    mutating func remember(_ summary: BackupRecord.Summary, of entry: BackupFolder.Entry) {
        items[entry.name.text] = Item(stamp: entry.stamp, summary: summary, facts: facts(of: entry, summary))
    }

    /// Changes the facts about the content that `summary` was read from.
    mutating func note(
        _ entry: BackupFolder.Entry, _ summary: BackupRecord.Summary, _ change: (inout BackupCatalogFacts) -> Void
    ) {
        remember(summary, of: entry)
        let identity = BackupCatalogFacts.Identity(entry.stamp, summary)
        var facts = items[entry.name.text]?.facts ?? BackupCatalogFacts(identity: identity)
        change(&facts)
        items[entry.name.text]?.facts = facts
    }
}
