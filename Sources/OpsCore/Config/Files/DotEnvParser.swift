/// The parser behind ``DotEnvFile``. It works on bytes, because to Swift CR LF is one character.
struct DotEnvParser {
    private(set) var entries: [String: SettingLine] = [:]
    private(set) var problems: [SettingProblem] = []
    private let file: String
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    init(_ text: String, file: String) {
        self.file = file
        let scalars = text.unicodeScalars
        let content = scalars.first == "\u{feff}" ? String(scalars.dropFirst()) : text
        bytes = Array(content.replacing("\r\n", with: "\n").utf8)
    }

    mutating func parse() {
        while let byte = current {
            if byte == UInt8(ascii: "\n") || byte.isBlank {
                advance()
            } else if byte == UInt8(ascii: "#") {
                skipLine()
            } else {
                parseEntry()
            }
        }
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func advance() {
        if bytes[index] == UInt8(ascii: "\n") { line += 1 }
        index += 1
    }

    private mutating func skipBlanks() {
        while let byte = current, byte.isBlank { advance() }
    }

    private mutating func skipLine() {
        while let byte = current, byte != UInt8(ascii: "\n") { advance() }
    }

    private mutating func parseEntry() {
        let start = line
        do throws(Malformed) {
            let name = try takeName()
            let value = try takeValue()
            entries[name] = SettingLine(value: value, line: start)
        } catch {
            let place = SettingSource.dotEnv(file: file, line: start)
            problems.append(SettingProblem(source: place.description, reason: error.reason, remedy: error.remedy))
            skipLine()
        }
    }

    private mutating func takeName() throws(Malformed) -> String {
        var name = takeWord()
        if name == "export", let byte = current, byte.isBlank {
            skipBlanks()
            name = takeWord()
        }
        skipBlanks()
        guard let first = name.utf8.first, !first.isDigit, current == UInt8(ascii: "=") else { throw .notAnAssignment }
        advance()
        return name
    }

    private mutating func takeWord() -> String {
        let start = index
        while let byte = current, byte.isNamePart { advance() }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func takeValue() throws(Malformed) -> String {
        let start = index
        skipBlanks()
        switch current {
        case UInt8(ascii: "'"): return try takeQuoted(escapes: false)
        case UInt8(ascii: "\""): return try takeQuoted(escapes: true)
        default: return takeUnquoted(from: start)
        }
    }

    private mutating func takeUnquoted(from start: Int) -> String {
        skipLine()
        let comment = (start..<index).first { $0 > start && bytes[$0] == UInt8(ascii: "#") && bytes[$0 - 1].isBlank }
        return String(decoding: bytes[start..<(comment ?? index)], as: UTF8.self).trimmed
    }

    private mutating func takeQuoted(escapes: Bool) throws(Malformed) -> String {
        let quote = bytes[index]
        advance()
        var value: [UInt8] = []
        while let byte = current, byte != quote {
            advance()
            if escapes, byte == UInt8(ascii: "\\"), let next = current, let meant = Self.escaped[next] {
                value.append(meant)
                advance()
            } else {
                value.append(byte)
            }
        }
        guard current == quote else { throw .openQuote }
        advance()
        try requireEndOfLine()
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func requireEndOfLine() throws(Malformed) {
        skipBlanks()
        guard let byte = current, byte != UInt8(ascii: "\n") else { return }
        guard byte == UInt8(ascii: "#") else { throw .textAfterQuote }
        skipLine()
    }

    private static let escaped: [UInt8: UInt8] = [
        UInt8(ascii: "n"): UInt8(ascii: "\n"), UInt8(ascii: "r"): UInt8(ascii: "\r"),
        UInt8(ascii: "t"): UInt8(ascii: "\t"), UInt8(ascii: "\""): UInt8(ascii: "\""),
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "$"): UInt8(ascii: "$"),
    ]

    /// Why a line is not understood. The line itself is not told: it may hold a password.
    private enum Malformed: Error {
        case notAnAssignment, openQuote, textAfterQuote

        var reason: String {
            switch self {
            case .notAnAssignment: "not an assignment"
            case .openQuote: "the quote that opens here is never closed"
            case .textAfterQuote: "text after the closing quote"
            }
        }

        var remedy: String {
            switch self {
            case .notAnAssignment: "write KEY=value, or # before a comment"
            case .openQuote: "close it, or put the value in quotes of the other kind"
            case .textAfterQuote: "put the whole value in quotes, or a # before a comment"
            }
        }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isNamePart: Bool {
        isDigit || self == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
