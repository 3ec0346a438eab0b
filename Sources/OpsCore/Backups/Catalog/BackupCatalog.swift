import Foundation

/// What a backup folder holds.
///
/// What was read of a file is remembered in `.catalog.json` until the file changes, so a folder of a thousand archives is
/// listed without opening one. A folder that cannot be written is listed all the same, only more slowly.
public struct BackupCatalog: Sendable {
    public let folder: BackupFolder
    let readers: BackupCatalogReaders
    /// Whether what was read is kept in the folder.
    let remembers: Bool
    var store: BackupCatalogStore { BackupCatalogStore(folder: folder) }

    /// - Parameter remembers: false for a caller that may not change anything, not even the list of what was read.
    public init(folder: BackupFolder, readers: BackupCatalogReaders, remembers: Bool = true) {
        self.folder = folder
        self.readers = readers
        self.remembers = remembers
    }

    /// Every backup, newest first.
    /// - Parameter readLimit: after this time no further file is opened; those that are left have no counts and are not
    ///   complete until a later call has read them. Nil for no limit; a first look at large dumps of other tools then
    ///   takes as long as reading them.
    /// - Throws: ``BackupFolderError``.
    public func list(readLimit: Duration? = nil) async throws -> [BackupRecord] {
        try await BlockingCall.run {
            var scan = BackupCatalogScan(self, readLimit: readLimit)
            return try scan.run()
        }
    }

    /// The same, but dumps of other tools that were not read before are only read where a condition holds.
    func list(
        readLimit: Duration? = nil, dumpsWhere isWanted: @escaping @Sendable (BackupFolder.Entry) -> Bool
    ) async throws -> [BackupRecord] {
        struct NotWanted: Error {}
        let chosen = BackupCatalogReaders(archive: readers.archive) { [readers] file in
            guard isWanted(file.entry) else { throw NotWanted() }
            return try readers.foreign(file)
        }
        return try await BackupCatalog(folder: folder, readers: chosen, remembers: remembers)
            .list(readLimit: readLimit)
    }

    /// One backup.
    /// - Throws: ``BackupFolderError`` with code `BACKUP_NOT_FOUND`.
    public func record(_ name: BackupName) async throws -> BackupRecord {
        try await BlockingCall.run {
            let file = try folder.open(name)
            let state = store.load()
            guard let summary = state.summary(of: file.entry) ?? summary(of: file) else {
                return BackupRecord(file.entry, nil, nil)
            }
            remember([(file.entry, summary)])
            return BackupRecord(file.entry, summary, state.facts(of: file.entry, summary))
        }
    }

    /// Size of the newest complete archive of a database that knows it, divided by the size of the data that it was made
    /// of; nil before the first one.
    public func lastRatio(of database: String) async throws -> Double? {
        let records = try await list { _ in false }.filter { $0.database == database && $0.isComplete }
        let items = try await BlockingCall.run { store.load().items }
        return records.lazy.compactMap { record -> Double? in
            guard let bytes = items[record.filename]?.facts?.dataBytes, bytes > 0 else { return nil }
            return Double(record.sizeBytes) / Double(bytes)
        }.first
    }

    // MARK: - Blocking

    /// Reads a file; nil when that fails, which may pass, unlike damage.
    func summary(of file: BackupFolder.File) -> BackupRecord.Summary? {
        try? readers.archive(file) ?? readers.foreign(file)
    }

    /// Keeps what was read. A folder that cannot be written is no reason to fail: the next call reads again.
    func remember(_ readings: [(entry: BackupFolder.Entry, summary: BackupRecord.Summary)]) {
        guard remembers else { return }
        try? store.update { state in
            // A file may have been replaced since, and somebody else may have remembered the new one.
            for reading in readings where folder.entry(reading.entry.name) == reading.entry {
                state.remember(reading.summary, of: reading.entry)
            }
            state.items = state.items.filter { folder.information($0.key) != nil }
        }
    }
}
