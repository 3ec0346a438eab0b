/// The tokens of one statement: comments and white space are passed over, `/*! … */` and `/*M! … */` are entered.
///
/// Made for looking at the beginning of a statement, whatever its length: nothing is copied and nothing is read ahead.
public struct SQLTokens: Sequence, IteratorProtocol {
    /// A piece of a statement.
    public enum Token: Equatable, Sendable {
        /// A keyword or an unquoted name, in upper case: `CREATE`.
        case word(String)
        /// A name in backticks, or a string; under ANSI_QUOTES `"…"` is a name, which is not told apart here.
        case quoted
        /// A user variable: `@n`.
        case userVariable
        /// A system variable, in upper case and without its signs: `@@GLOBAL.X` is `GLOBAL.X`.
        case systemVariable(String)
        /// Any other visible byte. `:=` comes as two.
        case symbol(UInt8)
    }

    private let bytes: UnsafeRawBufferPointer
    private let dialect: ScriptDialect
    private var index = 0

    /// Looks at bytes that stay where they are as long as the tokens are read.
    public init(_ bytes: UnsafeRawBufferPointer, dialect: ScriptDialect = ScriptDialect()) {
        self.bytes = bytes
        self.dialect = dialect
    }

    /// The version marks, `/*!50001` and `*/`, between the last token and the one before it.
    private(set) var marks: [UInt8] = []

    /// The next token, nil at the end.
    public mutating func next() -> Token? { nextRange().map(token) }

    /// Where the next token stands, nil at the end.
    mutating func nextRange() -> Range<Int>? {
        marks.removeAll(keepingCapacity: true)
        while let byte = peek() {
            if let comment = commentEnd() {
                index = comment
            } else if ASCII.isInvisible(byte) {
                index += 1
            } else if !passVersionMark() {
                let start = index
                pass(tokenStartingWith: byte)
                return start..<index
            }
        }
        return nil
    }

    /// The bytes of a token.
    func text(of range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }

    func token(at range: Range<Int>) -> Token {
        let first = bytes[range.lowerBound]
        if Self.isWordByte(first) { return .word(upper(range)) }
        switch first {
        case ASCII.singleQuote, ASCII.doubleQuote, ASCII.backtick: return .quoted
        case UInt8(ascii: "@"):
            let isSystem = range.count > 1 && bytes[range.lowerBound + 1] == UInt8(ascii: "@")
            return isSystem ? .systemVariable(upper(range.lowerBound + 2..<range.upperBound)) : .userVariable
        default: return .symbol(first)
        }
    }

    private func upper(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self).uppercased()
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    private mutating func pass(tokenStartingWith byte: UInt8) {
        if Self.isWordByte(byte) { return passWord() }
        switch byte {
        case ASCII.singleQuote, ASCII.doubleQuote, ASCII.backtick: passQuoted(byte)
        case UInt8(ascii: "@"): passVariable()
        default: index += 1
        }
    }

    private mutating func passWord(withDots: Bool = false) {
        while let byte = peek(), Self.isWordByte(byte) || withDots && byte == UInt8(ascii: ".") { index += 1 }
    }

    private mutating func passVariable() {
        index += 1
        if peek() == UInt8(ascii: "@") {
            index += 1
            passWord(withDots: true)
        } else if let quote = peek(), [ASCII.singleQuote, ASCII.doubleQuote, ASCII.backtick].contains(quote) {
            passQuoted(quote)
        } else {
            passWord(withDots: true)
        }
    }

    private mutating func passQuoted(_ quote: UInt8) {
        index += 1
        while let byte = peek() {
            index += 1
            if byte == quote { return }
            if byte == ASCII.backslash, dialect.escapes(inside: quote) { index += 1 }
        }
    }

    /// Where the comment ends that begins here, nil where none begins.
    private func commentEnd() -> Int? {
        let isDash = peek() == ASCII.dash && peek(1) == ASCII.dash && peek(2).map(ASCII.isSpace) ?? true
        if peek() == ASCII.hash || isDash {
            return bytes[index...].firstIndex(of: ASCII.lineFeed) ?? bytes.count
        }
        guard peek() == ASCII.slash, peek(1) == ASCII.star, versionMarkLength() == nil else { return nil }
        var end = index + 2
        while end + 1 < bytes.count, bytes[end] != ASCII.star || bytes[end + 1] != ASCII.slash { end += 1 }
        return Swift.min(end + 2, bytes.count)
    }

    private func versionMarkLength() -> Int? {
        guard peek() == ASCII.slash, peek(1) == ASCII.star else { return nil }
        if peek(2) == ASCII.bang { return 3 }
        return peek(2) == ASCII.upperM && peek(3) == ASCII.bang ? 4 : nil
    }

    /// Steps over `/*!50001` or `*/`.
    private mutating func passVersionMark() -> Bool {
        let start = index
        if let length = versionMarkLength() {
            index += length
            while let byte = peek(), ASCII.isDigit(byte) { index += 1 }
        } else {
            guard peek() == ASCII.star, peek(1) == ASCII.slash else { return false }
            index += 2
        }
        marks.append(contentsOf: bytes[start..<index])
        return true
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || byte >= 0x80
    }
}
