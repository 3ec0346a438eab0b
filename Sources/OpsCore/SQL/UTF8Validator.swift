/// Checks a stream of bytes for UTF-8 as Unicode defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
struct UTF8Validator {
    private var offset = 0
    private var sequenceStart = 0
    private var missing = 0
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    /// Checks the next piece of the stream.
    ///
    /// - Returns: the stream offset of the first sequence that is not UTF-8.
    mutating func firstInvalid(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var index = 0
        while index < bytes.count {
            if missing == 0 { index = skipASCII(bytes, from: index) }
            guard index < bytes.count else { break }
            guard accept(bytes[index], at: offset + index) else { return sequenceStart }
            index += 1
        }
        offset += bytes.count
        return nil
    }

    /// The offset of a sequence that the end of the stream cut short.
    var truncatedSequence: Int? { missing > 0 ? sequenceStart : nil }

    private func skipASCII(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        while index + 8 <= raw.count,
            raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index += 8
        }
        while index < raw.count, raw[index] < 0x80 { index += 1 }
        return index
    }

    private mutating func accept(_ byte: UInt8, at position: Int) -> Bool {
        if missing > 0 {
            guard allowed.contains(byte) else { return false }
            missing -= 1
            allowed = 0x80...0xBF
            return true
        }
        sequenceStart = position
        switch byte {
        case 0x00...0x7F: break
        case 0xC2...0xDF: (missing, allowed) = (1, 0x80...0xBF)
        case 0xE0: (missing, allowed) = (2, 0xA0...0xBF)
        case 0xED: (missing, allowed) = (2, 0x80...0x9F)
        case 0xE1...0xEF: (missing, allowed) = (2, 0x80...0xBF)
        case 0xF0: (missing, allowed) = (3, 0x90...0xBF)
        case 0xF1...0xF3: (missing, allowed) = (3, 0x80...0xBF)
        case 0xF4: (missing, allowed) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }
}
