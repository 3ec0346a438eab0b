/// Client commands behind a backslash, which may stand anywhere outside strings and comments.
extension ScriptLexer {
    /// - Returns: nil when the statement simply goes on.
    mutating func scanCommandLetter() throws -> StatementStop? {
        if try isLineEnd(at: 1) { return dropBackslash(1) }
        let letter = try peek(1) ?? 0
        if letter == UInt8(ascii: "N") {  // \N is NULL
            buffer.cursor += 2
            return nil
        }
        guard let command = ClientCommand.lettered(letter) else {
            let shown = letter == 0 ? "\\0" : String(decoding: [letter], as: UTF8.self)
            throw ScriptError(.unknownCommand, path, at: position, "unknown command \\\(shown)")
        }
        switch command.action {
        case .send: return endStatement(dropping: 2, as: .sendCommand)
        case .ignore: return dropBackslash(2)
        case .clear: return clearStatement()
        case .setDelimiter, .use, .report: return try perform(command, letter: letter)
        }
    }

    private mutating func dropBackslash(_ count: Int) -> StatementStop? {
        buffer.keepAndDrop(count)
        return buffer.isTextEmpty ? .abandoned : nil
    }

    private mutating func clearStatement() -> StatementStop {
        buffer.cursor += 2
        buffer.discard()
        return .abandoned
    }

    /// A command with arguments takes the line up to the delimiter, and the delimiter too; inside `/*! … */` it takes
    /// what is left of that.
    private mutating func perform(_ command: ClientCommand, letter: UInt8) throws -> StatementStop? {
        let start = position
        buffer.keepAndDrop(2)
        var step: ScriptStep?
        if command.takesArguments {
            let line = Array(try wholeLine())
            if command.action == .setDelimiter {
                try setDelimiter(ClientArgument(line[...], isBackslashForm: true), at: start)
            }
            let arguments = line[..<argumentEnd(in: line)]
            if command.action == .use {
                step = use(ClientArgument(arguments, isBackslashForm: true), from: start, to: buffer.offset)
            }
            if command.action == .report { step = report(letter, arguments, at: start) }
            let hasDelimiter = !isInVersionComment && arguments.count < line.count
            buffer.keepAndDrop(arguments.count + (hasDelimiter ? delimiter.count : 0))
        } else {
            step = report(letter, [], at: start)
        }
        if let step { return .step(step) }
        return buffer.isTextEmpty ? .abandoned : nil
    }

    private func argumentEnd(in line: [UInt8]) -> Int {
        line.firstIndex(of: isInVersionComment ? Array("*/".utf8) : delimiter) ?? line.count
    }

    private func report(_ letter: UInt8, _ arguments: ArraySlice<UInt8>, at start: ScriptPosition) -> ScriptStep {
        .command(reported(String(decoding: [ASCII.backslash, letter], as: UTF8.self), arguments, at: start))
    }
}
