import Foundation

/// One pass over a backup folder; it blocks.
struct BackupCatalogScan {
    private let catalog: BackupCatalog
    private let state: BackupCatalogState
    private let clock = ContinuousClock()
    private let end: ContinuousClock.Instant?
    private var nextSave: ContinuousClock.Instant
    private var fresh: [(entry: BackupFolder.Entry, summary: BackupRecord.Summary)] = []

    /// Reading large dumps takes minutes; what was read so far is kept at this pace.
    private static let savePause = Duration.seconds(5)

    init(_ catalog: BackupCatalog, readLimit: Duration?) {
        self.catalog = catalog
        state = catalog.store.load()
        end = readLimit.map { [clock] in clock.now + $0 }
        nextSave = clock.now + Self.savePause
    }

    /// Every backup, newest first.
    mutating func run() throws(BackupFolderError) -> [BackupRecord] {
        let entries = try catalog.folder.entries()
        var records: [BackupRecord] = []
        for entry in entries {
            if let record = record(entry) { records.append(record) }
            if clock.now > nextSave { save() }
        }
        if !fresh.isEmpty || state.items.count > entries.count { save() }
        return records.sorted { ($0.createdAt, $0.filename) > ($1.createdAt, $1.filename) }
    }

    /// Nil for a file that is gone by now.
    private mutating func record(_ entry: BackupFolder.Entry) -> BackupRecord? {
        if let summary = state.summary(of: entry) {
            return BackupRecord(entry, summary, state.facts(of: entry, summary))
        }
        if let end, clock.now >= end { return BackupRecord(entry, nil, nil) }
        return read(entry)
    }

    private mutating func read(_ entry: BackupFolder.Entry) -> BackupRecord? {
        do {
            let file = try catalog.folder.open(entry.name)
            guard let summary = catalog.summary(of: file) else { return BackupRecord(file.entry, nil, nil) }
            fresh.append((file.entry, summary))
            return BackupRecord(file.entry, summary, state.facts(of: file.entry, summary))
        } catch {
            return error.kind == .notFound ? nil : BackupRecord(entry, nil, nil)
        }
    }

    private mutating func save() {
        catalog.remember(fresh)
        fresh = []
        nextSave = clock.now + Self.savePause
    }
}
