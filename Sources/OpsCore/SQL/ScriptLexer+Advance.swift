/// From one item to the next.
extension ScriptLexer {
    /// Goes on to the next item. The text of the former one is gone afterwards.
    mutating func advance() throws -> ScriptStep {
        if let failure { throw failure }
        do {
            if isAtInputStart { try skipByteOrderMark() }
            while true {
                if !isInStatement {
                    if let step = try skipToStatement() { return step }
                    beginStatement()
                }
                if let step = try finishStatement(stoppedBy: scanStatement()) { return step }
            }
        } catch let error as ScriptError {
            failure = error
            throw error
        }
    }

    private mutating func skipByteOrderMark() throws {
        isAtInputStart = false
        guard try canSee(3), buffer.base[0] == 0xEF, buffer.base[1] == 0xBB, buffer.base[2] == 0xBF else { return }
        buffer.cursor += 3
        lineOffset = 3
    }

    private mutating func beginStatement() {
        buffer.discard()
        statement = PendingStatement(start: position)
        isInStatement = true
    }

    private mutating func finishStatement(stoppedBy stop: StatementStop) throws -> ScriptStep? {
        switch stop {
        case .step(let step):
            isInStatement = !buffer.isTextEmpty
            return step
        case .abandoned:
            isInStatement = false
            return nil
        case .delimiter:
            isInStatement = false
            return statement.significantCount == 0 ? nil : try statementOrCommand()
        case .sendCommand:
            isInStatement = false
            return statement.significantCount == 0 ? nil : try statementOnly()
        case .endOfInput:
            isInStatement = false
            return statement.significantCount == 0 ? nil : try lastStatement()
        }
    }

    private mutating func lastStatement() throws -> ScriptStep {
        guard let delimiterPosition else { return try statementOnly() }
        let current = String(decoding: delimiter, as: UTF8.self)
        throw ScriptError(
            .unfinishedDelimiterBlock, path, at: delimiterPosition,
            "the delimiter was set to \(current) here; the statement of line \(statement.start.line) never ends with it"
        )
    }

    /// At the end of the script and before `\g` the client does not look for commands.
    private mutating func statementOnly() throws -> ScriptStep {
        if commandOfText()?.action == .setDelimiter { throw misplacedDelimiter() }
        return textStep()
    }

    mutating func textStep() -> ScriptStep {
        .text(count: statement.significantCount, location: location(from: statement.start, to: statement.end))
    }

    mutating func location(from start: ScriptPosition, to end: Int) -> ScriptLocation {
        statementCount += 1
        return ScriptLocation(
            index: statementCount, byteRange: start.offset..<end, line: start.line, column: start.column, endLine: line)
    }
}
