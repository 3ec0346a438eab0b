/// A statement as it has to stand in a file so that the plain client sends it unchanged.
///
/// By default the `mariadb` client, and `mysql` before its version 9, drop comments, and they drop a backslash at the end
/// of a line even in a string; inside backticks they do not drop comments, and `mariadb` no backslash. So what must survive
/// is put between two backticks that only a client sees: `/*!999999 ` */`. The server passes over a version comment of the
/// future and keeps nothing of it in the text of a stored program. Other quotes serve where the text has a backtick.
/// (`add_line` in both clients' `mysql.cc`; `consume_comment` in the servers' `sql_lex.cc`.)
struct SchemaClientText {
    /// The statement without a delimiter.
    private(set) var bytes: [UInt8] = []
    /// False where the default client will change something all the same: CR LF becomes LF, and nothing helps where the
    /// quotes of a comment leave another comment bare, or where `mysql` meets a backslash at the end of a line.
    private(set) var isExact = true
    private let dialect: ScriptDialect
    private let flavour: ServerInfo.Flavour

    /// - Parameter flavour: whose client it is.
    init(
        _ statement: [UInt8], dialect: ScriptDialect = ScriptDialect(), characterSet: String = "utf8mb4",
        flavour: ServerInfo.Flavour
    ) {
        self.dialect = dialect
        self.flavour = flavour
        bytes.reserveCapacity(statement.count + 64)
        var copied = 0
        for token in SchemaTokens(statement, dialect: dialect, characterSet: characterSet) {
            let piece = statement[token.range]
            guard isFragile(piece, token.kind) else { continue }
            guard let shield = shield(for: piece) else {
                isExact = false
                continue
            }
            bytes += statement[copied..<token.range.lowerBound]
            append(piece, within: shield)
            copied = token.range.upperBound
        }
        bytes += statement[copied...]
        if zip(statement, statement.dropFirst()).contains(where: { $0 == 13 && $1 == 10 }) { isExact = false }
        if SchemaTokens.wideCharacterSets.contains(characterSet), statement.contains(where: { $0 >= 0x80 }) {
            isExact = false
        }
    }

    /// The quotes that a client sees before and behind a piece; none behind where the piece has closed its own.
    private struct Shield {
        var opening: UInt8
        var closing: UInt8?
    }

    private mutating func append(_ piece: ArraySlice<UInt8>, within shield: Shield) {
        bytes += Self.mark(shield.opening) + piece
        guard let quote = shield.closing else { return }
        // A comment to the end of the line would swallow the mark.
        let isLineComment = piece.first == ASCII.dash || piece.first == ASCII.hash
        if isLineComment, piece.last != ASCII.lineFeed { bytes.append(ASCII.lineFeed) }
        bytes += Self.mark(quote)
    }

    private static func mark(_ quote: UInt8) -> [UInt8] { Array("/*!999999 ".utf8) + [quote] + Array(" */".utf8) }

    private func isFragile(_ piece: ArraySlice<UInt8>, _ kind: SchemaTokens.Kind) -> Bool {
        switch kind {
        case .comment: true
        case .string, .name: client(reading: piece, inside: nil) == nil
        case .word, .versionMark, .symbol: false
        }
    }

    private func shield(for piece: ArraySlice<UInt8>) -> Shield? {
        for quote in Self.quotes {
            guard let end = client(reading: piece, inside: quote) else { continue }
            return Shield(opening: quote, closing: end.quote)
        }
        return nil
    }

    private static let quotes = [ASCII.backtick, ASCII.singleQuote, ASCII.doubleQuote]

    /// What the client takes itself to be in: quotes, or none.
    private struct Reading { var quote: UInt8? }

    /// Where the client is after a piece that it began to read inside `quote`; nil when it would drop something.
    private func client(reading piece: ArraySlice<UInt8>, inside quote: UInt8?) -> Reading? {
        var reading = Reading(quote: quote)
        var index = piece.startIndex
        while index < piece.endIndex {
            let byte = piece[index]
            let next = index + 1 < piece.endIndex ? piece[index + 1] : ASCII.lineFeed
            if let quote = reading.quote {
                if byte == ASCII.backslash, clientEscapes(inside: quote) {
                    if next == ASCII.lineFeed { return nil }
                    index += 1
                } else if byte == quote {
                    reading.quote = nil
                }
            } else if Self.quotes.contains(byte) {
                reading.quote = byte
            } else if byte == ASCII.hash || byte == ASCII.backslash || byte == ASCII.dash && next == ASCII.dash
                || byte == ASCII.slash && next == ASCII.star
            {
                return nil
            }
            index += 1
        }
        return reading
    }

    /// Whether the client takes a backslash inside these quotes for the first half of something.
    private func clientEscapes(inside quote: UInt8) -> Bool {
        switch flavour {
        case .mariadb: dialect.escapes(inside: quote)
        case .mysql: !dialect.noBackslashEscapes
        }
    }

    /// A delimiter that does not occur in the statement.
    var delimiter: String {
        for candidate in [";;", "//", "$$"] where !occurs(candidate) { return candidate }
        return (1...).lazy.map { "$$\($0)$$" }.first { !occurs($0) }!
    }

    private func occurs(_ candidate: String) -> Bool { bytes.containsSubsequence(Array(candidate.utf8)) }
}

extension [UInt8] {
    /// True when `other`, which is not empty, stands somewhere in the bytes.
    func containsSubsequence(_ other: [UInt8]) -> Bool {
        var start = startIndex
        while let first = self[start...].firstIndex(of: other[0]) {
            if self[first...].starts(with: other) { return true }
            start = first + 1
        }
        return false
    }
}
