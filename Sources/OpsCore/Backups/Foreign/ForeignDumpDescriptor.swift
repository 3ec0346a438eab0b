import Glibc

/// The bytes behind a descriptor that somebody else closes.
struct ForeignDumpDescriptor: ByteSource {
    let descriptor: Int32
    let path: String

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw ByteSourceError(operation: "read", path: path, number: errno) }
        }
    }
}
