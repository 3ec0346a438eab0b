import Foundation

/// A backup as a person names it: by its name in the backup folder, by a path, or as `latest`.
public struct BackupReference: Sendable {
    /// The file, open at its beginning.
    public let file: BackupFolder.File
    /// What the backup folder remembers; nil for a file that was named by its path, because its folder is somebody else's.
    let catalog: BackupCatalog?

    /// The file's name.
    public var name: String { file.entry.name.text }

    /// - Parameters:
    ///   - text: what the person gave; with a slash in it, it is a path.
    ///   - directory: the backup folder.
    ///   - database: whose newest backup `latest` is.
    /// - Throws: ``BackupFolderError``.
    public init(_ text: String, directory: String, database: String) throws(BackupFolderError) {
        guard let slash = text.lastIndex(of: "/") else {
            let folder = try BackupFolder(directory, creating: false)
            file = try folder.open(Self.name(text, in: folder, database))
            catalog = BackupCatalog(folder: folder, readers: .files)
            return
        }
        let folder = try BackupFolder(slash == text.startIndex ? "/" : String(text[..<slash]), creating: false)
        file = try folder.open(BackupFolder.name(String(text[text.index(after: slash)...])))
        catalog = nil
    }

    private static func name(
        _ text: String, in folder: BackupFolder, _ database: String
    ) throws(BackupFolderError) -> BackupName {
        guard text == "latest" else { return try BackupFolder.name(text) }
        guard let name = folder.latest(of: database) else { throw .noLatest(of: database, in: folder.path) }
        return name
    }

    /// A reader of one of the toolkit's own archives.
    /// - Throws: ``ArchiveError``, with the problem `foreign` for any other file.
    func archive() throws -> ArchiveReader { try ArchiveReader(descriptor: file.descriptor, path: name) }
}
