/// An archive that is complete and durable.
public struct ArchiveResult: Sendable, Equatable {
    /// Where it is, as the caller named it.
    public let path: String
    /// Bytes of the file.
    public let size: Int
    /// SHA-256 of the file, 64 lower-case hexadecimal digits; nil when the writer was told not to compute it.
    public let sha256: String?
    /// What is in it.
    public let index: ArchiveIndex
    /// What was written, in order.
    let pieces: [ArchivePiece]
}
