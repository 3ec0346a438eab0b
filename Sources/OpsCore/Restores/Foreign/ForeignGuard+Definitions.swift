/// CREATE, ALTER and DROP.
extension ForeignGuard {
    private static let programs: Set = [
        "view", "function", "procedure", "trigger", "event", "package", "library",
    ]

    mutating func creation(
        _ statement: ForeignStatement, withComments: () throws -> ForeignStatement
    ) throws -> ForeignVerdict {
        let index = try kindIndex(of: statement)
        let kind = statement.word(index)
        switch kind {
        case "database", "schema":
            guard let name = statement.qualifiedName(at: index + 1)?.name else { break }
            try settle(home: name, "CREATE DATABASE")
            return .pass()
        case "table" where statement.first(of: ["temporary"], within: index) == nil:
            if let word = statement.contains(["select"]) {
                throw ForeignRefusal("CREATE TABLE with \(word.uppercased())")
            }
            return try table(try mapped(statement), at: index + 1, "CREATE") { .createsTable($0) }
        case "sequence": return try table(statement, at: index + 1, "CREATE") { .createsSequence($0) }
        case "index":
            guard let place = statement.first(of: ["on"], from: index) else { break }
            return try table(statement, at: place + 1, "CREATE INDEX") { .changes($0) }
        case _ where Self.programs.contains(kind): return try object(withComments())
        default: break
        }
        throw ForeignRefusal(Self.title(statement))
    }

    /// Where the kind of the object stands behind CREATE.
    private func kindIndex(of statement: ForeignStatement) throws -> Int {
        var index = 1
        while true {
            switch statement.word(index) {
            case "or", "replace", "temporary", "unique", "fulltext", "spatial", "undefined", "merge", "temptable",
                "security", "invoker", "aggregate", "algorithm":
                index += 1
            case "sql": index += 1
            case "definer":
                index += 1
                if statement.isSymbol(index, "="), statement.word(index - 1) == "definer" {
                    index = DefinerClause.end(in: statement, from: index + 1)
                }
            case "" where statement.isSymbol(index, "="): index += 1
            default: return index
            }
            guard index < statement.tokens.count else { throw ForeignRefusal(Self.title(statement)) }
        }
    }

    private mutating func object(_ text: ForeignStatement) throws -> ForeignVerdict {
        let index = try kindIndex(of: text)
        var (type, place) = (text.word(index), index + 1)
        if type == "package", text.word(place) == "body" { (type, place) = ("package body", place + 1) }
        guard let name = text.qualifiedName(at: place) else { throw ForeignRefusal(Self.title(text)) }
        try requireHome(name.schema, "a \(type)")
        // A function of a shared library is the whole server's.
        if type == "function", let returns = text.first(of: ["soname"], from: name.next, within: 4), returns > 0 {
            throw ForeignRefusal("CREATE FUNCTION … SONAME")
        }
        var key = ForeignObject.Key(type: type, name: name.name)
        var bytes = try mapped(text).bytes
        if type == "trigger" {
            guard let found = TriggerPlace(statement: bytes, dialect: dialect, characterSet: characterSet) else {
                throw ForeignRefusal("a trigger whose table does not show")
            }
            try requireHome(found.tableSchema, "a trigger of a table")
            key.table = found.table
        }
        if let home, type == "view" {
            bytes = SchemaQualifier(view: bytes, database: home, characterSet: characterSet).text
        } else if type == "trigger" {
            bytes = SchemaQualifier.trigger(bytes, dialect: dialect, characterSet: characterSet)
        } else if name.schema != nil {
            bytes = withoutQualifier(bytes, at: place)
        }
        return .object(key, bytes)
    }

    private func withoutQualifier(_ bytes: [UInt8], at place: Int) -> [UInt8] {
        let text = ForeignStatement(bytes, dialect: dialect, characterSet: characterSet)
        guard let dot = (place..<text.tokens.count).first(where: { text.isSymbol($0, ".") }) else { return bytes }
        let range = text.tokens[dot - 1].range.lowerBound..<text.tokens[dot + 1].range.lowerBound
        return text.replacing([(range, [])]).bytes
    }

    mutating func alteration(_ statement: ForeignStatement) throws -> ForeignVerdict {
        switch statement.word(1) {
        case "database", "schema":
            // Without a name it is the session's own database, which is the shadow schema.
            let options: Set = ["character", "charset", "collate", "default"]
            var index = 2
            if !options.contains(statement.word(2)) {
                guard let name = statement.name(2), isHome(name) || name == target else {
                    throw ForeignRefusal("ALTER DATABASE \(statement.name(2) ?? "")")
                }
                index = 3
            }
            guard options.contains(statement.word(index)) else { throw ForeignRefusal("ALTER DATABASE") }
            let text = try mapped(statement).text(from: index)
            return .collation(text)
        case "table":
            if let word = statement.contains(["rename", "exchange", "discard", "import", "select"]) {
                throw ForeignRefusal("ALTER TABLE … \(word.uppercased())")
            }
            return try table(try mapped(statement), at: 2, "ALTER") { .changes($0) }
        case "sequence": return try table(statement, at: 2, "ALTER") { .changes($0) }
        default: throw ForeignRefusal(Self.title(statement))
        }
    }

    mutating func removal(_ statement: ForeignStatement) throws -> ForeignVerdict {
        var (type, index) = (statement.word(1), 2)
        if type == "package", statement.word(2) == "body" { (type, index) = ("package body", 3) }
        guard type == "table" || type == "sequence" || Self.programs.contains(type) || type == "package body" else {
            throw ForeignRefusal("DROP \(type.uppercased())")
        }
        var names: [String] = []
        while let name = statement.qualifiedName(at: index) {
            try requireHome(name.schema, "DROP of a \(type)")
            try requireFree(name.name)
            names.append(name.name)
            index = name.next + 1
            guard statement.isSymbol(name.next, ",") else { break }
        }
        guard !names.isEmpty else { throw ForeignRefusal("DROP \(type.uppercased())") }
        guard type == "table" || type == "sequence" else {
            return .dropped(names.map { ForeignObject.Key(type: type, name: $0) })
        }
        let list = names.map(SQLQuery.identifier).joined(separator: ", ")
        return .definition(Array("DROP \(type.uppercased()) IF EXISTS \(list)".utf8), .drops(names))
    }
}
