import Foundation

/// How full the file system of a folder is.
struct FileSystemSpace: Sendable, Equatable {
    /// Bytes and files; `free` is what an ordinary account may still use.
    var free: Int
    var total: Int
    var freeFiles: Int
    var totalFiles: Int
    /// Tells one file system from another.
    var device: UInt64

    /// - Throws: ``CheckNotPossible`` when it cannot be looked at.
    static func of(_ path: String) async throws -> FileSystemSpace {
        try await BlockingCall.run {
            var space = statvfs()
            var information = stat()
            guard statvfs(path, &space) == 0, stat(path, &information) == 0 else {
                throw CheckNotPossible(
                    "\(path): \(String(cString: strerror(errno)).lowercased())", remedy: "ls -ld \(path)")
            }
            return FileSystemSpace(
                free: FreeSpace.bytes(space.f_bavail, of: space.f_frsize),
                total: FreeSpace.bytes(space.f_blocks, of: space.f_frsize),
                freeFiles: Int(clamping: space.f_favail), totalFiles: Int(clamping: space.f_files),
                device: UInt64(information.st_dev))
        }
    }
}
