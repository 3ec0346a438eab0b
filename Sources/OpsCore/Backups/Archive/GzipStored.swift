import CISAL

/// Gzip members whose text is stored, not compressed, so that their length depends on nothing but the text's.
///
/// Byte by byte: the gzip header, one final stored block (1 byte, LEN, NLEN), the text, CRC-32, length of the text; all
/// numbers little-endian.
enum GzipStored {
    /// Every member of an archive begins with this: deflate, no flags, no time, no extra flags, unknown system.
    static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    /// Bytes before the text.
    static let prefixLength = 15
    /// Bytes that a member has beside its text.
    static let overhead = prefixLength + 8

    /// The member that inflates to `text`, which has at most 65,535 bytes.
    static func encode(_ text: [UInt8]) -> [UInt8] {
        let length = UInt16(text.count)
        return header + [1] + length.littleEndianBytes + (~length).littleEndianBytes + text
            + crc(of: text).littleEndianBytes + UInt32(text.count).littleEndianBytes
    }

    /// The text of a member; nil unless the bytes are exactly what ``encode(_:)`` makes, header included.
    static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.count >= overhead, bytes.count - overhead <= UInt16.max else { return nil }
        let text = Array(bytes.dropFirst(prefixLength).dropLast(8))
        return bytes.elementsEqual(encode(text)) ? text : nil
    }

    /// CRC-32 as gzip uses it.
    static func crc(of bytes: [UInt8]) -> UInt32 { crc32_gzip_refl(0, bytes, UInt64(bytes.count)) }
}

extension FixedWidthInteger {
    fileprivate var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian, Array.init) }
}
