import Foundation

/// Keeps a ``BackupCatalogState`` in the file `.catalog.json` of a backup folder. Every call blocks for as long as a small
/// file takes.
struct BackupCatalogStore: Sendable {
    let folder: BackupFolder

    private static let fileName = ".catalog.json"
    private static let lockName = ".catalog.lock"
    private static let maximumBytes = 256 << 20

    /// The present state; an empty one where the file is missing or broken, so that everything is read anew.
    func load() -> BackupCatalogState {
        guard let text = contents(),
            let state = try? JSONDecoder().decode(BackupCatalogState.self, from: text),
            state.version == BackupCatalogState.currentVersion
        else { return BackupCatalogState() }
        return state
    }

    /// Changes the state as it is now, and writes it if that made a difference. Two processes never undo each other's
    /// change, because the second one reads what the first one has written.
    /// - Throws: ``BackupFolderError``.
    func update(_ change: (inout BackupCatalogState) -> Void) throws(BackupFolderError) {
        let lock = try lock()
        // Closing the descriptor frees the lock.
        defer { close(lock) }
        let before = load()
        var state = before
        change(&state)
        if state != before { try write(state) }
    }

    /// Not the lock of the folder: that one is held for the whole of a backup, while others list and verify.
    private func lock() throws(BackupFolderError) -> Int32 {
        let file = openat(folder.descriptor, Self.lockName, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("open the lock of", "\(folder.path)/\(Self.fileName)") }
        for _ in 0..<500 {
            if flock(file, LOCK_EX | LOCK_NB) == 0 { return file }
            guard errno == EWOULDBLOCK || errno == EINTR else { break }
            usleep(10_000)
        }
        let number = errno
        close(file)
        throw number == EWOULDBLOCK
            ? .busy(folder.path, holder: "it does not let go of \(Self.lockName)")
            : .system("lock", "\(folder.path)/\(Self.fileName)", errno: number)
    }

    private func contents() -> Data? {
        let file = openat(folder.descriptor, Self.fileName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        return try? handle.read(upToCount: Self.maximumBytes)
    }

    /// A reader sees the old text or the new, also after a crash.
    private func write(_ state: BackupCatalogState) throws(BackupFolderError) {
        let place = "\(folder.path)/\(Self.fileName)"
        let staging = Self.fileName + ".new"
        // What a killed process left; nobody else is here while the lock is held.
        unlinkat(folder.descriptor, staging, 0)
        let file = openat(folder.descriptor, staging, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("write", place) }
        defer { close(file) }
        let isWritten = Self.encoded(state).withUnsafeBytes { Self.writeAll($0, to: file) }
        guard isWritten, fsync(file) == 0, renameat(folder.descriptor, staging, folder.descriptor, Self.fileName) == 0
        else {
            let error = BackupFolderError.system("write", place)
            unlinkat(folder.descriptor, staging, 0)
            throw error
        }
        try folder.synchronise()
    }

    private static func encoded(_ state: BackupCatalogState) -> Data {
        do {
            return try JSONEncoder().encode(state)
        } catch {
            preconditionFailure("the catalog cannot be written as JSON: \(error)")
        }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Foundation.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
