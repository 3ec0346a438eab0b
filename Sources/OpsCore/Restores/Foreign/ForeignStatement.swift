/// The words of a statement without comments.
struct ForeignStatement {
    private(set) var bytes: [UInt8]
    private(set) var tokens: [SchemaTokens.Token]
    private let dialect: ScriptDialect
    private let characterSet: String

    init(_ bytes: [UInt8], dialect: ScriptDialect, characterSet: String = "utf8mb4") {
        self.bytes = bytes
        self.dialect = dialect
        self.characterSet = characterSet
        tokens = Self.tokens(of: bytes, dialect, characterSet)
    }

    private static func tokens(
        of bytes: [UInt8], _ dialect: ScriptDialect, _ characterSet: String
    ) -> [SchemaTokens.Token] {
        SchemaTokens(bytes, dialect: dialect, characterSet: characterSet)
            .filter { $0.kind != .comment && $0.kind != .versionMark }
    }

    /// The keyword at a place in lower case; empty for everything else.
    func word(_ index: Int) -> String {
        tokens.indices.contains(index) ? tokens[index].keyword(in: bytes) : ""
    }

    func isSymbol(_ index: Int, _ symbol: Unicode.Scalar) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .symbol(UInt8(ascii: symbol))
    }

    /// The name at a place, quoted or not.
    func name(_ index: Int) -> String? {
        guard tokens.indices.contains(index), [.word, .name].contains(tokens[index].kind) else { return nil }
        return String(decoding: tokens[index].identifier(in: bytes), as: UTF8.self)
    }

    /// Whether a word begins like a number; an unquoted name may begin so too.
    func isNumber(_ index: Int) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .word
            && bytes[tokens[index].range].allSatisfy(ASCII.isDigit)
    }

    /// The place of the first of some keywords, which come within `limit` tokens.
    func first(of words: Set<String>, from start: Int = 0, within limit: Int = 40) -> Int? {
        (start..<min(tokens.count, start + limit)).first { words.contains(word($0)) }
    }

    /// Whether one of the keywords stands anywhere.
    func contains(_ words: Set<String>) -> String? {
        tokens.indices.lazy.map { word($0) }.first { words.contains($0) }
    }

    /// A name that may have a qualifier, behind IF EXISTS and IF NOT EXISTS.
    func qualifiedName(at start: Int) -> (schema: String?, name: String, next: Int)? {
        var index = start
        if word(index) == "if" {
            guard let exists = first(of: ["exists"], from: index, within: 3) else { return nil }
            index = exists + 1
        }
        guard let first = name(index) else { return nil }
        guard isSymbol(index + 1, ".") else { return (nil, first, index + 1) }
        return name(index + 2).map { (first, $0, index + 3) }
    }

    /// The same without some pieces of its text, or with others in their place.
    func replacing(_ pieces: [(range: Range<Int>, text: [UInt8])]) -> ForeignStatement {
        var text = bytes
        for piece in pieces.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            text.replaceSubrange(piece.range, with: piece.text)
        }
        return pieces.isEmpty ? self : ForeignStatement(text, dialect: dialect, characterSet: characterSet)
    }

    /// The text from a place to the end.
    func text(from index: Int) -> [UInt8] {
        tokens.indices.contains(index) ? Array(bytes[tokens[index].range.lowerBound...]) : []
    }
}
