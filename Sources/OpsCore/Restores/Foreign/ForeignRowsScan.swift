/// One look at every byte of the rows of an INSERT.
struct ForeignRowsScan {
    enum Stop: Equatable {
        case end, comments
        case refused(String)
    }

    /// What the last piece was.
    private enum Piece {
        case symbol, string, name
        /// Digits only.
        case number
        case word(Range<Int>)
    }

    private let text: UnsafeRawBufferPointer
    private let dialect: ScriptDialect
    private var index: Int
    private var depth = 0
    private var last = Piece.symbol
    private(set) var rows = 0
    /// Something stands behind the rows.
    private(set) var hasClauses = false

    init(_ text: UnsafeRawBufferPointer, from start: Int, dialect: ScriptDialect) {
        self.text = text
        self.dialect = dialect
        index = start
    }

    mutating func run() -> Stop {
        while index < text.count {
            let byte = text[index]
            if ASCII.isInvisible(byte) {
                index += 1
            } else if let stop = pass(byte) {
                return stop
            }
        }
        return .end
    }

    private mutating func pass(_ byte: UInt8) -> Stop? {
        switch byte {
        case ASCII.singleQuote: passQuoted(byte, as: .string)
        case ASCII.doubleQuote: passQuoted(byte, as: dialect.ansiQuotes ? .name : .string)
        case ASCII.backtick: passQuoted(byte, as: .name)
        case UInt8(ascii: "("): return open()
        case UInt8(ascii: ")"): close()
        case UInt8(ascii: "."): return passDot()
        case ASCII.hash: return .comments
        case ASCII.slash where next == ASCII.star: return .comments
        case ASCII.dash where next == ASCII.dash: return .comments
        case UInt8(ascii: ";"): return .refused("a second statement behind the rows")
        case _ where Self.isWord(byte): return passWord()
        default: passSymbol()
        }
        return nil
    }

    private var next: UInt8? { index + 1 < text.count ? text[index + 1] : nil }

    private mutating func passSymbol() {
        last = .symbol
        index += 1
    }

    private mutating func passQuoted(_ quote: UInt8, as piece: Piece) {
        let escapes = dialect.escapes(inside: quote)
        index += 1
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == quote { break }
            if byte == ASCII.backslash, escapes { index += 1 }
        }
        last = piece
    }

    private mutating func open() -> Stop? {
        switch last {
        case .name: return .refused("a call of a function of the database")
        case .word(let range):
            let name = String(decoding: text[range], as: UTF8.self).uppercased()
            guard ForeignFunctions.allowed.contains(name) else { return .refused("a call of \(name)") }
        case .symbol, .string, .number: break
        }
        depth += 1
        passSymbol()
        return nil
    }

    private mutating func close() {
        depth -= 1
        if depth == 0, !hasClauses { rows += 1 }
        passSymbol()
    }

    /// A dot belongs to a number, or it qualifies a name.
    private mutating func passDot() -> Stop? {
        let isBehindNumber = if case .number = last { true } else { false }
        let isLeading = if case .symbol = last { next.map(ASCII.isDigit) == true } else { false }
        guard isBehindNumber || isLeading else { return .refused("a name with a qualifier") }
        index += 1
        let start = index
        while index < text.count, Self.isWord(text[index]) { index += 1 }
        let rest = text[start..<index].drop(while: ASCII.isDigit)
        let isExponent = rest.first.map { $0 | 0x20 == UInt8(ascii: "e") } ?? true
        guard isExponent, rest.dropFirst().allSatisfy(ASCII.isDigit) else {
            return .refused("a name with a qualifier")
        }
        last = .string
        return nil
    }

    private mutating func passWord() -> Stop? {
        let start = index
        while index < text.count, Self.isWord(text[index]) { index += 1 }
        let range = start..<index
        // Newer servers read `$$ … $$` as a string.
        if text[start] == UInt8(ascii: "$") { return .refused("a dollar sign outside of quotes") }
        if text[range].allSatisfy(ASCII.isDigit) {
            last = .number
            return nil
        }
        last = .word(range)
        if range.count == 6 || range.count == 4, isQuery(range) { return .refused("a query among the rows") }
        if depth == 0 { hasClauses = true }
        return nil
    }

    private func isQuery(_ range: Range<Int>) -> Bool {
        let word = text[range].lazy.map(ASCII.lowercased)
        return word.elementsEqual("select".utf8) || word.elementsEqual("with".utf8) || word.elementsEqual("into".utf8)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
            || byte >= 0x80
    }
}
