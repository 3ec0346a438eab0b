/// Decides what is done with each statement of a dump, so that nothing is written outside of the shadow schema.
///
/// What is not known to belong into a dump is refused. Nothing that a dump brings runs while it is loaded: routines, views,
/// triggers and events are made after the exchange.
struct ForeignGuard {
    /// What only the server can tell.
    struct Server {
        /// Whether it runs the content of a version comment, given the mark that opens it.
        var executes: ForeignText.Executes
        /// Whether it knows a collation.
        var knowsCollation: (String) throws -> Bool
    }

    /// The database that is restored: a USE of it is passed over.
    let target: String
    /// The database that the dump says it is of.
    private(set) var home: String?
    var collations: ForeignCollations
    var dialect = ScriptDialect()
    /// The one in which the server reads statements.
    var characterSet = "utf8mb4"
    /// Names of prepared statements that are passed over with all that runs them.
    var ignoredStatements: Set<String> = []

    private let server: Server

    init(target: String, collations: ForeignCollations, server: Server) {
        self.target = target
        self.collations = collations
        self.server = server
    }

    /// Takes the comments in front of the first statement.
    mutating func take(_ header: [ScriptComment]) {
        for comment in header {
            for line in comment.text.split(separator: "\n") {
                guard let mark = line.range(of: "Database: ") else { continue }
                let name = line[mark.upperBound...].trimming { $0 == " " || $0 == "`" }
                if !name.isEmpty, home == nil { home = String(name) }
            }
        }
    }

    /// - Throws: ``ForeignRefusal``.
    mutating func judge(_ text: UnsafeRawBufferPointer) throws -> ForeignVerdict {
        let start = text.prefix(8).map(ASCII.lowercased)
        if start.starts(with: "insert".utf8) || start.starts(with: "replace".utf8) { return try rows(text) }
        let plain = try ForeignText(
            text, dialect: dialect, characterSet: characterSet, keepsComments: false, executes: server.executes)
        let statement = ForeignStatement(plain.bytes, dialect: dialect, characterSet: characterSet)
        guard !statement.tokens.isEmpty else { return .pass() }
        if statement.word(0) == "insert" || statement.word(0) == "replace" {
            return try plain.bytes.withUnsafeBytes { try rows($0) }
        }
        let verdict = try judge(statement) { [dialect, characterSet, server] in
            let text = try ForeignText(
                text, dialect: dialect, characterSet: characterSet, keepsComments: true, executes: server.executes)
            return ForeignStatement(text.bytes, dialect: dialect, characterSet: characterSet)
        }
        if case .definition = verdict { try requireNarrow() }
        return verdict
    }

    // MARK: - Names

    /// Takes a name of a database that the dump uses.
    mutating func settle(home name: String, _ what: String) throws {
        if home == nil, name == target || what == "CREATE DATABASE" { home = name }
        guard name == home else {
            throw ForeignRefusal("\(what) \(name)", hint: "restore a dump that is of one database only")
        }
    }

    /// Whether a qualifier is that of the dump itself.
    func isHome(_ schema: String) -> Bool { schema == home ?? target }

    func requireHome(_ schema: String?, _ what: String) throws {
        guard let schema, !isHome(schema) else { return }
        throw ForeignRefusal("\(what) in the database \(schema)")
    }

    func requireFree(_ table: String) throws {
        guard !RestoreJournal.tables.contains(table) else { throw RestoreError.reserved(table) }
    }

    /// In some character sets a byte of a letter looks like a quote, so what is read here would not be what the server reads.
    func requireNarrow() throws {
        guard SchemaTokens.wideCharacterSets.contains(characterSet) else { return }
        throw ForeignRefusal(
            "a table or rows in the character set \(characterSet)",
            hint: "make the dump with --default-character-set=utf8mb4")
    }

    /// The statement with the server's collations in the place of those that it does not know.
    mutating func mapped(_ statement: ForeignStatement, inStrings: Bool = false) throws -> ForeignStatement {
        var pieces: [(range: Range<Int>, text: [UInt8])] = []
        for token in statement.tokens
        where token.kind == .word || token.kind == .name || inStrings && token.kind == .string {
            let quotes = token.kind == .word ? 0 : 1
            let range = token.range.lowerBound + quotes..<token.range.upperBound - quotes
            guard range.count < 64, range.count > 12 else { continue }
            let name = String(decoding: statement.bytes[range], as: UTF8.self).lowercased()
            guard ForeignCollations.isCandidate(name),
                let other = try collations.replacement(for: name, isKnown: server.knowsCollation)
            else { continue }
            pieces.append((range, Array(other.utf8)))
        }
        return statement.replacing(pieces)
    }

    // MARK: - Rows

    private func rows(_ text: UnsafeRawBufferPointer) throws -> ForeignVerdict {
        try requireNarrow()
        switch ForeignRows.read(text, dialect: dialect) {
        case .refused(let what): throw ForeignRefusal("an INSERT with \(what)")
        case .comments:
            let plain = try ForeignText(
                text, dialect: dialect, characterSet: characterSet, keepsComments: false, executes: server.executes)
            return try plain.bytes.withUnsafeBytes { bytes in
                guard case .rows(let found) = ForeignRows.read(bytes, dialect: dialect) else {
                    throw ForeignRefusal("an INSERT with more than rows that are written out")
                }
                return try rows(found, plain.bytes)
            }
        case .rows(let found): return try rows(found, found.qualifier == nil ? nil : [UInt8](text))
        }
    }

    private func rows(_ found: ForeignRows, _ text: [UInt8]?) throws -> ForeignVerdict {
        try requireHome(found.schema, "INSERT into a table")
        try requireFree(found.table)
        guard let text, let qualifier = found.qualifier else { return .rows(found, text: text) }
        return .rows(found, text: Array(text[..<qualifier.lowerBound] + text[qualifier.upperBound...]))
    }
}
