/// The pieces of one statement with their places, cut as the server's own scanner cuts them.
struct SchemaTokens: Sequence, IteratorProtocol {
    enum Kind: Equatable {
        /// A keyword, a number or an unquoted name.
        case word
        /// A quoted name.
        case name
        case string
        /// `/* … */`, or `-- …` and `# …` with their line feed.
        case comment
        /// `/*!50100`, whose content is part of the statement.
        case versionMark
        /// One other visible byte.
        case symbol(UInt8)
    }

    struct Token {
        let kind: Kind
        let range: Range<Int>
    }

    private let bytes: [UInt8]
    private let dialect: ScriptDialect
    /// In some character sets the second byte of a character may be a backslash or a backtick.
    private let hasWideBytes: Bool
    private var index = 0

    /// - Parameter characterSet: of the bytes.
    init(_ bytes: [UInt8], dialect: ScriptDialect = ScriptDialect(), characterSet: String = "utf8mb4") {
        self.bytes = bytes
        self.dialect = dialect
        hasWideBytes = Self.wideCharacterSets.contains(characterSet)
    }

    /// Character sets whose second bytes reach below 0x80.
    static let wideCharacterSets: Set = ["big5", "cp932", "gb18030", "gbk", "sjis"]

    mutating func next() -> Token? {
        while index < bytes.count, ASCII.isInvisible(bytes[index]) { index += 1 }
        guard index < bytes.count else { return nil }
        let start = index
        let kind = pass()
        return Token(kind: kind, range: start..<index)
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    private mutating func pass() -> Kind {
        let byte = bytes[index]
        if Self.isWordByte(byte) {
            while let byte = peek(), Self.isWordByte(byte) { passCharacter(byte) }
            return .word
        }
        if passComment() { return .comment }
        if passVersionMark() { return .versionMark }
        switch byte {
        case ASCII.backtick:
            passQuoted(byte)
            return .name
        case ASCII.singleQuote, ASCII.doubleQuote:
            passQuoted(byte)
            return byte == ASCII.doubleQuote && dialect.ansiQuotes ? .name : .string
        default:
            index += 1
            return .symbol(byte)
        }
    }

    private mutating func passCharacter(_ byte: UInt8) {
        index += hasWideBytes && byte > 0x80 && byte < 0xFF ? 2 : 1
        index = Swift.min(index, bytes.count)
    }

    /// A doubled quote is a part of what it stands in.
    private mutating func passQuoted(_ quote: UInt8) {
        index += 1
        while let byte = peek() {
            passCharacter(byte)
            if byte == quote {
                guard peek() == quote else { return }
                index += 1
            } else if byte == ASCII.backslash, dialect.escapes(inside: quote), let next = peek() {
                passCharacter(next)
            }
        }
    }

    private mutating func passComment() -> Bool {
        let isDash = peek() == ASCII.dash && peek(1) == ASCII.dash && peek(2).map(ASCII.isInvisible) ?? true
        if peek() == ASCII.hash || isDash {
            index = bytes[index...].firstIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? bytes.count
            return true
        }
        guard peek() == ASCII.slash, peek(1) == ASCII.star, versionMarkLength == nil else { return false }
        index += 2
        while index < bytes.count, peek() != ASCII.star || peek(1) != ASCII.slash { passCharacter(bytes[index]) }
        index = Swift.min(index + 2, bytes.count)
        return true
    }

    private mutating func passVersionMark() -> Bool {
        guard let length = versionMarkLength else { return false }
        index += length
        while let byte = peek(), ASCII.isDigit(byte) { index += 1 }
        return true
    }

    private var versionMarkLength: Int? {
        guard peek() == ASCII.slash, peek(1) == ASCII.star else { return nil }
        if peek(2) == ASCII.bang { return 3 }
        return peek(2) == ASCII.upperM && peek(3) == ASCII.bang ? 4 : nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || byte >= 0x80
    }
}

extension SchemaTokens.Token {
    /// The text as it stands.
    func text(in bytes: [UInt8]) -> ArraySlice<UInt8> { bytes[range] }

    /// A keyword in lower case; empty for anything but a word.
    func keyword(in bytes: [UInt8]) -> String {
        kind == .word ? String(decoding: text(in: bytes).map(ASCII.lowercased), as: UTF8.self) : ""
    }

    /// The name that a name or a word stands for.
    func identifier(in bytes: [UInt8]) -> [UInt8] {
        guard kind == .name, let quote = bytes[range].first else { return Array(bytes[range]) }
        var name: [UInt8] = []
        var isDoubled = false
        for byte in bytes[range].dropFirst().dropLast() {
            isDoubled = byte == quote && !isDoubled
            if !isDoubled { name.append(byte) }
        }
        return name
    }
}
