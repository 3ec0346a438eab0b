/// Inflates a gzip file of any maker from front to back: one member or many, with any header.
///
/// CRC-32 and length of every member are checked. Unlike `gzip`, which only warns, bytes behind the last member are an
/// error, zeros too: they are the mark of a file that was not written to its end.
public final class GzipInputStream: ByteSource {
    private static let bufferSize = 256 * 1024

    private var source: any ByteSource
    private let path: String?
    private let inflater = GzipInflater()
    private let buffer: UnsafeMutableRawBufferPointer
    /// The bytes of the buffer that have not been looked at.
    private var unread = 0..<0
    /// Offset in the file of the end of the buffer.
    private var endOffset = 0
    private var isInMember = false
    private var failure: GzipError?
    private var memberOffset = 0
    /// Members that have been begun.
    public private(set) var memberCount = 0

    /// Offset of the next compressed byte.
    public var offset: Int { endOffset - unread.count }

    /// Inflates what `source` gives.
    ///
    /// - Parameter path: the name that errors carry.
    public init(_ source: any ByteSource, path: String? = nil) {
        self.source = source
        self.path = path
        buffer = .allocate(byteCount: Self.bufferSize, alignment: 64)
    }

    /// Opens a file.
    ///
    /// - Throws: ``ByteSourceError``.
    public convenience init(path: String) throws { self.init(try FileByteSource(path: path), path: path) }

    deinit { buffer.deallocate() }

    /// - Throws: ``GzipError``, again and again once it was thrown, or what the source throws.
    public func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        if let failure { throw failure }
        do {
            return try inflate(into: output)
        } catch let error as GzipError {
            failure = error
            throw error
        }
    }

    private func inflate(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            if !isInMember {
                guard try beginMember() else { return 0 }
            }
            guard try !unread.isEmpty || refill() else { throw truncated() }
            let count = try step(into: output)
            if count > 0 { return count }
        }
    }

    private func step(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        do {
            let step = try inflater.step(UnsafeRawBufferPointer(rebasing: buffer[unread]), into: output)
            unread.removeFirst(step.consumed)
            isInMember = !step.isFinished
            return step.produced
        } catch {
            let place = error == .badChecksum ? memberOffset : offset
            throw self.error(.corrupt, at: place, error.reason)
        }
    }

    /// - Returns: false at the end of the file.
    private func beginMember() throws -> Bool {
        memberOffset = offset
        guard try !unread.isEmpty || refill() else {
            guard memberCount > 0 else { throw self.error(.truncated, at: 0, "the file is empty") }
            return false
        }
        memberCount += 1
        var header = GzipHeader()
        var progress = GzipHeader.Progress.needsMore
        while progress == .needsMore {
            guard let byte = try nextByte() else { throw truncated() }
            progress = header.take(byte)
        }
        if let reason = progress.fault { throw badHeader(progress, reason) }
        inflater.begin()
        isInMember = true
        return true
    }

    private func badHeader(_ progress: GzipHeader.Progress, _ reason: String) -> GzipError {
        guard progress == .notGzip else { return error(.corrupt, at: memberOffset, reason) }
        if memberCount == 1 { return error(.notGzip, at: 0, reason) }
        memberCount -= 1
        return error(.trailingGarbage, at: memberOffset, "behind the last member there is something that is not gzip")
    }

    private func nextByte() throws -> UInt8? {
        guard try !unread.isEmpty || refill() else { return nil }
        return buffer[unread.removeFirst()]
    }

    private func refill() throws -> Bool {
        let count = try source.read(into: buffer)
        unread = 0..<count
        endOffset += count
        return count > 0
    }

    private func truncated() -> GzipError { error(.truncated, at: offset, "the file ends in the middle of a member") }

    private func error(_ problem: GzipError.Problem, at offset: Int, _ reason: String) -> GzipError {
        GzipError(problem: problem, path: path, offset: offset, member: memberCount, reason: reason)
    }
}
