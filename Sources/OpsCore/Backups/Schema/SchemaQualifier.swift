/// Takes the name of the database out of statements that the server wrote with it, and finds what a view uses.
///
/// MySQL leaves the default database out of a view, but not in front of functions. MariaDB leaves it out only where a view
/// uses nothing of another database, and never in front of functions and sequences (`table->compact_view_format` in its
/// `sql_show.cc`). An alias may have the name of the database, so the place of a name decides what it is: the servers print
/// views in one normal form, in which a table stands only behind FROM and JOIN, every column behind a table or an alias,
/// and everything in backticks.
struct SchemaQualifier {
    /// A statement without the database's name.
    private(set) var text: [UInt8] = []
    /// The names of this database's tables and views that stand behind FROM and JOIN.
    private(set) var tables: Set<[UInt8]> = []
    /// The names of this database's functions that are called.
    private(set) var functions: Set<[UInt8]> = []

    private let bytes: [UInt8]
    private let tokens: [SchemaTokens.Token]
    private let database: [UInt8]
    private let areTablesNamed: Bool
    private var levels = [Level()]
    private var copied = 0
    private var expectsTable = false

    /// What is known of one pair of parentheses.
    private struct Level {
        /// The word in front of it.
        var opener = ""
        /// A FROM in it begins a list of tables; the FROM of EXTRACT and TRIM does not.
        var isQuery = false
    }

    /// A view's statement.
    init(view bytes: [UInt8], database: String, characterSet: String) {
        self.init(bytes, database, characterSet, areTablesNamed: true)
    }

    /// A table's statement, in which only the defaults that draw from a sequence name the database.
    init(table bytes: [UInt8], database: String) {
        self.init(bytes, database, "utf8mb4", areTablesNamed: false)
    }

    private init(_ bytes: [UInt8], _ database: String, _ characterSet: String, areTablesNamed: Bool) {
        self.bytes = bytes
        self.database = Array(database.utf8)
        self.areTablesNamed = areTablesNamed
        tokens = SchemaTokens(bytes, characterSet: characterSet).filter { $0.kind != .comment }
        text.reserveCapacity(bytes.count)
        var index = 0
        while index < tokens.count { index = visit(index) }
        text += bytes[copied...]
    }

    private func symbol(at index: Int) -> UInt8? {
        guard tokens.indices.contains(index), case .symbol(let byte) = tokens[index].kind else { return nil }
        return byte
    }

    /// Takes one token, or one name with its qualifiers, and returns the index of what follows.
    private mutating func visit(_ index: Int) -> Int {
        switch tokens[index].kind {
        case .name:
            return visitPath(index)
        case .word:
            visitWord(index)
        case .symbol(UInt8(ascii: "(")):
            levels.append(Level(opener: index > 0 ? tokens[index - 1].keyword(in: bytes) : ""))
        case .symbol(UInt8(ascii: ")")):
            if levels.count > 1 { levels.removeLast() }
            expectsTable = false
        case .string, .symbol, .versionMark, .comment:
            expectsTable = false
        }
        return index + 1
    }

    private mutating func visitWord(_ index: Int) {
        switch tokens[index].keyword(in: bytes) {
        case "select":
            levels[levels.count - 1].isQuery = true
            expectsTable = false
        case "from": expectsTable = levels[levels.count - 1].isQuery
        case "join": expectsTable = true
        // It is also an option of SELECT.
        case "straight_join": expectsTable = isBehindTable(index)
        default: expectsTable = false
        }
    }

    private func isBehindTable(_ index: Int) -> Bool {
        guard index > 0 else { return false }
        return tokens[index - 1].kind == .name || symbol(at: index - 1) == UInt8(ascii: ")")
    }

    private mutating func visitPath(_ first: Int) -> Int {
        var last = first
        while symbol(at: last + 1) == UInt8(ascii: "."), last + 2 < tokens.count, tokens[last + 2].kind == .name {
            last += 2
        }
        let isQualified = last > first && tokens[first].identifier(in: bytes) == database
        let isCall = symbol(at: last + 1) == UInt8(ascii: "(")
        if isQualified, isDatabase(pathOf: (last - first) / 2 + 1, isCall: isCall) {
            text += bytes[copied..<tokens[first].range.lowerBound]
            copied = tokens[first + 2].range.lowerBound
        }
        if isQualified || last == first {
            let name = tokens[last].identifier(in: bytes)
            if expectsTable { tables.insert(name) }
            if isCall { functions.insert(name) }
        }
        expectsTable = false
        return last + 1
    }

    /// Whether the first of `count` names is the database, given that it is called like it.
    private func isDatabase(pathOf count: Int, isCall: Bool) -> Bool {
        let isSequence = ["nextval", "lastval", "setval"].contains(levels[levels.count - 1].opener)
        return isSequence || areTablesNamed && (count > 2 || isCall || expectsTable)
    }
}

extension SchemaQualifier {
    /// A MariaDB trigger, which is kept as it was typed: `CREATE … TRIGGER db.name … ON db.table` loses both qualifiers,
    /// which can only be its own database. The body stays as it is.
    static func trigger(_ bytes: [UInt8], dialect: ScriptDialect, characterSet: String) -> [UInt8] {
        var tokens = SchemaTokens(bytes, dialect: dialect, characterSet: characterSet).lazy
            .filter { $0.kind != .comment }.makeIterator()
        var removed: [Range<Int>] = []
        for keyword in ["trigger", "on"] {
            while let token = tokens.next(), token.keyword(in: bytes) != keyword {}
            guard var first = tokens.next() else { return bytes }
            if first.keyword(in: bytes) == "if" {
                for _ in 0..<3 { first = tokens.next() ?? first }
            }
            let rest = tokens
            guard tokens.next()?.kind == .symbol(UInt8(ascii: ".")), let second = tokens.next() else {
                tokens = rest
                continue
            }
            removed.append(first.range.lowerBound..<second.range.lowerBound)
        }
        var text = bytes
        for range in removed.reversed() { text.removeSubrange(range) }
        return text
    }
}
