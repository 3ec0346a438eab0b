import Glibc

/// A lock between processes, tied to a file. The kernel frees it when its holder ends, however that happens.
public enum FileLock {
    /// Runs `body` while holding the lock.
    ///
    /// The file is made if it is missing and stays afterwards. The lock is not re-entrant.
    /// - Parameters:
    ///   - path: a file in an existing folder.
    ///   - timeout: how long to wait for another holder.
    /// - Throws: `DevStackError` with code `busy` when the time is over, or what `body` throws.
    public static func withLock<Value: Sendable>(
        _ path: String, timeout: Duration, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        let file = try openLock(path)
        defer { free(file) }
        let deadline = ContinuousClock.now + timeout
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw DevStackError.system("lock", path) }
            guard ContinuousClock.now < deadline else {
                throw DevStackError(
                    .busy, "another process is working on \(path)", hint: "wait until it has ended and try again")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await body()
    }

    /// The same for a body of a few file operations, which never waits long for another one like it.
    static func withShortLock<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        let file = try openLock(path)
        defer { free(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw DevStackError.system("lock", path) }
        }
        return try body()
    }

    /// Closing alone would not do: a child that is being started at this moment has the descriptor too, until it
    /// executes its program.
    private static func free(_ file: Int32) {
        flock(file, LOCK_UN)
        close(file)
    }

    private static func openLock(_ path: String) throws -> Int32 {
        let file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw DevStackError.system("open", path) }
        return file
    }
}
