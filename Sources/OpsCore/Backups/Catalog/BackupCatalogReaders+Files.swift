extension BackupCatalogReaders {
    /// The readers of what backup folders hold: ``ArchiveReader`` and ``ForeignDump``.
    public static let files = BackupCatalogReaders(archive: readArchive, foreign: readForeign)

    /// An archive of a later format is not called incomplete but unreadable: it may be perfect.
    private static func readArchive(_ file: BackupFolder.File) throws -> BackupRecord.Summary? {
        do {
            let summary = try ArchiveReader(descriptor: file.descriptor, path: file.entry.name.text).summary
            return BackupRecord.Summary(
                database: summary.source.database, createdAt: summary.source.createdAt,
                tableCount: summary.totals.tables, rows: summary.totals.rows, isComplete: true,
                // The index holds the hash of every other member.
                fingerprint: summary.index.sha256)
        } catch let error as ArchiveError {
            switch error.problem {
            case .foreign: return nil
            case .unfinished, .missing, .corrupt: return BackupRecord.Summary(isComplete: false)
            default: throw error
            }
        }
    }

    /// A dump of which nothing tells whether its end is there does not count as complete.
    private static func readForeign(_ file: BackupFolder.File) throws -> BackupRecord.Summary {
        let dump = try ForeignDump.inspect(descriptor: file.descriptor, path: file.entry.name.text)
        return BackupRecord.Summary(
            createdAt: dump.createdAt, tableCount: dump.tableCount, isComplete: dump.completeness == .complete)
    }
}
