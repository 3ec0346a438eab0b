/// The account as which a view, routine, trigger or event runs.
struct DefinerClause: Sendable, Equatable {
    let user: String
    /// `%` where none is written.
    let host: String
    /// The clause in the text, from DEFINER to the end of the account.
    let range: Range<Int>

    var account: String { "\(user)@\(host)" }

    /// The clause of a CREATE; nil where it has none, or one that says CURRENT_USER.
    init?(in bytes: [UInt8], dialect: ScriptDialect = ScriptDialect(), characterSet: String = "utf8mb4") {
        let statement = ForeignStatement(bytes, dialect: dialect, characterSet: characterSet)
        guard statement.word(0) == "create", let place = statement.first(of: ["definer"], within: 12),
            statement.isSymbol(place + 1, "="), let user = Self.text(statement, place + 2)
        else { return nil }
        let end = Self.end(in: statement, from: place + 2)
        guard statement.word(place + 2) != "current_user" else { return nil }
        self.user = user
        host = statement.isSymbol(place + 3, "@") ? Self.text(statement, place + 4) ?? "%" : "%"
        range = statement.tokens[place].range.lowerBound..<statement.tokens[end - 1].range.upperBound
    }

    /// The place behind the account that begins at `index`.
    static func end(in statement: ForeignStatement, from index: Int) -> Int {
        if statement.isSymbol(index + 1, "@") { return index + 3 }
        return statement.isSymbol(index + 1, "(") ? index + 3 : index + 1
    }

    /// A name or a string without its quotes.
    private static func text(_ statement: ForeignStatement, _ index: Int) -> String? {
        if let name = statement.name(index) { return name }
        guard statement.tokens.indices.contains(index), statement.tokens[index].kind == .string else { return nil }
        let content = statement.bytes[statement.tokens[index].range].dropFirst().dropLast()
        return String(decoding: content, as: UTF8.self).replacing("''", with: "'")
    }
}
