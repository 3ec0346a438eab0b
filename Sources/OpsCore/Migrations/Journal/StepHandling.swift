/// How a statement of a migration is run so that a run that is cut off at any instant can go on exactly where it was.
enum StepHandling: Sendable, Equatable {
    /// Only sets user variables or prepares statements: its effect is kept in the journal and set again on a resume.
    case variables
    /// Builds other state of the session, which a resume builds again by running it.
    case session
    /// May be run again without harm: TRUNCATE, GRANT, FLUSH, ANALYZE …
    case repeatable
    /// Changes rows only, so it commits together with its row in the journal.
    case transactional
    /// Changes the objects named; nil where they cannot be told and the whole schema is watched.
    case schema([NamedObject]?)
    /// Changes what no fingerprint shows, such as accounts: after a crash only the operator can tell.
    case unwatched
    /// Runs the statement that was prepared under this name.
    case execute(String)
    /// Begins a transaction; commits an open one.
    case begin
    /// LOCK TABLES and UNLOCK TABLES, which commit an open transaction; between them no other table can be written.
    case lock, unlock
    /// COMMIT.
    case commit
    /// Any other control of a transaction: ROLLBACK, SAVEPOINT.
    case control

    /// Whether an open transaction is, or may be, committed by the statement.
    var mayCommit: Bool {
        switch self {
        case .repeatable, .schema, .unwatched, .execute, .begin, .lock, .unlock, .commit: true
        case .variables, .session, .transactional, .control: false
        }
    }

    init(of text: [UInt8], kind: StatementKind, dialect: ScriptDialect = ScriptDialect()) {
        let (words, second) = text.withUnsafeBytes { Self.leadingWords($0, dialect) }
        switch kind {
        case .dml: self = .transactional
        case .session: self = Self.setsOnlyVariables(text, dialect) ? .variables : .session
        case .ddl: self.init(ddl: words, text, dialect)
        case .other: self.init(other: words, name: second)
        }
    }

    /// True where everything that the statement sets is kept in a ``SessionSnapshot``.
    private static func setsOnlyVariables(_ text: [UInt8], _ dialect: ScriptDialect) -> Bool {
        text.withUnsafeBytes { bytes in
            var tokens = SQLTokens(bytes, dialect: dialect)
            switch tokens.next() {
            case .word("SELECT"), .word("WITH"), .word("PREPARE"), .word("DEALLOCATE"), .symbol: return true
            case .word("DROP"): return tokens.next() == .word("PREPARE")
            case .word("SET"): return assignsOnlyUserVariables(&tokens)
            default: return false
            }
        }
    }

    private static func assignsOnlyUserVariables(_ tokens: inout SQLTokens) -> Bool {
        var (startsItem, depth) = (true, 0)
        while let token = tokens.next() {
            if startsItem, token != .userVariable { return false }
            switch token {
            case .symbol(UInt8(ascii: "(")): depth += 1
            case .symbol(UInt8(ascii: ")")): depth -= 1
            default: break
            }
            startsItem = token == .symbol(UInt8(ascii: ",")) && depth == 0
        }
        return true
    }

    private init(ddl words: [String], _ text: [UInt8], _ dialect: ScriptDialect) {
        let harmless = [
            "TRUNCATE", "OPTIMIZE", "REPAIR", "CHECK", "CACHE", "FLUSH", "RESET", "GRANT", "ANALYZE", "LOAD", "SET",
        ]
        if harmless.contains(words.first ?? "") {
            self = .repeatable
        } else if let objects = StatementObjects.named(in: text, dialect: dialect) {
            self = .schema(objects)
        } else {
            let watched = ["CREATE", "ALTER", "DROP"].contains(words.first ?? "")
            self = watched && !Self.accountWords.contains(words.dropFirst().first ?? "") ? .schema(nil) : .unwatched
        }
    }

    private static let accountWords: Set = [
        "USER", "ROLE", "SERVER", "TABLESPACE", "UNDO", "LOGFILE", "RESOURCE", "INSTANCE",
    ]

    private init(other words: [String], name: String?) {
        switch words.first {
        case "BEGIN" where words.dropFirst().first == "NOT": self = .schema(nil)
        case "BEGIN", "START": self = .begin
        case "LOCK" where words.dropFirst().first != "INSTANCE": self = .lock
        case "UNLOCK" where words.dropFirst().first != "INSTANCE": self = .unlock
        case "COMMIT": self = .commit
        case "ROLLBACK", "SAVEPOINT", "RELEASE": self = .control
        case "SET": self = .repeatable
        case "EXECUTE" where words.dropFirst().first != "IMMEDIATE": self = name.map { .execute($0) } ?? .schema(nil)
        case nil, "", "SELECT", "WITH", "VALUES", "DO", "SHOW", "DESC", "DESCRIBE", "EXPLAIN", "TABLE", "HELP":
            self = .transactional
        default: self = .schema(nil)
        }
    }

    /// The first two tokens in upper case, a token that is no word as an empty text; and the second as a name.
    private static func leadingWords(
        _ bytes: UnsafeRawBufferPointer, _ dialect: ScriptDialect
    ) -> ([String], String?) {
        var tokens = SQLTokens(bytes, dialect: dialect)
        var words: [String] = []
        var name: String?
        while words.count < 2, let range = tokens.nextRange() {
            if case .word(let word) = tokens.token(at: range) { words.append(word) } else { words.append("") }
            if words.count == 2 { name = tokens.name(at: range).lowercased() }
        }
        return (words, name)
    }
}
