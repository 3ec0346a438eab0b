import FoundationEssentials
import Glibc

/// An archive that has no final name: it is being written, or its writer is dead.
public struct ArchivePartial: Sendable, Equatable {
    /// The file's name, `.partial-…`.
    public let name: String
    /// Bytes so far.
    public let size: Int
    /// When it was last written to.
    public let modified: Date
    /// Whether a living process holds its lock, or that cannot be told.
    public let isAlive: Bool
}

extension ArchiveFolder {
    /// What the names of unfinished archives begin with.
    static let partialPrefix = ".partial-"

    /// The unfinished archives in the folder, sorted by name.
    ///
    /// A writer holds an `flock` on its file from before anybody can take it for abandoned until it is closed, and the
    /// kernel frees the lock when the process ends, however that happens.
    /// - Throws: ``ArchiveError``.
    public func partials() throws(ArchiveError) -> [ArchivePartial] {
        try partialNames().compactMap { name in
            guard let status = status(of: name), status.st_mode & S_IFMT == S_IFREG else { return nil }
            let file = lockedFile(name)
            if let file { close(file) }
            return ArchivePartial(
                name: name, size: Int(status.st_size),
                modified: Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec)), isAlive: file == nil)
        }
    }

    /// Removes the unfinished archives whose writers are dead.
    ///
    /// - Returns: their names.
    /// - Throws: ``ArchiveError`` when the folder cannot be read.
    @discardableResult
    public func removeStalePartials() throws(ArchiveError) -> [String] { try partialNames().filter(removeIfStale) }

    /// - Returns: true when the file was there, belonged to nobody, and is gone.
    func removeIfStale(_ partial: String) -> Bool {
        guard let file = lockedFile(partial) else { return false }
        defer { close(file) }
        return unlinkat(descriptor, partial, 0) == 0
    }

    /// The file with its lock taken; nil when somebody else has it, or when it is no regular file, or when this file
    /// system knows no locks and nothing can be told.
    private func lockedFile(_ name: String) -> Int32? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX | LOCK_NB) == 0, isNamed(name, file) else {
            close(file)
            return nil
        }
        return file
    }

    /// Whether the name still leads to the open file. Between opening and locking it may have got another one.
    func isNamed(_ name: String, _ file: Int32) -> Bool {
        var opened = stat()
        guard fstat(file, &opened) == 0, opened.st_mode & S_IFMT == S_IFREG, let named = status(of: name) else {
            return false
        }
        return opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
    }

    private func partialNames() throws(ArchiveError) -> [String] {
        // A descriptor of its own, because reading a folder moves the position that copies share.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { throw .reading(path, "list the folder", errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let item = readdir(stream) {
            let name = withUnsafeBytes(of: &item.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name, name.hasPrefix(Self.partialPrefix) { names.append(name) }
        }
        return names.sorted()
    }
}
