/// What a statement does, as far as its words tell: it decides whether a migration that was interrupted has to look
/// for traces of it, finds it in a transaction, or simply runs it again.
public enum StatementKind: String, Sendable, Codable, CaseIterable {
    /// Changes the schema or accounts, and commits implicitly: a transaction cannot take it back.
    ///
    /// From "Statements That Cause an Implicit Commit" of the MySQL manual and its counterpart in MariaDB's; ANALYZE,
    /// CHECK, OPTIMIZE, REPAIR, FLUSH and their like are among them.
    case ddl
    /// Changes rows, and can be rolled back where the engine can: INSERT, UPDATE, DELETE, REPLACE, LOAD DATA.
    case dml
    /// Only builds state of this session, which a later session has to build again: SET, PREPARE, DEALLOCATE, USE,
    /// temporary tables, SELECT that assigns user variables.
    case session
    /// Everything else: CALL, EXECUTE, DO, SELECT, BEGIN, COMMIT, LOCK TABLES, SHOW …, and what is not known.
    case other

    /// Classifies a statement as the lexer hands it out.
    ///
    /// - Parameter dialect: decides where strings end; the default fits nearly always, as only the first words of most
    ///   statements are read.
    public init(of text: [UInt8], dialect: ScriptDialect = ScriptDialect()) {
        self = text.withUnsafeBytes { StatementKind(of: $0, dialect: dialect) }
    }

    /// Classifies a statement without a copy of it.
    public init(of text: UnsafeRawBufferPointer, dialect: ScriptDialect = ScriptDialect()) {
        var tokens = SQLTokens(text, dialect: dialect)
        self.init(rest: &tokens)
    }

    init(rest tokens: inout SQLTokens) {
        var first = tokens.next()
        while first == .symbol(UInt8(ascii: "(")) { first = tokens.next() }
        guard case .word(let verb) = first else {
            self = .other
            return
        }
        switch verb {
        case "CREATE", "DROP": self.init(creatingOrDropping: &tokens)
        case "SET": self.init(setting: &tokens)
        case "SELECT": self = Self.assignsVariables(&tokens) ? .session : .other
        case "WITH": self.init(afterCommonTables: &tokens)
        case "ANALYZE": self.init(analyzing: &tokens)
        case _ where Self.schemaVerbs.contains(verb): self = .ddl
        case _ where Self.rowVerbs.contains(verb): self = .dml
        case _ where Self.sessionVerbs.contains(verb): self = .session
        case "LOAD": self = tokens.next() == .word("INDEX") ? .ddl : .dml
        default: self = .other
        }
    }

    private static let schemaVerbs: Set = [
        "ALTER", "RENAME", "TRUNCATE", "GRANT", "REVOKE", "OPTIMIZE", "REPAIR", "CHECK", "CACHE", "FLUSH", "RESET",
        "INSTALL", "UNINSTALL", "IMPORT",
    ]
    static let rowVerbs: Set = ["INSERT", "UPDATE", "DELETE", "REPLACE"]
    private static let sessionVerbs: Set = ["PREPARE", "DEALLOCATE", "USE"]

    /// CREATE [OR REPLACE] TEMPORARY, DROP TEMPORARY and DROP PREPARE belong to the session.
    private init(creatingOrDropping tokens: inout SQLTokens) {
        var next = tokens.next()
        if next == .word("OR") {
            _ = tokens.next()
            next = tokens.next()
        }
        self = next == .word("TEMPORARY") || next == .word("PREPARE") ? .session : .ddl
    }

    /// MariaDB's ANALYZE before a query runs the query; ANALYZE TABLE commits.
    private init(analyzing tokens: inout SQLTokens) {
        let rest = tokens
        switch tokens.next() {
        case .word("TABLE"), .word("LOCAL"), .word("NO_WRITE_TO_BINLOG"): self = .ddl
        case .word("FORMAT"):
            _ = tokens.next()
            _ = tokens.next()
            self.init(rest: &tokens)
        default:
            tokens = rest
            self.init(rest: &tokens)
        }
    }
}
