import CISAL
import Crypto
import Glibc

/// Makes gzip members with ISA-L. One object a worker: its buffers are used again for every member.
///
/// A member can be handed over at once, or in pieces that are never in memory together:
///
///     compressor.append(firstPiece)
///     compressor.append(secondPiece)
///     let member = compressor.finish(as: MemberLabel(.rows, object: "orders", rows: 812))
public final class MemberCompressor {
    /// What one call of ISA-L may take in or give out is counted in 32 bits.
    private static let longestInput = 1 << 30
    /// Fits into a core's second-level cache, so that the hash reads what was just written there.
    private static let chunkSize = 128 * 1024

    private let stream: UnsafeMutablePointer<isal_zstream>
    private let levelBuffer: UnsafeMutableRawPointer
    private let chunk: UnsafeMutableRawPointer
    private var hash = SHA256()
    private var bytes: [UInt8] = []
    private var inflatedLength = 0

    /// Allocates about 1 MiB, once.
    public init(level: ArchiveLevel = .standard) {
        stream = .allocate(capacity: 1)
        levelBuffer = .allocate(byteCount: level.bufferSize, alignment: 64)
        chunk = .allocate(byteCount: Self.chunkSize, alignment: 64)
        isal_deflate_init(stream)
        stream.pointee.level = UInt32(level.rawValue)
        stream.pointee.level_buf = levelBuffer.assumingMemoryBound(to: UInt8.self)
        stream.pointee.level_buf_size = UInt32(level.bufferSize)
        begin()
    }

    deinit {
        stream.deallocate()
        levelBuffer.deallocate()
        chunk.deallocate()
    }

    /// Compresses whole SQL statements, together with what was appended before; the last byte must be a line feed.
    public func compress(_ sql: UnsafeRawBufferPointer, as label: MemberLabel) -> ArchiveMember {
        feed(sql, isLast: true)
        return takeMember(label)
    }

    /// Adds bytes to the member that is being made. A piece may end anywhere, the member only behind a statement and a
    /// line feed.
    public func append(_ sql: UnsafeRawBufferPointer) { feed(sql, isLast: false) }

    /// Completes the member that was appended to.
    public func finish(as label: MemberLabel) -> ArchiveMember {
        feed(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
        return takeMember(label)
    }

    private func begin() {
        isal_deflate_reset(stream)
        // ISA-L changes this field once it has written the header.
        stream.pointee.gzip_flag = UInt16(IGZIP_GZIP)
        hash = SHA256()
        inflatedLength = 0
    }

    private func feed(_ sql: UnsafeRawBufferPointer, isLast: Bool) {
        inflatedLength += sql.count
        var rest = sql[...]
        repeat {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.longestInput))
            rest = rest.dropFirst(piece.count)
            // ISA-L does not write through next_in; its header only lacks the const.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(piece.count)
            stream.pointee.end_of_stream = isLast && rest.isEmpty ? 1 : 0
            deflate()
        } while !rest.isEmpty
    }

    /// Runs until the input is used up; only then does ISA-L leave room in the chunk.
    private func deflate() {
        repeat {
            stream.pointee.next_out = chunk.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(Self.chunkSize)
            let status = isal_deflate(stream)
            precondition(status == COMP_OK, "isal_deflate answers \(status), which no input can cause")
            let output = UnsafeRawBufferPointer(start: chunk, count: Self.chunkSize - Int(stream.pointee.avail_out))
            hash.update(bufferPointer: output)
            bytes.append(contentsOf: output)
        } while stream.pointee.avail_out == 0
    }

    private func takeMember(_ label: MemberLabel) -> ArchiveMember {
        let member = ArchiveMember(
            label: label, bytes: bytes, inflatedLength: inflatedLength, sha256: hash.finalize().hexadecimal)
        begin()
        // The next member is likely to be as large, and a growing array is copied again and again.
        let expected = bytes.count + bytes.count / 8
        bytes = []
        bytes.reserveCapacity(min(expected, 16 << 20))
        return member
    }
}

extension Digest {
    /// Two lower-case digits a byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
