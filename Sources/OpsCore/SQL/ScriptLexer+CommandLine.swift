/// Client commands that stand alone on a line, where no statement has begun.
extension ScriptLexer {
    /// Reads lines as long as they are client commands.
    ///
    /// - Returns: the first command that is not carried out in here; nil at a line that is something else.
    mutating func readCommandLine() throws -> ScriptStep? {
        while let (command, rest) = try commandOfLine() {
            let start = position
            buffer.cursor += command.name.utf8.count + rest.count
            let step = try perform(command, rest: rest, from: start, to: buffer.offset)
            try passLineEnd()
            buffer.discard()
            if let step { return step }
        }
        return nil
    }

    /// Recognises a command as the client does: a known word up to a space or tab, arguments only where they are
    /// allowed, and neither `\g` nor (except for DELIMITER) the delimiter anywhere on the line.
    private mutating func commandOfLine() throws -> (ClientCommand, rest: ArraySlice<UInt8>)? {
        while let byte = try peek(), ASCII.isSpace(byte), try !isLineEnd(at: 0) { buffer.cursor += 1 }
        guard let command = try commandWord() else { return nil }
        let line = Array(try wholeLine())
        let rest = line[command.name.utf8.count...]
        if command.action == .setDelimiter { return (command, rest) }
        let hasArgument = rest.contains { !ASCII.isSpace($0) }
        if holdsDelimiterOrSend(line) { return nil }
        if hasArgument, !command.takesArguments || ClientArgument(rest) == .malformed { return nil }
        return (command, rest)
    }

    /// The command whose name stands at the cursor and ends there with white space or the line.
    private mutating func commandWord() throws -> ClientCommand? {
        var count = 0
        while let byte = try peek(count), byte != ASCII.space, byte != ASCII.tab, try !isLineEnd(at: count) {
            guard count < ClientCommand.longestName else { return nil }
            count += 1
        }
        return ClientCommand.named(UnsafeRawBufferPointer(start: buffer.base + buffer.cursor, count: count))
    }

    /// From the cursor to the end of the line, without the line end.
    mutating func wholeLine() throws -> UnsafeBufferPointer<UInt8> {
        var count = 0
        while try canSee(count + 1), try !isLineEnd(at: count) { count += 1 }
        return UnsafeBufferPointer(start: buffer.base + buffer.cursor, count: count)
    }

    /// Moves the cursor from the end of a line to the start of the next one.
    private mutating func passLineEnd() throws {
        if try peek() == ASCII.carriageReturn { buffer.cursor += 1 }
        guard try canSee(1) else { return }
        passLineFeed()
        isAtLineStart = true
    }
}

extension Array where Element == UInt8 {
    /// Where a sequence of bytes begins.
    func firstIndex(of sequence: [UInt8]) -> Int? {
        guard count >= sequence.count else { return nil }
        return (0...count - sequence.count).first { self[$0...].starts(with: sequence) }
    }
}
