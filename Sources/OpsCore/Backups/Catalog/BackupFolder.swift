import Foundation

/// The folder of the backups, held open by its descriptor.
///
/// Files are opened beneath that descriptor and links are not followed, so neither a name nor a link put into the folder
/// leads out of it, and a folder that is renamed or remounted meanwhile is not mixed up with another.
public final class BackupFolder: Sendable {
    /// The path as it was given, for messages.
    public let path: String
    let descriptor: Int32

    /// Opens the folder; one that is missing is made with mode 0700. Only its last part is: a missing parent is more
    /// likely a file system that is not mounted.
    /// - Parameter creating: false leaves a missing folder missing.
    /// - Throws: ``BackupFolderError``.
    public init(_ path: String, creating: Bool = true) throws(BackupFolderError) {
        if creating, mkdir(path, 0o700) != 0, errno != EEXIST {
            throw .system("make the backup folder", path)
        }
        let descriptor = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open the backup folder", path, writing: false) }
        self.path = path
        self.descriptor = descriptor
    }

    /// Opens the folder for one of its files: a folder that is not there holds none.
    /// - Throws: ``BackupFolderError``, with code `BACKUP_NOT_FOUND` for a missing folder.
    public convenience init(_ path: String, holding name: BackupName) throws(BackupFolderError) {
        do {
            try self.init(path, creating: false)
        } catch {
            throw error.kind == .missingFolder ? .notFound(name, in: path) : error
        }
    }

    deinit { close(descriptor) }

    /// The name that `text` is.
    /// - Throws: ``BackupFolderError`` with code `INVALID_FILENAME`.
    public static func name(_ text: String) throws(BackupFolderError) -> BackupName {
        guard let name = BackupName(text) else { throw .invalidName(text) }
        return name
    }

    /// The files of the folder that are backups by name: no links, no folders, nothing that begins with a dot. In no
    /// order.
    public func entries() throws(BackupFolderError) -> [Entry] {
        try fileNames().compactMap(BackupName.init).compactMap { entry($0) }
    }

    /// One file; nil where no regular file has that name.
    public func entry(_ name: BackupName) -> Entry? {
        information(name.text).flatMap { $0.isRegularFile ? Entry(name: name, $0) : nil }
    }

    /// Opens a file for reading.
    /// - Throws: ``BackupFolderError`` with code `BACKUP_NOT_FOUND`, also for a link and for anything but a file.
    public func open(_ name: BackupName) throws(BackupFolderError) -> File {
        // Without O_NONBLOCK, opening a named pipe would wait for its writer.
        let file = openat(descriptor, name.text, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if [ENOENT, ELOOP, ENXIO].contains(errno) { throw .notFound(name, in: path) }
            throw .system("read", "\(path)/\(name)", writing: false)
        }
        var information = stat()
        guard fstat(file, &information) == 0, information.isRegularFile else {
            close(file)
            throw .notFound(name, in: path)
        }
        return File(entry: Entry(name: name, information), descriptor: file)
    }

    /// Removes a file for good.
    /// - Returns: its size in bytes.
    /// - Throws: ``BackupFolderError`` with code `CANNOT_DELETE_SYMLINK` or `BACKUP_NOT_FOUND`.
    @discardableResult
    public func delete(_ name: BackupName) throws(BackupFolderError) -> Int {
        let found = information(name.text)
        if name.isLatestLink || found?.isLink == true { throw .isLink(name) }
        guard let found, found.isRegularFile else { throw .notFound(name, in: path) }
        guard unlinkat(descriptor, name.text, 0) == 0 else { throw .system("delete", "\(path)/\(name)") }
        try synchronise()
        return Int(found.st_size)
    }

    /// What lies under a name, without following a link; nil when nothing does.
    func information(_ name: String) -> stat? {
        var information = stat()
        return fstatat(descriptor, name, &information, AT_SYMLINK_NOFOLLOW) == 0 ? information : nil
    }

    /// Makes changes of names durable.
    func synchronise() throws(BackupFolderError) {
        // Some network file systems cannot do this for a folder, and say so with EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system("synchronise", path) }
    }

    /// Every name in the folder; names that are not UTF-8 are left out.
    func fileNames() throws(BackupFolderError) -> [String] {
        // A descriptor of its own, because reading a folder moves the position that all copies share.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { throw .system("list", path, writing: false) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let item = readdir(stream) {
            let name = withUnsafeBytes(of: &item.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .system("list", path, writing: false) }
        return names
    }
}

extension stat {
    var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
}
