/// SET, which may change this session alone.
extension ForeignGuard {
    /// What a restore decides by itself, or leaves as it is.
    private static let passed: Set = ["sql_log_bin", "gtid_purged", "gtid_next", "autocommit"]
    private static let kinds: Set = ["password", "role", "default", "statement", "resource"]

    mutating func setting(_ statement: ForeignStatement) throws -> ForeignVerdict {
        let second = statement.word(1)
        let words: Set = [second, statement.word(2)]
        if words.contains("transaction") { return .pass() }
        guard !Self.kinds.contains(second) else { throw ForeignRefusal("SET \(second.uppercased())") }
        if Self.isAboutRocksDB(statement) { return .pass() }
        var names: [String] = []
        for start in Self.items(of: statement) {
            let (name, isGlobal) = Self.assigned(statement, at: start)
            if isGlobal, !Self.passed.contains(name) { throw ForeignRefusal("SET GLOBAL \(name)") }
            names.append(name)
        }
        if let passed = names.first(where: Self.passed.contains) {
            guard names.count == 1 else { throw ForeignRefusal("SET of \(passed) among others") }
            return .pass(note: passed == "autocommit" ? nil : "the dump's setting of \(passed) was passed over")
        }
        try requireComputed(statement)
        return .session(try mapped(statement, inStrings: true).bytes)
    }

    /// Where the assignments begin.
    private static func items(of statement: ForeignStatement) -> [Int] {
        var (items, depth) = ([1], 0)
        for index in statement.tokens.indices {
            if statement.isSymbol(index, "(") { depth += 1 }
            if statement.isSymbol(index, ")") { depth -= 1 }
            if statement.isSymbol(index, ","), depth == 0 { items.append(index + 1) }
        }
        return items
    }

    /// The variable of one assignment in lower case, empty for one of the user.
    private static func assigned(_ statement: ForeignStatement, at start: Int) -> (name: String, isGlobal: Bool) {
        var index = start
        if statement.isSymbol(index, "@") {
            guard statement.isSymbol(index + 1, "@") else { return ("", false) }
            index += 2
        }
        var isGlobal = false
        let scope = statement.word(index)
        if ["global", "persist", "persist_only", "session", "local"].contains(scope) {
            isGlobal = scope != "session" && scope != "local"
            index += statement.isSymbol(index + 1, ".") ? 2 : 1
        }
        return ((statement.name(index) ?? "").lowercased(), isGlobal)
    }

    /// Refuses queries, functions of a database, and names with qualifiers.
    private func requireComputed(_ statement: ForeignStatement) throws {
        if let word = statement.contains(["select", "with", "into"]) {
            throw ForeignRefusal("SET with \(word.uppercased())")
        }
        for index in statement.tokens.indices.dropFirst() {
            if statement.isSymbol(index, "("), let name = statement.name(index - 1),
                !(statement.tokens[index - 1].kind == .word && ForeignFunctions.allowed.contains(name.uppercased()))
            {
                throw ForeignRefusal("SET with a call of \(name)")
            }
            if statement.isSymbol(index, "."), !statement.isNumber(index - 1),
                !(statement.isSymbol(index - 2, "@") && statement.isSymbol(index - 3, "@"))
            {
                throw ForeignRefusal("SET with a qualified name")
            }
        }
    }
}
