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
            "the delimiter was set to \(current) here; the statement of line \(statement.start.line) never ends with it")
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

extension ScriptLexer {
    /// Where the cursor stands.
    var position: ScriptPosition { position(of: buffer.cursor) }

    func position(of index: Int) -> ScriptPosition {
        let offset = buffer.offset(of: index)
        return ScriptPosition(offset: offset, line: line, column: offset - lineOffset + 1)
    }

    /// Counts the line feed at the cursor and steps over it.
    mutating func passLineFeed() {
        buffer.cursor += 1
        line += 1
        lineOffset = buffer.offset
        isInVersionComment = false
    }

    /// Whether `count` bytes can be looked at from the cursor on; reads more when needed.
    @inline(__always)
    mutating func canSee(_ count: Int) throws -> Bool {
        try buffer.available >= count || load(count)
    }

    @inline(never)
    private mutating func load(_ count: Int) throws -> Bool {
        while buffer.available < count {
            guard try refill() else { return false }
        }
        return true
    }

    /// The byte at a distance from the cursor, nil beyond the end of the input.
    @inline(__always)
    mutating func peek(_ distance: Int = 0) throws -> UInt8? {
        try canSee(distance + 1) ? buffer.base[buffer.cursor + distance] : nil
    }

    /// - Returns: false at the end of the input.
    mutating func refill() throws -> Bool {
        let fresh = try buffer.fill(from: &source)
        if let bad = fresh.isEmpty ? validator?.truncatedSequence : validator?.firstInvalid(in: fresh) {
            throw ScriptError(.invalidUTF8, path, at: positionAhead(bad), "not valid UTF-8")
        }
        return !fresh.isEmpty
    }

    /// The place of an offset that has been read but not scanned yet.
    private func positionAhead(_ offset: Int) -> ScriptPosition {
        var place = ScriptPosition(offset: offset, line: line, column: 1)
        var lineOffset = lineOffset
        var index = buffer.cursor
        while buffer.offset(of: index) < offset {
            if buffer.base[index] == ASCII.lineFeed {
                place.line += 1
                lineOffset = buffer.offset(of: index) + 1
            }
            index += 1
        }
        place.column = offset - lineOffset + 1
        return place
    }

    func nulByte() -> ScriptError { ScriptError(.nulByte, path, at: position, "a NUL byte does not belong in a script") }
}
