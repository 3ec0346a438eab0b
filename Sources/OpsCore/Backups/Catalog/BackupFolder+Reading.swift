import Foundation

extension BackupFolder.File {
    /// Stands for the file's content: whatever changes or replaces the file changes it. Letters, digits and dashes.
    public var tag: String {
        [UInt64(entry.stamp.size), UInt64(entry.stamp.modified), UInt64(entry.stamp.changed), entry.stamp.inode]
            .map { String($0, radix: 16) }.joined(separator: "-")
    }

    /// Reads up to `count` bytes from `offset` on; fewer only at the end of the file. The position of the descriptor
    /// plays no part.
    /// - Throws: ``BackupFolderError``.
    public func bytes(at offset: Int, count: Int) async throws -> [UInt8] {
        try await BlockingCall.run { [self] in
            let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
                    if got == 0 { return }
                    if got > 0 {
                        filled += got
                    } else if errno != EINTR {
                        throw BackupFolderError.system("read", entry.name.text, writing: false)
                    }
                }
            }
            return bytes
        }
    }
}
