#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Where a reader gets its bytes from: a file, memory, or a stream that is inflated on the way.
public protocol ByteSource {
    /// Fills the front of `buffer`, which is never empty.
    ///
    /// - Returns: how many bytes were written, at least 1; 0 only at the end of the input.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// The bytes of a file, read from front to back. The descriptor is closed with the object.
public final class FileByteSource: ByteSource {
    private let descriptor: Int32
    private let path: String

    /// Opens a file for reading.
    ///
    /// - Throws: ``ByteSourceError`` when the file cannot be opened.
    public init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw ByteSourceError(operation: "open", path: path, number: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// - Throws: ``ByteSourceError`` when the file cannot be read, a directory for example.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
            #else
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 { return count }
            guard errno == EINTR else { throw ByteSourceError(operation: "read", path: path, number: errno) }
        }
    }
}

/// Bytes in memory, handed out in pieces of a chosen size.
public struct MemoryByteSource: ByteSource {
    private let bytes: [UInt8]
    private let chunkSize: Int
    private var position = 0

    /// Reads from a copy of `bytes`.
    ///
    /// - Parameter chunkSize: the most that one read returns; small values show that a reader copes with any boundary.
    public init(_ bytes: [UInt8], chunkSize: Int = .max) {
        self.bytes = bytes
        self.chunkSize = max(1, chunkSize)
    }

    /// Copies the next piece, at most `chunkSize` bytes.
    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, chunkSize, bytes.count - position)
        guard count > 0 else { return 0 }
        bytes.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        position += count
        return count
    }
}
