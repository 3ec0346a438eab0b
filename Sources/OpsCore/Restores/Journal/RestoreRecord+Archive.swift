import Foundation

extension RestoreRecord {
    /// A restore of an archive, which begins.
    init(_ path: String, _ index: ArchiveIndex, phase: RestorePhase, safetyBackup: String?) {
        // The next command may be started in another folder.
        self.init(
            phase: phase, archive: URL(filePath: path).path, archiveSHA256: index.summary.index.sha256,
            safetyBackup: safetyBackup.map { URL(filePath: $0).path }, tables: index.summary.totals.tables,
            rows: index.summary.totals.rows)
    }
}
