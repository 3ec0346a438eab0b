/// Names in a statement that decide how it can be run again.
struct StatementNames: Sendable, Equatable {
    /// User variables, without their sign.
    private(set) var variables: Set<String> = []
    /// The table of CREATE TEMPORARY TABLE.
    private(set) var temporaryTable: String?
    /// The table that INSERT, REPLACE, UPDATE or DELETE changes, where it is a plain name.
    private(set) var changedTable: String?

    /// A semicolon stands in it, which only a DELIMITER makes possible: it may be several statements to a server.
    private(set) var hasSemicolon = false
    /// It begins in a comment with a version, `/*!80013 …`: to a server that passes it over it may be no statement at all.
    private(set) var mayBeEmpty = false
    /// It asks for what the statement before has left in the session, or leaves something that lasts.
    private(set) var dependsOnSession = false

    private static let wordsOfSession: Set = [
        "ROW_COUNT", "FOUND_ROWS", "LAST_INSERT_ID", "GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS",
    ]

    init(_ text: [UInt8], dialect: ScriptDialect) {
        text.withUnsafeBytes { bytes in
            var tokens = SQLTokens(bytes, dialect: dialect)
            readHead(tokens)
            var isFirst = true
            while let range = tokens.nextRange() {
                if isFirst { mayBeEmpty = !tokens.marks.isEmpty }
                isFirst = false
                if bytes[range.lowerBound] == UInt8(ascii: ";") { hasSemicolon = true }
                if bytes[range.lowerBound] == UInt8(ascii: "@"), tokens.token(at: range) == .userVariable {
                    let name = tokens.name(at: range.dropFirst())
                    if !name.isEmpty { variables.insert(name.lowercased()) }
                }
                if (8...17).contains(range.count), case .word(let word) = tokens.token(at: range),
                    Self.wordsOfSession.contains(word)
                {
                    dependsOnSession = true
                }
            }
        }
    }

    private mutating func readHead(_ head: SQLTokens) {
        var tokens = head
        guard case .word(let verb)? = tokens.next() else { return }
        let fillers: Set =
            switch verb {
            case "CREATE": ["OR", "REPLACE", "TEMPORARY", "TABLE", "IF", "NOT", "EXISTS"]
            case "INSERT", "REPLACE": ["INTO", "IGNORE", "LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED"]
            case "UPDATE": ["LOW_PRIORITY", "IGNORE"]
            case "DELETE": ["FROM", "LOW_PRIORITY", "QUICK", "IGNORE"]
            default: []
            }
        guard !fillers.isEmpty else { return }
        var passed: Set<String> = []
        while let range = tokens.nextRange() {
            if case .word(let word) = tokens.token(at: range), fillers.contains(word) {
                passed.insert(word)
                continue
            }
            let name = tokens.name(at: range)
            if verb != "CREATE" { changedTable = name }
            if passed.isSuperset(of: ["TEMPORARY", "TABLE"]) { temporaryTable = name }
            return
        }
    }
}
