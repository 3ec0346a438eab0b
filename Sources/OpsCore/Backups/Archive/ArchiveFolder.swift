import Glibc

/// A folder in which archives are made and read, held by its descriptor, so that it cannot be swapped meanwhile.
public final class ArchiveFolder: Sendable {
    /// The path as it was given, for messages.
    public let path: String
    let descriptor: Int32

    /// Opens a folder.
    ///
    /// - Throws: ``ArchiveError``.
    public init(path: String) throws(ArchiveError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw .writing(path, "open the folder", errno: errno) }
    }

    /// Uses a folder that is open already. The descriptor is copied and stays the caller's.
    ///
    /// - Throws: ``ArchiveError``.
    public init(descriptor other: Int32, path: String) throws(ArchiveError) {
        descriptor = fcntl(other, F_DUPFD_CLOEXEC, 0)
        self.path = path
        guard descriptor >= 0 else { throw .writing(path, "open the folder", errno: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Opens the folder of a file, and tells the file's name in it.
    public static func containing(_ file: String) throws(ArchiveError) -> (folder: ArchiveFolder, name: String) {
        guard let slash = file.lastIndex(of: "/") else { return (try ArchiveFolder(path: "."), file) }
        let folder = slash == file.startIndex ? "/" : String(file[..<slash])
        return (try ArchiveFolder(path: folder), String(file[file.index(after: slash)...]))
    }

    func path(of name: String) -> String { path == "." ? name : "\(path)/\(name)" }

    /// What lies under a name, links not followed; nil when nothing does.
    func status(of name: String) -> stat? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    /// Makes new and changed names durable.
    ///
    /// Some network file systems cannot do this for a folder, and say so with EINVAL.
    func synchronise() -> Int32 { fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno }
}
