import Dispatch
import Glibc

/// The file that an archive is written to until it is complete: it owns the descriptor, the lock and the name
/// `.partial-<name>`.
///
/// Whatever happens to the object, the name goes away with it, unless ``publish()`` has turned it into the final one.
/// Only a killed process leaves the file behind.
final class ArchivePartialFile {
    /// The longest name that file systems take, in bytes.
    private static let longestName = 255
    /// Writing to the disk is begun after so many bytes, so that little is left to do at the end.
    private static let writeBehind = 16 << 20

    private let folder: ArchiveFolder
    private let name: String
    private let partial: String
    /// So many bytes stay free on the file system, for others: among them may be the database's server.
    private let reserve: Int
    private var descriptor: Int32
    private(set) var size = 0
    private var handedToDisk = 0

    /// The path of the archive-to-be.
    var path: String { folder.path(of: name) }

    /// Makes and locks the file. A file of that name whose writer is dead is removed first.
    init(_ name: String, in folder: ArchiveFolder, reserve: Int = 0) throws(ArchiveError) {
        let path = folder.path(of: name)
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(where: { $0 == 0 || $0 == 47 }) else {
            throw ArchiveError(.notWritten, path, "not a name for a file")
        }
        guard folder.status(of: name) == nil else { throw .exists(path) }
        self.folder = folder
        self.name = name
        self.reserve = reserve
        partial = Self.partialName(of: name)
        descriptor = try Self.create(partial, in: folder, path: path)
    }

    deinit { discard() }

    /// The same, away from Swift's cooperative pool; the file begins with `start`.
    static func make(
        _ name: String, in folder: ArchiveFolder, reserve: Int, start: [UInt8]
    ) async throws -> sending ArchivePartialFile {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let file = try ArchivePartialFile(name, in: folder, reserve: reserve)
                        try file.write(start)
                        return file
                    })
            }
        }
    }

    private static func partialName(of name: String) -> String {
        var text = ArchiveFolder.partialPrefix + name
        while text.utf8.count > longestName { text.removeLast() }
        return text
    }

    private static func create(_ partial: String, in folder: ArchiveFolder, path: String) throws(ArchiveError) -> Int32
    {
        for _ in 0..<10 {
            let file = openat(
                folder.descriptor, partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard file >= 0 else {
                guard errno == EEXIST else { throw .writing(path, "create the file", errno: errno) }
                guard folder.removeIfStale(partial) else { throw busy(path) }
                continue
            }
            // A clean-up may have found the file between these two calls; where there are no locks at all, clean-ups
            // leave every file alone.
            let isLocked = flock(file, LOCK_EX | LOCK_NB) == 0 || [ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL].contains(errno)
            if isLocked, folder.isNamed(partial, file) { return file }
            close(file)
        }
        throw busy(path)
    }

    private static func busy(_ path: String) -> ArchiveError {
        ArchiveError(
            .busy, path, "another process is writing it", hint: "wait until it has ended, or choose another name")
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws(ArchiveError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .writing(path, "write", errno: count == 0 ? ENOSPC : errno) }
            written += count
            size += count
        }
        guard size - handedToDisk >= Self.writeBehind else { return }
        beginWriteBack()
        if let free = FreeSpace.bytes(at: descriptor), free < reserve {
            throw .reserveReached(path, free: free, reserve: reserve)
        }
    }

    /// On Linux this advice starts the writing of changed pages and waits for nothing. It is advice: failure is no harm.
    private func beginWriteBack() {
        _ = posix_fadvise(descriptor, off_t(handedToDisk), off_t(size - handedToDisk), POSIX_FADV_DONTNEED)
        handedToDisk = size
    }

    /// Makes the content durable and gives the file its final name, which must not be taken.
    func publish() throws(ArchiveError) {
        guard fsync(descriptor) == 0 else { throw .writing(path, "bring it to the disk", errno: errno) }
        try rename()
        let number = folder.synchronise()
        guard number == 0 else {
            unlinkat(folder.descriptor, name, 0)
            throw .writing(path, "bring its name to the disk", errno: number)
        }
        close(descriptor)
        descriptor = -1
    }

    /// A link never replaces a file. File systems without links get a rename, after a look.
    private func rename() throws(ArchiveError) {
        if linkat(folder.descriptor, partial, folder.descriptor, name, 0) == 0 {
            unlinkat(folder.descriptor, partial, 0)
            return
        }
        let number = errno
        guard number != EEXIST else { throw .exists(path) }
        guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK, EINVAL].contains(number) else {
            throw .writing(path, "name the file", errno: number)
        }
        guard folder.status(of: name) == nil else { throw .exists(path) }
        guard renameat(folder.descriptor, partial, folder.descriptor, name) == 0 else {
            throw .writing(path, "name the file", errno: errno)
        }
    }

    /// Removes the file. Does nothing when that has been done, or when it has its final name.
    func discard() {
        guard descriptor >= 0 else { return }
        unlinkat(folder.descriptor, partial, 0)
        close(descriptor)
        descriptor = -1
    }
}
