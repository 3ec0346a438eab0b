import Crypto

/// The buffers with which one thread reads members, one after the other.
public final class MemberInflater {
    /// Compressed bytes that are read at a time.
    private static let pieceSize = 256 * 1024
    /// Members up to this size are kept whole; the buffer is given back after a larger one.
    private static let keptSize = 16 << 20

    private let inflater = GzipInflater()
    private let piece: UnsafeMutableRawBufferPointer
    private var output: UnsafeMutableRawBufferPointer

    /// Allocates 256 KiB; more as members ask for it.
    public init() {
        piece = .allocate(byteCount: Self.pieceSize, alignment: 64)
        output = .allocate(byteCount: 0, alignment: 64)
    }

    deinit {
        piece.deallocate()
        output.deallocate()
    }

    /// What is wrong with a member.
    struct Fault: Error {
        let reason: String
    }

    /// Hands the inflated bytes to `body`, once hash, checksum and length have been found right.
    func withBytes<Result>(
        of location: ArchiveLocation, in file: ArchiveFile, at offset: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        reserve(location.inflatedLength)
        defer { if output.count > Self.keptSize { resize(0) } }
        try inflate(location, file, offset, whole: true)
        return try body(UnsafeRawBufferPointer(rebasing: output.prefix(location.inflatedLength)))
    }

    /// Finds out whether hash, checksum and length are right, in bounded memory whatever the length.
    func check(_ location: ArchiveLocation, in file: ArchiveFile, at offset: Int) throws {
        reserve(1 << 20)
        try inflate(location, file, offset, whole: false)
    }

    /// Only compares the hash.
    func checkHash(_ location: ArchiveLocation, in file: ArchiveFile, at offset: Int) throws {
        var hash = SHA256()
        var position = 0
        while position < location.length {
            let bytes = try read(location, file, offset, position)
            hash.update(bufferPointer: bytes)
            position += bytes.count
        }
        try compare(hash, location)
    }

    private func inflate(_ location: ArchiveLocation, _ file: ArchiveFile, _ offset: Int, whole: Bool) throws {
        var hash = SHA256()
        var sink = Sink(expected: location.inflatedLength, isWhole: whole)
        inflater.begin()
        var position = 0
        while position < location.length {
            let bytes = try read(location, file, offset, position)
            hash.update(bufferPointer: bytes)
            try inflate(position == 0 ? try skipHeader(bytes) : bytes, &sink)
            position += bytes.count
        }
        try compare(hash, location)
        guard sink.isFinished, sink.total == location.inflatedLength else {
            throw Fault(reason: "it inflates to another length than the index says")
        }
    }

    private func read(
        _ location: ArchiveLocation, _ file: ArchiveFile, _ offset: Int, _ position: Int
    ) throws -> UnsafeRawBufferPointer {
        let count = min(piece.count, location.length - position)
        let target = UnsafeMutableRawBufferPointer(rebasing: piece.prefix(count))
        try file.read(at: offset + position, into: target)
        return UnsafeRawBufferPointer(target)
    }

    private func skipHeader(_ bytes: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer {
        guard bytes.starts(with: GzipStored.header) else { throw Fault(reason: "it has not the header of a member") }
        return UnsafeRawBufferPointer(rebasing: bytes.dropFirst(GzipStored.header.count))
    }

    /// What has been inflated so far.
    private struct Sink {
        let expected: Int
        /// Whether the bytes are wanted, or only their number.
        let isWhole: Bool
        var total = 0
        var isFinished = false
    }

    private func inflate(_ input: UnsafeRawBufferPointer, _ sink: inout Sink) throws {
        var rest = input[...]
        while true {
            guard !sink.isFinished else {
                if rest.isEmpty { return }
                throw Fault(reason: "something follows its end")
            }
            let target = output[(sink.isWhole ? sink.total : 0)...]
            let step = try step(UnsafeRawBufferPointer(rebasing: rest), UnsafeMutableRawBufferPointer(rebasing: target))
            rest = rest.dropFirst(step.consumed)
            sink.total += step.produced
            sink.isFinished = step.isFinished
            guard sink.total <= sink.expected else { throw Fault(reason: "it inflates to more than the index says") }
            // An output that was filled to the last byte may be followed by more without any further input.
            if rest.isEmpty, !sink.isFinished, step.produced < target.count { return }
        }
    }

    private func step(
        _ input: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
    ) throws -> GzipInflater.Step {
        do {
            return try inflater.step(input, into: target)
        } catch {
            throw Fault(reason: error.reason)
        }
    }

    private func compare(_ hash: SHA256, _ location: ArchiveLocation) throws {
        guard hash.finalize().hexadecimal == location.sha256 else {
            throw Fault(reason: "the bytes are not those that were written: their SHA-256 differs")
        }
    }

    /// One byte more than asked for, so that too long a member shows.
    private func reserve(_ count: Int) {
        if output.count <= count { resize(count + 1) }
    }

    private func resize(_ count: Int) {
        output.deallocate()
        output = .allocate(byteCount: count, alignment: 64)
    }
}
