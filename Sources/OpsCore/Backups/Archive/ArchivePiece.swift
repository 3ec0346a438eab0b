import CISAL

/// Bytes of an archive as its writer handed them over, to compare with what the file gives back.
///
/// A CRC-64, and not the SHA-256 of the index: it is there against mistakes of a disk or a file system, not against anybody's
/// will, and takes a tenth of the time.
struct ArchivePiece: Sendable, Equatable {
    let offset: Int
    let length: Int
    private let checksum: UInt64

    init(offset: Int, _ bytes: [UInt8]) {
        self.offset = offset
        length = bytes.count
        checksum = bytes.withUnsafeBytes { Self.checksum($0, 0) }
    }

    /// Whether the file has these bytes.
    /// - Parameter buffer: any memory to read into.
    /// - Throws: ``ArchiveError`` also when the file ends before.
    func isIn(_ file: ArchiveFile, using buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Bool {
        var (done, sum) = (0, UInt64(0))
        while done < length {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(length - done))
            try file.read(at: offset + done, into: part)
            sum = Self.checksum(UnsafeRawBufferPointer(part), sum)
            done += part.count
        }
        return sum == checksum
    }

    private static func checksum(_ bytes: UnsafeRawBufferPointer, _ start: UInt64) -> UInt64 {
        crc64_ecma_refl(start, bytes.bindMemory(to: UInt8.self).baseAddress, UInt64(bytes.count))
    }
}
