/// What the files say about what the ledger holds: renamed files, files that were changed since, rows that another runner
/// wrote without a checksum. It reads files only, and changes nothing.
struct MigrationSurvey: Sendable, Equatable {
    /// A file that was applied under another name.
    struct Rename: Sendable, Equatable {
        var from: String
        var to: String
    }

    /// The checksums of an applied file whose row in the ledger has none.
    struct Checksums: Sendable, Equatable {
        var file: String
        var checksum: String
        var sqlChecksum: String
    }

    private(set) var renames: [Rename] = []
    private(set) var drifted: [MigrationStatus.Drift] = []
    private(set) var unknown: [Checksums] = []
    /// The ledger as it is once the renames are written into it.
    private(set) var ledger: MigrationLedger

    /// - Throws: ``MigrationError`` and ``ScriptError`` for a file that has to be read and is not good.
    init(_ set: MigrationSet, _ ledger: MigrationLedger, dialect: ScriptDialect) throws {
        self.ledger = ledger
        try findRenames(set, dialect)
        let files = Dictionary(set.files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in self.ledger.entries where entry.success {
            guard let file = files[entry.filename] else { continue }
            try compare(entry, file, dialect)
        }
        drifted.sort { $0.file < $1.file }
    }

    /// Something has to be written into the ledger.
    var hasNews: Bool { !renames.isEmpty || !unknown.isEmpty }

    func tellCosmeticChanges(_ report: (Migrator.Event) -> Void) {
        for drift in drifted where drift.kind == .cosmetic { report(.changedCosmetically(file: drift.file)) }
    }

    /// A file that is not in the ledger was applied under another name when it says so itself, or when it is the only one
    /// with the content of one that is in the ledger and not in the folder.
    private mutating func findRenames(_ set: MigrationSet, _ dialect: ScriptDialect) throws {
        let names = Set(set.files.map(\.name))
        var missing = ledger.entries.filter { $0.success && !names.contains($0.filename) }
        guard !missing.isEmpty else { return }
        let known = Set(ledger.entries.filter(\.success).map(\.filename))
        let scripts = try set.files.filter { !known.contains($0.name) }
            .map { try MigrationScript(checking: $0, dialect: dialect) }
        for script in scripts {
            let found =
                missing.first { script.directives.formerNames.contains($0.filename) }
                ?? Self.only(missing) { script.hasContent(of: $0) }
            guard let found else { continue }
            guard script.isFormer(found) || scripts.count(where: { $0.hasContent(of: found) }) == 1 else { continue }
            missing.removeAll { $0.filename == found.filename }
            renames.append(Rename(from: found.filename, to: script.file.name))
        }
        for rename in renames { ledger.rename(rename) }
    }

    private static func only<Element>(_ list: [Element], where isMeant: (Element) -> Bool) -> Element? {
        let found = list.filter(isMeant)
        return found.count == 1 ? found[0] : nil
    }

    private mutating func compare(_ entry: MigrationLedger.Entry, _ file: MigrationFile, _ dialect: ScriptDialect)
        throws
    {
        let checksum = try MigrationScript.checksum(of: file)
        guard checksum != entry.checksum else { return }
        let script: MigrationScript
        do {
            script = try MigrationScript(checking: file, dialect: dialect)
        } catch is ScriptError where entry.checksum != nil {
            drifted.append(.init(file: file.name, kind: .semantic))
            return
        } catch is MigrationError where entry.checksum != nil {
            drifted.append(.init(file: file.name, kind: .semantic))
            return
        }
        if entry.checksum == nil {
            unknown.append(Checksums(file: file.name, checksum: checksum, sqlChecksum: script.sqlChecksum))
        } else {
            let isSame = script.sqlChecksum == entry.sqlChecksum
            drifted.append(.init(file: file.name, kind: isSame ? .cosmetic : .semantic))
        }
    }
}

extension MigrationScript {
    fileprivate func isFormer(_ entry: MigrationLedger.Entry) -> Bool {
        directives.formerNames.contains(entry.filename)
    }

    fileprivate func hasContent(of entry: MigrationLedger.Entry) -> Bool {
        entry.checksum == checksum || entry.sqlChecksum == sqlChecksum
    }
}
