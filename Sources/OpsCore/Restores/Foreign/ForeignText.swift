/// A statement of a dump without the marks of version comments, and where it can be without any comment.
///
/// What a version comment is to a server depends on its flavour and version, and a statement may be written so that its
/// reader and the server see different tables in it. So it is settled here what is run, and only that is judged and sent.
struct ForeignText {
    /// Which version comments the server runs, given the mark that opens them: `/*!50003`.
    typealias Executes = ([UInt8]) throws -> Bool

    private(set) var bytes: [UInt8] = []

    private let text: UnsafeRawBufferPointer
    private let dialect: ScriptDialect
    private let hasWideBytes: Bool
    private let keepsComments: Bool
    private var index = 0
    private var isInVersionComment = false

    /// - Parameters:
    ///   - characterSet: the one in which the server reads the bytes.
    ///   - keepsComments: leaves comments where they are, which belong to the body of a routine.
    init(
        _ text: UnsafeRawBufferPointer, dialect: ScriptDialect, characterSet: String, keepsComments: Bool,
        executes: Executes
    ) throws {
        self.text = text
        self.dialect = dialect
        hasWideBytes = SchemaTokens.wideCharacterSets.contains(characterSet)
        self.keepsComments = keepsComments
        bytes.reserveCapacity(text.count)
        while let byte = peek() { try pass(byte, executes) }
        while let last = bytes.last, ASCII.isInvisible(last) { bytes.removeLast() }
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        index + distance < text.count ? text[index + distance] : nil
    }

    private mutating func pass(_ byte: UInt8, _ executes: Executes) throws {
        switch byte {
        case ASCII.singleQuote, ASCII.doubleQuote, ASCII.backtick: copy(to: endOfQuoted(byte))
        case ASCII.hash: leave(endOfLine, byte)
        case ASCII.dash where peek(1) == ASCII.dash && (peek(2).map(ASCII.isInvisible) ?? true): leave(endOfLine, byte)
        case ASCII.slash where peek(1) == ASCII.star: try passComment(executes)
        case ASCII.star where isInVersionComment && peek(1) == ASCII.slash:
            isInVersionComment = false
            replace(upTo: index + 2)
        default: copy(to: index + (hasWideBytes && byte > 0x80 && byte < 0xFF ? 2 : 1))
        }
    }

    private mutating func passComment(_ executes: Executes) throws {
        guard let mark = versionMark else { return leave(endOfComment(from: index, nesting: 0), ASCII.slash) }
        if try executes(Array(text[index..<index + mark])) {
            isInVersionComment = true
            replace(upTo: index + mark)
        } else {
            replace(upTo: endOfComment(from: index, nesting: 1))
        }
    }

    /// The length of `/*!50003` or `/*M!100201`; nil where none stands. A server takes five digits or six.
    private var versionMark: Int? {
        var length = 3
        if peek(2) == ASCII.upperM, peek(3) == ASCII.bang { length = 4 } else if peek(2) != ASCII.bang { return nil }
        var digits = 0
        while digits < 6, let byte = peek(length + digits), ASCII.isDigit(byte) { digits += 1 }
        return length + (digits < 5 ? 0 : digits)
    }

    /// A comment that is not run may hold one level of others, and no quotes.
    private func endOfComment(from start: Int, nesting: Int) -> Int {
        var position = start + 2
        while position + 1 < text.count {
            if text[position] == ASCII.star, text[position + 1] == ASCII.slash { return position + 2 }
            let isNested = nesting > 0 && text[position] == ASCII.slash && text[position + 1] == ASCII.star
            position = isNested ? endOfComment(from: position, nesting: nesting - 1) : position + 1
        }
        return text.count
    }

    private var endOfLine: Int {
        var position = index
        while position < text.count, text[position] != ASCII.lineFeed { position += 1 }
        return position
    }

    private func endOfQuoted(_ quote: UInt8) -> Int {
        var position = index + 1
        let escapes = dialect.escapes(inside: quote)
        while position < text.count {
            let byte = text[position]
            if hasWideBytes, byte > 0x80, byte < 0xFF {
                position += 2
            } else if byte == ASCII.backslash, escapes {
                position += 2
            } else {
                position += 1
                if byte == quote { break }
            }
        }
        return min(position, text.count)
    }

    private mutating func leave(_ end: Int, _ byte: UInt8) {
        if keepsComments { copy(to: end) } else { replace(upTo: end) }
    }

    private mutating func copy(to end: Int) {
        let end = min(end, text.count)
        bytes.append(contentsOf: text[index..<end])
        index = end
    }

    private mutating func replace(upTo end: Int) {
        bytes.append(ASCII.space)
        index = end
    }
}
