/// How the bytes of a value become a literal. Every function writes at `end`, where the caller has made room, and
/// returns the new end.
struct RowText: ~Copyable {
    typealias Source = UnsafePointer<UInt8>
    typealias Target = UnsafeMutablePointer<UInt8>

    /// For each byte the letter that stands behind a backslash for it, 0 for a byte that stands for itself.
    private let letters: Target
    /// For each byte its two hexadecimal digits, in the order of memory.
    private let digits: UnsafeMutablePointer<UInt16>

    init() {
        letters = .allocate(capacity: 256)
        letters.initialize(repeating: 0, count: 256)
        // A quote ends a literal and a backslash begins an escape. The rest is for the plain client, which reads a
        // script by lines: it takes CR LF for LF, and a NUL or a Control-Z for the end.
        for (byte, letter) in [(0, "0"), (10, "n"), (13, "r"), (26, "Z"), (39, "'"), (92, "\\")] as [(Int, Character)] {
            letters[byte] = letter.asciiValue!
        }
        digits = .allocate(capacity: 256)
        let text = Array("0123456789ABCDEF".utf8)
        for byte in 0..<256 {
            digits[byte] = UInt16(littleEndian: UInt16(text[byte >> 4]) | UInt16(text[byte & 15]) << 8)
        }
    }

    deinit {
        letters.deallocate()
        digits.deallocate()
    }

    /// The bytes as they are.
    @inline(__always)
    func copy(_ source: Source, _ count: Int, _ end: Target) -> Target {
        end.update(from: source, count: count)
        return end + count
    }

    /// A floating-point number as printed. `-0` and `-0.00` alone would be read as exact numbers, which have no negative
    /// zero.
    @inline(__always)
    func float(_ source: Source, _ count: Int, _ end: Target) -> Target {
        let end = copy(source, count, end)
        guard count > 1, source[0] == UInt8(ascii: "-"), source[1] == UInt8(ascii: "0"), isZero(source + 1, count - 1)
        else { return end }
        end[0] = UInt8(ascii: "e")
        end[1] = UInt8(ascii: "0")
        return end + 2
    }

    private func isZero(_ source: Source, _ count: Int) -> Bool {
        (0..<count).allSatisfy { source[$0] == UInt8(ascii: "0") || source[$0] == UInt8(ascii: ".") }
    }

    /// The bytes in single quotes, as they are.
    @inline(__always)
    func plain(_ source: Source, _ count: Int, _ end: Target) -> Target {
        end.pointee = UInt8(ascii: "'")
        let end = copy(source, count, end + 1)
        end.pointee = UInt8(ascii: "'")
        return end + 1
    }

    /// The bytes in single quotes, with backslash escapes.
    @inline(__always)
    func quote(_ source: Source, _ count: Int, _ end: Target) -> Target {
        end.pointee = UInt8(ascii: "'")
        let end = escape(source, count, end + 1)
        end.pointee = UInt8(ascii: "'")
        return end + 1
    }

    /// Copies 8 bytes at once and looks at them in one register: text that needs no escape, nearly all of it, is read
    /// once.
    private func escape(_ source: Source, _ count: Int, _ end: Target) -> Target {
        var (source, end) = (source, end)
        let stop = source + count
        while source + 8 <= stop {
            let word = UnsafeRawPointer(source).loadUnaligned(as: UInt64.self)
            UnsafeMutableRawPointer(end).storeBytes(of: word, as: UInt64.self)
            end = Self.mayNeedEscape(word) && Self.needsEscape(word) ? escapeSlowly(source, 8, end) : end + 8
            source += 8
        }
        return escapeSlowly(source, stop - source, end)
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Whether one of eight bytes is below 32, a quote or a backslash: no for nearly all text. A byte minus n borrows its
    /// highest bit when the byte is below n.
    @inline(__always)
    private static func mayNeedEscape(_ word: UInt64) -> Bool {
        let below = (word &- ones &* 32) & ~word & (ones &* 128)
        return below | found(39, in: word) | found(92, in: word) != 0
    }

    /// Whether one of eight bytes really does; of bytes that are not text, two thirds of the words end up here.
    @inline(__always)
    private static func needsEscape(_ word: UInt64) -> Bool {
        let control = found(0, in: word) | found(10, in: word) | found(13, in: word) | found(26, in: word)
        return control | found(39, in: word) | found(92, in: word) != 0
    }

    /// Not 0 when one of eight bytes is `byte`: by exclusive or it becomes 0, and so below 1.
    @inline(__always)
    private static func found(_ byte: UInt64, in word: UInt64) -> UInt64 {
        let difference = word ^ (ones &* byte)
        return (difference &- ones) & ~difference & (ones &* 128)
    }

    @inline(__always)
    private func escapeSlowly(_ source: Source, _ count: Int, _ end: Target) -> Target {
        var end = end
        for position in 0..<count {
            let byte = source[position]
            let letter = letters[Int(byte)]
            if letter != 0 {
                end[0] = UInt8(ascii: "\\")
                end[1] = letter
                end += 2
            } else {
                end.pointee = byte
                end += 1
            }
        }
        return end
    }

    /// The bytes as `_binary '…'`, with backslash escapes.
    func binary(_ source: Source, _ count: Int, _ end: Target) -> Target {
        let introducer: StaticString = "_binary "
        let end = copy(introducer.utf8Start, introducer.utf8CodeUnitCount, end)
        return quote(source, count, end)
    }

    /// The bytes as `X'…'`, which is right for no bytes too.
    func hexadecimal(_ source: Source, _ count: Int, _ end: Target) -> Target {
        end[0] = UInt8(ascii: "X")
        end[1] = UInt8(ascii: "'")
        var target = UnsafeMutableRawPointer(end + 2)
        for position in 0..<count {
            target.storeBytes(of: digits[Int(source[position])], as: UInt16.self)
            target += 2
        }
        let end = target.assumingMemoryBound(to: UInt8.self)
        end.pointee = UInt8(ascii: "'")
        return end + 1
    }
}
