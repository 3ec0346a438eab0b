/// What is known of a statement while it is being read.
struct PendingStatement {
    var start = ScriptPosition()
    /// The offset of the delimiter that ended it.
    var end = 0
    /// How many bytes of its text there are up to the last one that is neither white space nor comment.
    var significantCount = 0
    /// Where the text goes on after the last comment.
    var resumesAt = 0
}

/// One step of the lexer.
enum ScriptStep {
    /// The first `count` bytes of the buffer's text are a statement.
    case text(count: Int, location: ScriptLocation)
    /// A USE that was written as a client command.
    case use(text: [UInt8], location: ScriptLocation)
    case command(ScriptClientCommand)
    case end
}

/// Why the scanner stopped inside a statement.
enum StatementStop {
    /// At a delimiter, which the cursor has passed.
    case delimiter
    /// At `\g`, which the cursor has passed.
    case sendCommand
    case endOfInput
    /// A command stands in the middle; the statement goes on after it.
    case step(ScriptStep)
    /// Nothing is left of the statement.
    case abandoned
}
