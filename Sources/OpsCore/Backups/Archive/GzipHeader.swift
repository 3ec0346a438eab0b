import CISAL

/// Reads the header of a gzip member byte by byte (RFC 1952, section 2.3), with any optional fields.
struct GzipHeader {
    /// What the bytes so far amount to.
    enum Progress: Equatable {
        case needsMore, complete
        /// The magic number is missing.
        case notGzip
        case badMethod, badFlags, badChecksum

        /// What is wrong; nil when nothing is.
        var fault: String? {
            switch self {
            case .needsMore, .complete: nil
            case .notGzip: "not gzip data"
            case .badMethod: "a compression method other than deflate"
            case .badFlags: "the header has flags that gzip does not define"
            case .badChecksum: "the checksum of the header is wrong"
            }
        }
    }

    private enum Field {
        case fixed, extraLength, extra, name, comment, checksum
    }

    /// FHCRC, FEXTRA, FNAME, FCOMMENT; FTEXT (1) says nothing.
    private enum Flag {
        static let checksum: UInt8 = 2
        static let extra: UInt8 = 4
        static let name: UInt8 = 8
        static let comment: UInt8 = 16
        static let reserved: UInt8 = 0xE0
    }

    private var field = Field.fixed
    /// Bytes of the field so far.
    private var count = 0
    private var flags: UInt8 = 0
    private var number = 0
    private var crc: UInt32 = 0

    /// Takes the next byte.
    mutating func take(_ byte: UInt8) -> Progress {
        if field != .checksum { crc = withUnsafePointer(to: byte) { crc32_gzip_refl(crc, $0, 1) } }
        count += 1
        switch field {
        case .fixed: return takeFixed(byte)
        case .extraLength:
            number |= Int(byte) << (8 * (count - 1))
            if count == 2 { enter(number > 0 ? .extra : nil, after: Flag.extra) }
        case .extra: if count == number { enter(nil, after: Flag.extra) }
        case .name: if byte == 0 { enter(nil, after: Flag.name) }
        case .comment: if byte == 0 { enter(nil, after: Flag.comment) }
        case .checksum:
            let expected = UInt8(truncatingIfNeeded: crc >> (8 * UInt32(count - 1)))
            if byte != expected { return .badChecksum }
            if count == 2 { flags &= ~Flag.checksum }
        }
        return field != .fixed && flags == 0 ? .complete : .needsMore
    }

    private mutating func takeFixed(_ byte: UInt8) -> Progress {
        switch count {
        case 1 where byte != 0x1F, 2 where byte != 0x8B: return .notGzip
        case 3 where byte != 8: return .badMethod
        case 4:
            guard byte & Flag.reserved == 0 else { return .badFlags }
            flags = byte & ~1
        case 10:
            enter(nil, after: 0)
            return flags == 0 ? .complete : .needsMore
        default: break
        }
        return .needsMore
    }

    /// Goes on to a field, or to the next one that the remaining flags announce.
    private mutating func enter(_ next: Field?, after done: UInt8) {
        count = 0
        if let next {
            field = next
            return
        }
        flags &= ~done
        number = 0
        if flags & Flag.extra != 0 {
            field = .extraLength
        } else if flags & Flag.name != 0 {
            field = .name
        } else if flags & Flag.comment != 0 {
            field = .comment
        } else if flags & Flag.checksum != 0 {
            field = .checksum
        }
    }
}
