/// One complete gzip member that inflates to whole SQL statements; made by ``MemberCompressor``.
public struct ArchiveMember: Sendable {
    /// What it holds.
    public let label: MemberLabel
    /// The gzip member, from its magic number to its length field.
    public let bytes: [UInt8]
    /// Bytes of SQL that it inflates to.
    public let inflatedLength: Int
    /// SHA-256 of ``bytes``, 64 lower-case hexadecimal digits.
    public let sha256: String

    /// Compresses whole SQL statements with the buffers of a worker.
    public static func compress(
        _ sql: UnsafeRawBufferPointer, as label: MemberLabel, with compressor: MemberCompressor
    ) -> ArchiveMember {
        compressor.compress(sql, as: label)
    }
}
