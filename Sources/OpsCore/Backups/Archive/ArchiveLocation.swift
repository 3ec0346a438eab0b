/// Where the bytes of a member lie, and what they must be.
public struct ArchiveLocation: Codable, Sendable, Hashable {
    /// Offset of its first byte in the file.
    public let offset: Int
    /// Bytes in the file.
    public let length: Int
    /// Bytes that it inflates to.
    public let inflatedLength: Int
    /// SHA-256 of its bytes in the file, 64 lower-case hexadecimal digits.
    public let sha256: String

    enum CodingKeys: String, CodingKey {
        case offset, length, sha256
        case inflatedLength = "inflated_length"
    }

    /// Where the next member begins; nil when the numbers are nonsense.
    var end: Int? {
        guard offset >= 0, length >= GzipStored.overhead - 5, inflatedLength >= 0 else { return nil }
        let (end, isTooMuch) = offset.addingReportingOverflow(length)
        return isTooMuch ? nil : end
    }
}
