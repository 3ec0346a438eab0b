/// How the content of backups is read for the catalog. Both block, and both get the file open at its beginning.
///
/// An error means that the file could not be read, and it is tried again at the next call. Damage is no error but a
/// summary that is not complete.
public struct BackupCatalogReaders: Sendable {
    /// Reads the end of one of the toolkit's own archives. Nil for a file that is none; an archive without a proper end
    /// is a summary that is not complete.
    public var archive: @Sendable (BackupFolder.File) throws -> BackupRecord.Summary?
    /// Reads the dump of another tool, which takes as long as reading the whole file.
    public var foreign: @Sendable (BackupFolder.File) throws -> BackupRecord.Summary

    public init(
        archive: @escaping @Sendable (BackupFolder.File) throws -> BackupRecord.Summary?,
        foreign: @escaping @Sendable (BackupFolder.File) throws -> BackupRecord.Summary
    ) {
        self.archive = archive
        self.foreign = foreign
    }
}
