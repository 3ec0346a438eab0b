/// The SQL of a dump, inflated where that is needed: remembers the last bytes and refuses endless statements.
final class ForeignDumpSource: ByteSource {
    /// The last line of a dump is far shorter.
    private static let tailLength = 4096

    private var input: any ByteSource
    /// Bytes of SQL so far.
    private(set) var count = 0
    /// The last bytes of what was read.
    private(set) var tail: [UInt8] = []
    /// What ended the reading, when that was damage.
    private(set) var damage: GzipError?
    private var statementStart = 0

    /// Finds out from the first two bytes whether the file is compressed; the name says nothing certain.
    init(_ file: any ByteSource, path: String) throws {
        let peeked = try ForeignDumpPeek(file)
        input = peeked.isGzip ? GzipInputStream(peeked, path: path) : peeked
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard count - statementStart <= ForeignDump.longestStatement else { throw EndlessStatement() }
        do {
            let read = try input.read(into: buffer)
            count += read
            remember(UnsafeRawBufferPointer(rebasing: buffer[..<read]))
            return read
        } catch let error as GzipError {
            damage = error
            throw error
        }
    }

    /// Tells that a statement has ended.
    func markStatement() { statementStart = count }

    /// Reads to the end, for the last line and the checksums.
    func drain() throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 1)
        defer { buffer.deallocate() }
        repeat { markStatement() } while try read(into: buffer) > 0
    }

    private func remember(_ bytes: UnsafeRawBufferPointer) {
        tail.removeFirst(max(0, min(tail.count, tail.count + bytes.count - Self.tailLength)))
        tail += bytes.suffix(Self.tailLength)
    }

    /// A statement that no server would take.
    struct EndlessStatement: Error {}
}

/// Looks at the first bytes of a source, and hands them out all the same.
private struct ForeignDumpPeek: ByteSource {
    private var source: any ByteSource
    private var first: [UInt8] = []

    var isGzip: Bool { first == [0x1F, 0x8B] }

    init(_ source: any ByteSource) throws {
        self.source = source
        var byte: UInt8 = 0
        while first.count < 2, try withUnsafeMutableBytes(of: &byte, { try self.source.read(into: $0) }) == 1 {
            first.append(byte)
        }
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !first.isEmpty else { return try source.read(into: buffer) }
        let count = min(first.count, buffer.count)
        buffer.copyBytes(from: first.prefix(count))
        first.removeFirst(count)
        return count
    }
}
