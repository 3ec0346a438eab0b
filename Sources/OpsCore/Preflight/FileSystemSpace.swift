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
            let block = Int(clamping: space.f_frsize)
            return FileSystemSpace(
                free: Int(clamping: space.f_bavail).multipliedReportingOverflow(by: block).partialValue,
                total: Int(clamping: space.f_blocks).multipliedReportingOverflow(by: block).partialValue,
                freeFiles: Int(clamping: space.f_favail), totalFiles: Int(clamping: space.f_files),
                device: UInt64(information.st_dev))
        }
    }
}
