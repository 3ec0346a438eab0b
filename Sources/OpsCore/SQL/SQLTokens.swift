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

    /// The next token, nil at the end.
    public mutating func next() -> Token? {
        while let byte = peek() {
            if let comment = commentEnd() {
                index = comment
            } else if ASCII.isInvisible(byte) {
                index += 1
            } else if passVersionMark() {
                continue
            } else {
                return token(startingWith: byte)
            }
        }
        return nil
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    private mutating func token(startingWith byte: UInt8) -> Token {
        if Self.isWordByte(byte) { return .word(word()) }
        switch byte {
        case ASCII.singleQuote, ASCII.doubleQuote, ASCII.backtick:
            passQuoted(byte)
            return .quoted
        case UInt8(ascii: "@"):
            return variable()
        default:
            index += 1
            return .symbol(byte)
        }
    }

    private mutating func word(withDots: Bool = false) -> String {
        let start = index
        while let byte = peek(), Self.isWordByte(byte) || withDots && byte == UInt8(ascii: ".") { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self).uppercased()
    }

    private mutating func variable() -> Token {
        index += 1
        guard peek() == UInt8(ascii: "@") else {
            if let quote = peek(), [ASCII.singleQuote, ASCII.doubleQuote, ASCII.backtick].contains(quote) {
                passQuoted(quote)
            } else {
                _ = word(withDots: true)
            }
            return .userVariable
        }
        index += 1
        return .systemVariable(word(withDots: true))
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
        if let length = versionMarkLength() {
            index += length
            while let byte = peek(), ASCII.isDigit(byte) { index += 1 }
            return true
        }
        guard peek() == ASCII.star, peek(1) == ASCII.slash else { return false }
        index += 2
        return true
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || byte >= 0x80
    }
}
