/// The statements of a dump by their first words.
extension ForeignGuard {
    /// - Parameter withComments: the same statement with the comments of its body.
    mutating func judge(
        _ statement: ForeignStatement, withComments: () throws -> ForeignStatement
    ) throws -> ForeignVerdict {
        switch statement.word(0) {
        case "set": return try setting(statement)
        case "create": return try creation(statement, withComments: withComments)
        case "drop": return try removal(statement)
        case "alter": return try alteration(statement)
        case "truncate":
            return try table(statement, at: statement.word(1) == "table" ? 2 : 1, "TRUNCATE") { .empties($0) }
        case "use":
            if let name = statement.name(1) { try settle(home: name, "USE") }
            return .pass()
        case "do", "select": return try sequenceValue(statement)
        case "prepare", "execute", "deallocate": return try prepared(statement)
        // The restore has transactions of its own, and nobody else is in the shadow schema.
        case "lock" where ["table", "tables"].contains(statement.word(1)),
            "unlock" where ["table", "tables"].contains(statement.word(1)), "commit":
            return .pass()
        case "start" where statement.word(1) == "transaction": return .pass()
        case "begin" where statement.tokens.count == 1 || statement.word(1) == "work": return .pass()
        case "analyze" where statement.word(1) != "format", "optimize", "check": return .pass()
        default: throw ForeignRefusal(Self.title(statement))
        }
    }

    /// The first words of a statement, for people; nothing of its values.
    static func title(_ statement: ForeignStatement) -> String {
        var words: [String] = []
        while words.count < 3 {
            let word = statement.word(words.count)
            guard !word.isEmpty, !statement.isNumber(words.count) else { break }
            if words.count > 0, !titles.contains(word) { break }
            words.append(word.uppercased())
        }
        return words.isEmpty ? "a statement that is not known" : words.joined(separator: " ")
    }

    private static let titles: Set = [
        "data", "database", "schema", "user", "role", "server", "into", "outfile", "local", "infile", "xml",
        "tablespace",
        "logfile", "group", "plugin", "component", "master", "replication", "table", "view", "or", "replace", "all",
        "privileges", "temporary", "function", "binary", "logs", "global", "instance", "resource", "event",
    ]

    // MARK: - Single statements

    /// DO SETVAL(`s`, 1001, 0), and nothing else; of SELECT also what some builds of mysqldump ask about RocksDB.
    private mutating func sequenceValue(_ statement: ForeignStatement) throws -> ForeignVerdict {
        if statement.word(0) == "select", Self.isAboutRocksDB(statement) { return .pass() }
        guard statement.word(1) == "setval", statement.isSymbol(2, "("),
            let sequence = statement.qualifiedName(at: 3)
        else { throw ForeignRefusal(Self.title(statement)) }
        try requireHome(sequence.schema, "the value of a sequence")
        let rest = statement.tokens[sequence.next...]
        let isPlain = rest.allSatisfy { token in
            token.kind == .word && statement.bytes[token.range].allSatisfy(ASCII.isDigit)
                || [",", ")", "-"].contains { token.kind == .symbol(UInt8(ascii: $0)) }
        }
        guard isPlain else { throw ForeignRefusal("the value of a sequence that is computed") }
        let arguments = Array(statement.bytes[statement.tokens[sequence.next].range.lowerBound...])
        let head = Array("DO SETVAL(\(SQLQuery.identifier(sequence.name))".utf8)
        return .definition(head + arguments, .changes(sequence.name))
    }

    /// mysqldump of some builds prepares statements that speed RocksDB up; they are passed over, all others are refused.
    private mutating func prepared(_ statement: ForeignStatement) throws -> ForeignVerdict {
        let isDeallocation = statement.word(0) == "deallocate"
        let name = statement.name(isDeallocation ? 2 : 1) ?? ""
        if statement.word(0) == "prepare", Self.isAboutRocksDB(statement) { ignoredStatements.insert(name) }
        guard ignoredStatements.contains(name) else { throw ForeignRefusal(Self.title(statement)) }
        return .pass()
    }

    static func isAboutRocksDB(_ statement: ForeignStatement) -> Bool {
        statement.tokens.indices.contains { index in
            statement.isSymbol(index, "@") && (statement.name(index + 1) ?? "").hasPrefix("rocksdb_")
        }
    }

    /// A statement about one table.
    func table(
        _ statement: ForeignStatement, at index: Int, _ what: String, _ effect: (String) -> ForeignVerdict.Effect
    ) throws -> ForeignVerdict {
        guard let name = statement.qualifiedName(at: index) else { throw ForeignRefusal(Self.title(statement)) }
        try requireHome(name.schema, "\(what) of a table")
        try requireFree(name.name)
        return .definition(try unqualified(statement, table: name.name).bytes, effect(name.name))
    }

    /// The statement without the name of the dump's own database; another database may only be named behind REFERENCES.
    func unqualified(_ statement: ForeignStatement, table: String) throws -> ForeignStatement {
        var pieces: [(range: Range<Int>, text: [UInt8])] = []
        for index in statement.tokens.indices where statement.isSymbol(index, ".") {
            // A number, and what follows the sign of a system variable.
            guard index > 0, !statement.isNumber(index - 1), let name = statement.name(index - 1) else { continue }
            guard statement.name(index + 1) != nil else { continue }
            if isHome(name) {
                let start = statement.tokens[index - 1].range.lowerBound
                pieces.append((start..<statement.tokens[index + 1].range.lowerBound, []))
            } else if statement.word(index - 2) == "references" {
                continue
            } else if name == table, !statement.isSymbol(index + 2, "("), !statement.isSymbol(index - 2, "("),
                statement.word(index - 2) != "for"
            {
                // A column behind the name of its table.
                continue
            } else {
                throw ForeignRefusal("a name with the qualifier \(name)")
            }
        }
        return statement.replacing(pieces)
    }
}
