extension ScriptLexer {
    /// Scans from the cursor to the end of the statement, collecting its text.
    mutating func scanStatement() throws -> StatementStop {
        while true {
            skip(to: ByteClasses.statement)
            guard try canSee(1) else { return endStatement(dropping: 0, as: .endOfInput) }
            let byte = buffer.base[buffer.cursor]
            if byte == delimiter[0], try isAtDelimiter() {
                return endStatement(dropping: delimiter.count, as: .delimiter)
            }
            switch byte {
            case ASCII.singleQuote, ASCII.doubleQuote, ASCII.backtick: try scanQuoted(by: byte)
            case ASCII.backslash: if let stop = try scanCommandLetter() { return stop }
            case ASCII.hash: try scanLineComment()
            case ASCII.dash: try scanDash()
            case ASCII.slash: try scanSlash()
            case ASCII.star: try scanStar()
            default: try scanLineEnd(or: byte)
            }
        }
    }

    /// Ends the statement before the cursor, of which the next `count` bytes are the delimiter.
    mutating func endStatement(dropping count: Int, as stop: StatementStop) -> StatementStop {
        markSignificantText()
        statement.end = buffer.offset
        buffer.keepAndDrop(count)
        return stop
    }

    /// Moves the cursor to the next byte of a class, or to the end of what has been read.
    @inline(__always)
    mutating func skip(to mask: ByteClasses.Mask) {
        buffer.cursor = classes.next(mask, in: buffer.base, from: buffer.cursor, to: buffer.end)
    }

    /// Whether the delimiter stands at the cursor, whose byte is its first.
    mutating func isAtDelimiter() throws -> Bool {
        guard delimiter.count > 1 else { return true }
        guard try canSee(delimiter.count) else { return false }
        return delimiter.indices.allSatisfy { buffer.base[buffer.cursor + $0] == delimiter[$0] }
    }

    /// Takes the text before the cursor as a part of the statement, up to its last visible byte.
    mutating func markSignificantText() {
        buffer.keep()
        let text = buffer.text(buffer.textCount)
        var count = text.count
        while count > statement.resumesAt, ASCII.isInvisible(text[count - 1]) { count -= 1 }
        if count > statement.resumesAt { statement.significantCount = count }
    }

    /// Marks the cursor as the end of a comment.
    mutating func resumeText() {
        buffer.keep()
        statement.resumesAt = buffer.textCount
    }

    /// The parts of a statement that look alike everywhere: line ends, of which `\r\n` loses its `\r`, and NUL.
    mutating func scanLineEnd(or byte: UInt8) throws {
        switch byte {
        case ASCII.lineFeed: passLineFeed()
        case ASCII.carriageReturn: try scanCarriageReturn()
        case 0: throw nulByte()
        default: buffer.cursor += 1
        }
    }

    private mutating func scanCarriageReturn() throws {
        if try peek(1) == ASCII.lineFeed {
            buffer.keepAndDrop(1)
        } else {
            buffer.cursor += 1
        }
    }

    private mutating func scanQuoted(by quote: UInt8) throws {
        let opening = position
        let mask = ByteClasses.inside(quote: quote)
        let escapes = dialect.escapes(inside: quote)
        buffer.cursor += 1
        while true {
            skip(to: mask)
            guard try canSee(1) else { throw unterminated(quote, at: opening) }
            let byte = buffer.base[buffer.cursor]
            if byte == quote {
                buffer.cursor += 1
                return
            } else if byte == ASCII.backslash {
                try scanBackslash(escapes: escapes)
            } else {
                try scanLineEnd(or: byte)
            }
        }
    }

    /// A backslash inside quotes. At the end of a line the client loses it, which leaves the string as it was.
    private mutating func scanBackslash(escapes: Bool) throws {
        guard escapes else {
            buffer.cursor += 1
            return
        }
        let next = try peek(1) ?? 0
        if next > ASCII.carriageReturn {
            buffer.cursor += 2
        } else if try isLineEnd(at: 1) {
            buffer.keepAndDrop(1)
        } else {
            buffer.cursor += next == 0 ? 1 : 2
        }
    }

    /// Whether a line feed, `\r\n` or the end of the input stands at a distance from the cursor.
    mutating func isLineEnd(at distance: Int) throws -> Bool {
        guard let byte = try peek(distance) else { return true }
        guard byte == ASCII.carriageReturn else { return byte == ASCII.lineFeed }
        return try peek(distance + 1) == ASCII.lineFeed
    }

    private func unterminated(_ quote: UInt8, at opening: ScriptPosition) -> ScriptError {
        switch quote {
        case ASCII.backtick:
            ScriptError(.unterminatedName, path, at: opening, "the quoted name that opens here is never closed")
        case ASCII.doubleQuote where dialect.ansiQuotes:
            ScriptError(.unterminatedName, path, at: opening, "the quoted name that opens here is never closed")
        default:
            ScriptError(.unterminatedString, path, at: opening, "the string that opens here is never closed")
        }
    }
}
