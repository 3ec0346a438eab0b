/// What client commands do, wherever they stand.
extension ScriptLexer {
    /// - Parameter rest: what follows the word of the command.
    /// - Returns: nil where the command is carried out in here.
    mutating func perform(
        _ command: ClientCommand, rest: ArraySlice<UInt8>, from start: ScriptPosition, to end: Int
    ) throws -> ScriptStep? {
        switch command.action {
        case .setDelimiter:
            try setDelimiter(ClientArgument(rest), at: start)
            return nil
        case .use:
            return use(ClientArgument(rest), from: start, to: end)
        case .ignore, .send, .clear:
            return nil
        case .report:
            return .command(reported(command.name, rest, at: start))
        }
    }

    func reported(_ name: String, _ rest: ArraySlice<UInt8>, at start: ScriptPosition) -> ScriptClientCommand {
        let arguments = rest.trimming(while: ASCII.isInvisible)
        return ScriptClientCommand(
            name: name, arguments: String(decoding: arguments, as: UTF8.self), line: start.line, column: start.column)
    }

    mutating func setDelimiter(_ argument: ClientArgument, at start: ScriptPosition) throws {
        guard case .value(let value) = argument else {
            throw ScriptError(.badDelimiter, path, at: start, "DELIMITER needs a string that ends statements")
        }
        if value.contains(ASCII.backslash) {
            throw ScriptError(.badDelimiter, path, at: start, "a delimiter cannot contain a backslash")
        }
        // The client cuts longer ones off, and then finds the rest at the start of the next statement.
        if value.count > 15 { throw ScriptError(.badDelimiter, path, at: start, "a delimiter has at most 15 bytes") }
        delimiter = value
        delimiterPosition = value == [UInt8(ascii: ";")] ? nil : start
        classes.mark(delimiterStart: value[0])
    }

    func misplacedDelimiter() -> ScriptError {
        ScriptError(
            .misplacedDelimiter, path, at: statement.start,
            "DELIMITER is a command only at the start of a line, with no statement open before it")
    }

    /// The client selects the database by a call of its own, which takes one name, however it is quoted.
    mutating func use(_ argument: ClientArgument, from start: ScriptPosition, to end: Int) -> ScriptStep {
        guard case .value(let value) = argument else {
            return .command(ScriptClientCommand(name: "use", arguments: "", line: start.line, column: start.column))
        }
        var text = Array("USE `".utf8)
        for byte in value[...].trimming(while: ASCII.isInvisible) {
            text.append(byte)
            if byte == ASCII.backtick { text.append(byte) }
        }
        text.append(ASCII.backtick)
        return .use(text: text, location: location(from: start, to: end))
    }
}

/// Commands that look like statements: with a delimiter behind them, such as `use shop;`.
extension ScriptLexer {
    /// The statement whose delimiter has been found, or the command that it turns out to be.
    mutating func statementOrCommand() throws -> ScriptStep? {
        guard let command = commandOfText() else { return textStep() }
        let text = Array(buffer.text(statement.significantCount))
        let rest = text.dropFirst(command.name.utf8.count)
        let argument = ClientArgument(rest)
        switch command.action {
        case .setDelimiter where rest.contains(ASCII.lineFeed): throw misplacedDelimiter()
        case .setDelimiter: break
        // The client's check for lines, which it makes here too.
        case _ where holdsDelimiterOrSend(text): return textStep()
        case _ where !command.takesArguments && argument != .missing: return textStep()
        case .send: return textStep()
        case .use where argument == .malformed || startsWithComment(rest): return textStep()
        default: break
        }
        return try perform(command, rest: rest, from: statement.start, to: statement.end)
    }

    /// Whether `\g` or the delimiter stands in it, in a string for example; then the client sees no command.
    func holdsDelimiterOrSend(_ text: [UInt8]) -> Bool {
        text.firstIndex(of: [ASCII.backslash, UInt8(ascii: "g")]) != nil || text.firstIndex(of: delimiter) != nil
    }

    /// The command that the text of the statement begins with, up to a space or tab.
    func commandOfText() -> ClientCommand? {
        let text = buffer.text(statement.significantCount)
        let word = text.prefix(ClientCommand.longestName + 1).prefix { $0 != ASCII.space && $0 != ASCII.tab }
        return word.count > ClientCommand.longestName ? nil : ClientCommand.named(.init(rebasing: word))
    }

    private func startsWithComment(_ rest: ArraySlice<UInt8>) -> Bool {
        let argument = rest.drop(while: ASCII.isSpace)
        return ["/*", "#", "--"].contains { argument.starts(with: $0.utf8) }
    }
}
