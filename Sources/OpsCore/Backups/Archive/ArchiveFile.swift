import Glibc

/// A file that is read at any place, by any thread.
final class ArchiveFile: Sendable {
    let path: String
    let size: Int
    private let descriptor: Int32

    /// Opens a path, links followed.
    convenience init(path: String) throws(ArchiveError) { try self.init(AT_FDCWD, path, path: path, flags: 0) }

    /// Opens a file of a folder, links not followed.
    convenience init(_ name: String, in folder: ArchiveFolder) throws(ArchiveError) {
        try self.init(folder.descriptor, name, path: folder.path(of: name), flags: O_NOFOLLOW)
    }

    /// Uses a file that is open already. The descriptor is copied and stays the caller's.
    convenience init(descriptor other: Int32, path: String) throws(ArchiveError) {
        try self.init(taking: fcntl(other, F_DUPFD_CLOEXEC, 0), path: path)
    }

    private convenience init(_ folder: Int32, _ name: String, path: String, flags: Int32) throws(ArchiveError) {
        // Without O_NONBLOCK, opening a named pipe would wait for its writer.
        try self.init(taking: openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags), path: path)
    }

    private init(taking descriptor: Int32, path: String) throws(ArchiveError) {
        self.descriptor = descriptor
        self.path = path
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            size = 0
            throw .reading(path, "open it", errno: errno)
        }
        size = Int(status.st_size)
        guard status.st_mode & S_IFMT == S_IFREG else { throw ArchiveError(.unreadable, path, "not a file") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Fills `buffer` from `offset` on.
    ///
    /// - Throws: ``ArchiveError`` also when the file ends before.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .reading(path, "read it", errno: errno) }
            guard count > 0 else { throw ArchiveError(.missing, path, "the file ends at byte \(offset + done)") }
            done += count
        }
    }

    /// `count` bytes from `offset` on.
    func bytes(at offset: Int, count: Int) throws(ArchiveError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
        defer { buffer.deallocate() }
        try read(at: offset, into: buffer)
        return [UInt8](buffer)
    }
}
