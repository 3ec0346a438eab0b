/// Finds the objects whose definition a DDL statement changes.
///
/// Only what is sure is returned: for a statement that it does not know in full, `nil`, and the caller looks at the whole
/// schema.
struct StatementObjects {
    private var tokens: SQLTokens
    private var current: (token: SQLTokens.Token, range: Range<Int>)?

    /// - Returns: nil where the objects cannot be told.
    static func named(in text: [UInt8], dialect: ScriptDialect) -> [NamedObject]? {
        text.withUnsafeBytes { bytes in
            var parser = StatementObjects(SQLTokens(bytes, dialect: dialect))
            return parser.objects()
        }
    }

    private init(_ tokens: SQLTokens) {
        self.tokens = tokens
        advance()
    }

    private mutating func objects() -> [NamedObject]? {
        switch takeWord() {
        case "CREATE": created()
        case "DROP": dropped()
        case "ALTER": altered()
        case "RENAME": takeIf("TABLE") || takeIf("TABLES") ? renamed() : nil
        default: nil
        }
    }

    // MARK: - Statements

    private mutating func created() -> [NamedObject]? {
        skipModifiers()
        if currentWord == "INDEX" { return indexedTable() }
        guard let kind = takeKind() else { return nil }
        return object(kind).map { [$0] }
    }

    private mutating func dropped() -> [NamedObject]? {
        if currentWord == "INDEX" { return indexedTable() }
        return takeKind().flatMap { list($0) }
    }

    private mutating func altered() -> [NamedObject]? {
        skipModifiers()
        guard let kind = takeKind(), let object = object(kind) else { return nil }
        return kind == .table || kind == .event ? [object] + renameTarget(kind) : [object]
    }

    private mutating func renamed() -> [NamedObject]? {
        skipExistence()
        var found: [NamedObject] = []
        while let old = object(.table) {
            guard takeIf("TO"), let new = object(.table) else { return nil }
            found += [old, new]
            guard take(symbol: ",") else { return found }
        }
        return nil
    }

    /// The table after ON.
    private mutating func indexedTable() -> [NamedObject]? {
        while current != nil {
            if takeIf("ON") { return object(.table).map { [$0] } }
            advance()
        }
        return nil
    }

    /// RENAME [TO|AS] name in an ALTER, but not RENAME COLUMN, INDEX, KEY or CONSTRAINT.
    private mutating func renameTarget(_ kind: NamedObject.Kind) -> [NamedObject] {
        while current != nil {
            if takeIf("RENAME") {
                if ["COLUMN", "INDEX", "KEY", "CONSTRAINT"].contains(currentWord) { continue }
                _ = takeIf("TO") || takeIf("AS")
                return object(kind).map { [$0] } ?? []
            }
            advance()
        }
        return []
    }

    // MARK: - Pieces

    private mutating func list(_ kind: NamedObject.Kind) -> [NamedObject]? {
        var found: [NamedObject] = []
        while let object = object(kind) {
            found.append(object)
            guard take(symbol: ",") else { return found }
        }
        return nil
    }

    private mutating func object(_ kind: NamedObject.Kind) -> NamedObject? {
        guard let first = takeName() else { return nil }
        guard take(symbol: ".") else { return NamedObject(kind: kind, schema: nil, name: first) }
        return takeName().map { NamedObject(kind: kind, schema: first, name: $0) }
    }

    private mutating func takeName() -> String? {
        guard let current, let first = tokens.text(of: current.range).first, first != ASCII.singleQuote else {
            return nil
        }
        switch current.token {
        case .word, .quoted:
            advance()
            return tokens.name(at: current.range)
        default: return nil
        }
    }

    private mutating func takeKind() -> NamedObject.Kind? {
        guard let kind = currentWord.flatMap(NamedObject.Kind.init(keyword:)) else { return nil }
        advance()
        skipExistence()
        return kind
    }

    /// What may stand between the verb and the kind of the object.
    private static let modifiers: Set = [
        "OR", "REPLACE", "UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR", "ALGORITHM", "UNDEFINED", "MERGE", "TEMPTABLE",
        "SQL",
        "SECURITY", "INVOKER", "AGGREGATE", "ONLINE", "OFFLINE", "IGNORE",
    ]

    private mutating func skipModifiers() {
        while let token = current?.token {
            switch token {
            case .word("DEFINER"): skipDefiner()
            case .word(let word) where Self.modifiers.contains(word): advance()
            case .symbol(UInt8(ascii: "=")): advance()
            default: return
            }
        }
    }

    private mutating func skipExistence() {
        guard takeIf("IF") else { return }
        _ = takeIf("NOT")
        _ = takeIf("EXISTS")
    }

    /// DEFINER = user[@host] | CURRENT_USER[()] | ROLE
    private mutating func skipDefiner() {
        advance()
        guard take(symbol: "=") else { return }
        advance()
        while let token = current?.token {
            switch token {
            case .userVariable, .symbol(UInt8(ascii: "(")), .symbol(UInt8(ascii: ")")): advance()
            case .symbol(UInt8(ascii: "@")):
                advance()
                advance()
            default: return
            }
        }
    }

    private var currentWord: String? {
        if case .word(let word) = current?.token { word } else { nil }
    }

    private mutating func takeWord() -> String? {
        defer { advance() }
        return currentWord
    }

    private mutating func takeIf(_ word: String) -> Bool {
        guard currentWord == word else { return false }
        advance()
        return true
    }

    private mutating func take(symbol: Unicode.Scalar) -> Bool {
        guard current?.token == .symbol(UInt8(ascii: symbol)) else { return false }
        advance()
        return true
    }

    private mutating func advance() {
        current = tokens.nextRange().map { (tokens.token(at: $0), $0) }
    }
}

extension NamedObject.Kind {
    /// The keyword that names the kind in CREATE, ALTER and DROP.
    init?(keyword: String) {
        switch keyword {
        case "SCHEMA": self = .database
        default: self.init(rawValue: keyword)
        }
    }
}
