/// Splits an SQL script into the statements that the `mariadb` client would send, without holding the script in memory.
///
///     var lexer = try ScriptLexer(path: "migrations/003_columns.sql", requireUTF8: true)
///     while let item = try lexer.next() {
///         …
///         lexer.dialect = ScriptDialect(serverStatus: flags)
///     }
///
/// The client is the measure, in its default mode, in which it drops comments before it looks for commands; comments
/// inside a statement are kept all the same, as with `--comments`. Where the two differ, it is on purpose:
/// - Nothing is sent that the client would only send because a quote, a comment or a delimiter block never ended.
/// - A trailing comment is not part of a statement, and no space is put behind an inner one.
/// - The sandbox header of dumps, `/*M!999999\- … */`, is a comment, also for a DELIMITER on the next line.
/// - `USE` is a statement in every form, and client commands are handed out instead of carried out.
/// - A DELIMITER that the client would take for a part of a statement is an error, and so is a delimiter that it would
///   not accept or would cut off; like the client without `--force`, the lexer stops at a NUL byte and at `\x`.
/// - A line that begins with a word like `delimiter_id` keeps its line feed, which the client loses.
///
/// Memory: one block that grows to the largest statement or comment.
public struct ScriptLexer: ~Copyable {
    /// How the next statement is read. A statement may change it, and the lexer never looks beyond the delimiter of the
    /// statement that it has handed out.
    public var dialect: ScriptDialect
    /// The comments before the first statement; complete once ``next()`` has returned for the first time.
    public internal(set) var header: [ScriptComment] = []

    var buffer: ScriptBuffer
    var source: any ByteSource
    let classes = ByteClasses()
    let path: String?
    var validator: UTF8Validator?

    var delimiter: [UInt8] = [UInt8(ascii: ";")]
    /// Where the delimiter was set, while it is not `;`.
    var delimiterPosition: ScriptPosition?

    var line = 1
    var lineOffset = 0
    var isAtLineStart = true
    var isAtInputStart = true
    /// Inside `/*! … */`, on the same line. The client forgets it at the end of the line and nowhere else, and so do we:
    /// it decides which `*/` ends a comment.
    var isInVersionComment = false
    /// A statement has begun and is not handed out yet.
    var isInStatement = false
    var statement = PendingStatement()
    var statementCount = 0
    var failure: ScriptError?

    /// Reads from any source.
    ///
    /// - Parameters:
    ///   - path: the name that errors carry.
    ///   - requireUTF8: refuses input that is not UTF-8 as soon as the bad bytes are read. Otherwise every byte counts
    ///     as it is.
    public init(
        source: any ByteSource, path: String? = nil, dialect: ScriptDialect = ScriptDialect(), requireUTF8: Bool = false
    ) {
        self.source = source
        self.path = path
        self.dialect = dialect
        validator = requireUTF8 ? UTF8Validator() : nil
        buffer = ScriptBuffer(capacity: 256 * 1024)
        classes.mark(delimiterStart: delimiter[0])
    }

    /// Reads a file.
    ///
    /// - Throws: ``ByteSourceError`` when it cannot be opened.
    public init(path: String, dialect: ScriptDialect = ScriptDialect(), requireUTF8: Bool = false) throws {
        self.init(
            source: try FileByteSource(path: path), path: path, dialect: dialect, requireUTF8: requireUTF8)
    }

    /// Reads bytes in memory.
    public init(bytes: [UInt8], dialect: ScriptDialect = ScriptDialect(), requireUTF8: Bool = false) {
        self.init(source: MemoryByteSource(bytes), dialect: dialect, requireUTF8: requireUTF8)
    }

    /// The next statement or client command, nil at the end.
    ///
    /// - Throws: ``ScriptError``, again and again once it was thrown, or what the source throws.
    public mutating func next() throws -> ScriptItem? {
        try withNext { item in
            switch item {
            case .statement(let text, let location):
                .statement(ScriptStatement(text: [UInt8](text), location: location))
            case .clientCommand(let command): .clientCommand(command)
            }
        }
    }

    /// Hands the next item to `body` without copying its text.
    ///
    /// - Returns: what `body` returned, nil at the end.
    /// - Throws: like ``next()``, or what `body` throws.
    public mutating func withNext<Result>(_ body: (BorrowedScriptItem) throws -> Result) throws -> Result? {
        switch try advance() {
        case .end:
            return nil
        case .command(let command):
            return try body(.clientCommand(command))
        case .text(let count, let location):
            return try body(.statement(text: buffer.text(count), location: location))
        case .use(let text, let location):
            return try text.withUnsafeBytes { try body(.statement(text: $0, location: location)) }
        }
    }
}
