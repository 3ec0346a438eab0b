import Foundation

extension BackupVerifier {
    /// Verifies what an operator has named: a file of the backup folder, or with a slash in it the path of any file.
    ///
    /// A path that leads into the backup folder, as a shell completes it, is the same as the name alone.
    /// - Parameter directory: the backup folder; it need not be there for a path.
    /// - Throws: ``BackupFolderError``, ``ArchiveError``, ``ByteSourceError``.
    public static func verify(_ file: String, directory: String) async throws -> Finding {
        guard file.contains("/") else {
            let name = try BackupFolder.name(file)
            return try await BackupVerifier(folder: BackupFolder(directory, creating: false)).verify(name)
        }
        if let folder = try? BackupFolder(directory, creating: false), let name = folder.name(at: file) {
            return try await BackupVerifier(folder: folder).verify(name)
        }
        return try await verify(path: file)
    }
}

extension BackupFolder {
    /// The name of the file at `path`, when that is a file of this folder.
    func name(at path: String) -> BackupName? {
        guard let slash = path.lastIndex(of: "/"), let name = BackupName(String(path[path.index(after: slash)...])),
            let parent = try? BackupFolder(String(path[...slash]), creating: false)
        else { return nil }
        var (own, other) = (stat(), stat())
        guard fstat(descriptor, &own) == 0, fstat(parent.descriptor, &other) == 0 else { return nil }
        guard own.st_dev == other.st_dev, own.st_ino == other.st_ino else { return nil }
        return entry(name)?.name
    }
}
