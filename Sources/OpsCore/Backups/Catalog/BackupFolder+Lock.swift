import Foundation

extension BackupFolder {
    private static let lockName = ".lock"

    /// Runs `body` as the only maintenance operation in this folder, on this machine and, where the file system carries
    /// locks over, on others. The kernel frees the lock when the process ends, however that happens.
    /// - Parameters:
    ///   - operation: what is being done, for the message that others get.
    ///   - wait: how long to wait for another operation.
    /// - Throws: ``BackupFolderError`` with code `BACKUP_FOLDER_BUSY`, or one that says why the folder cannot be
    ///   written; what `body` throws.
    public func withLock<Value>(
        operation: String, wait: Duration = .zero, _ body: () async throws -> Value
    ) async throws -> Value {
        let clock = ContinuousClock()
        let end = clock.now + wait
        while true {
            if let file = try lockFile() {
                // Closing the descriptor frees the lock.
                defer { close(file) }
                Self.sign(file, operation: operation)
                return try await body()
            }
            guard clock.now < end else { throw BackupFolderError.busy(path, holder: signature()) }
            try await Task.sleep(for: min(.milliseconds(100), end - clock.now))
        }
    }

    /// The descriptor of the locked file; nil while somebody else has the lock.
    private func lockFile() throws(BackupFolderError) -> Int32? {
        let file = openat(descriptor, Self.lockName, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system("open the lock of", path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(file)
            if number == EWOULDBLOCK || number == EINTR { return nil }
            throw .system("lock", path, errno: number)
        }
        // Somebody may have removed the file meanwhile; then the next one would lock another file of that name.
        var locked = stat()
        guard fstat(file, &locked) == 0, locked.st_ino == information(Self.lockName)?.st_ino else {
            close(file)
            return nil
        }
        return file
    }

    /// Leaves word of who holds the lock; only messages depend on it.
    private static func sign(_ file: Int32, operation: String) {
        let owner = LeaseOwner(operation: operation)
        let text = Array("\(owner), since \(Date().formatted(.iso8601))\n".utf8)
        guard ftruncate(file, 0) == 0 else { return }
        _ = pwrite(file, text, text.count, 0)
    }

    private func signature() -> String {
        let file = openat(descriptor, Self.lockName, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return "holder unknown" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 500)
        let count = pread(file, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
        return text.isEmpty ? "holder unknown" : text
    }
}
