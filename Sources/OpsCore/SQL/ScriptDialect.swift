/// The parts of a session's `sql_mode` that decide where a string or a quoted name ends.
///
/// After each statement the server reports both in its status flags, so a caller that executes what it reads
/// copies them into ``ScriptLexer/dialect`` before it asks for the next statement, as the `mariadb` client does.
public struct ScriptDialect: Sendable, Equatable {
    /// `ANSI_QUOTES`: `"…"` is a name, and a backslash in it is an ordinary character.
    public var ansiQuotes: Bool
    /// `NO_BACKSLASH_ESCAPES`: a backslash in a string is an ordinary character.
    public var noBackslashEscapes: Bool

    /// Without arguments, the dialect of a server's default `sql_mode`.
    public init(ansiQuotes: Bool = false, noBackslashEscapes: Bool = false) {
        self.ansiQuotes = ansiQuotes
        self.noBackslashEscapes = noBackslashEscapes
    }

    /// Reads the dialect from the status flags of the protocol: `SERVER_STATUS_NO_BACKSLASH_ESCAPES` is 512,
    /// `SERVER_STATUS_ANSI_QUOTES` is 32768.
    public init(serverStatus: UInt32) {
        self.init(ansiQuotes: serverStatus & 32768 != 0, noBackslashEscapes: serverStatus & 512 != 0)
    }

    /// What a server's `@@sql_mode` says.
    init(sqlMode: String) {
        let modes = sqlMode.split(separator: ",")
        self.init(ansiQuotes: modes.contains("ANSI_QUOTES"), noBackslashEscapes: modes.contains("NO_BACKSLASH_ESCAPES"))
    }

    /// Whether a backslash inside this kind of quotes takes the following byte with it.
    func escapes(inside quote: UInt8) -> Bool {
        switch quote {
        case ASCII.backtick: false
        case ASCII.doubleQuote: !ansiQuotes && !noBackslashEscapes
        default: !noBackslashEscapes
        }
    }
}
