/// What stands between statements: white space, comments, empty statements, and lines that are client commands.
extension ScriptLexer {
    /// Moves the cursor to the first byte of the next statement.
    ///
    /// - Returns: an item that stands before it, or the end.
    mutating func skipToStatement() throws -> ScriptStep? {
        while true {
            buffer.discard()
            if isAtLineStart {
                if let step = try readCommandLine() { return step }
                isAtLineStart = false
                buffer.discard()
            }
            guard let byte = try peek() else { return .end }
            if byte == ASCII.lineFeed {
                passLineFeed()
                isAtLineStart = true
            } else if ASCII.isSpace(byte) {
                buffer.cursor += 1
            } else if byte == delimiter[0], try isAtDelimiter() {
                buffer.cursor += delimiter.count
            } else if try !skipComment(startingWith: byte) {
                return nil
            }
        }
    }

    /// At the start of a statement `--` needs no white space after it.
    private mutating func skipComment(startingWith byte: UInt8) throws -> Bool {
        switch byte {
        case ASCII.hash:
            try skipLineComment(mark: 1)
        case ASCII.dash where try peek(1) == ASCII.dash:
            try skipLineComment(mark: 2)
        case ASCII.slash where try isBlockComment() || isSandboxHeader():
            try skipBlockComment()
        default:
            return false
        }
        return true
    }

    /// `/*M!999999\-` or, in older dumps, `/*!999999\-`: a command to the client inside code that no server runs.
    private mutating func isSandboxHeader() throws -> Bool {
        for header in ["/*M!999999\\-", "/*!999999\\-"] where try canSee(header.utf8.count) {
            let start = UnsafeBufferPointer(start: buffer.base + buffer.cursor, count: header.utf8.count)
            if start.elementsEqual(header.utf8) { return true }
        }
        return false
    }

    private mutating func skipLineComment(mark: Int) throws {
        let opening = position
        buffer.cursor += mark
        if statementCount == 0 { buffer.discard() }
        while true {
            skip(to: ByteClasses.lineComment)
            guard try canSee(1), buffer.base[buffer.cursor] != ASCII.lineFeed else { break }
            try scanLineEnd(or: buffer.base[buffer.cursor])
        }
        record(commentFrom: opening, withoutLast: 0)
    }

    private mutating func skipBlockComment() throws {
        let opening = position
        try passBlockComment()
        record(commentFrom: opening, withoutLast: 2)
    }

    /// Adds a comment before the first statement to ``header``.
    private mutating func record(commentFrom opening: ScriptPosition, withoutLast mark: Int) {
        guard statementCount == 0, header.count < Self.longestHeader else { return }
        buffer.keep()
        var text = buffer.text(buffer.textCount)[...]
        if mark > 0 { text = text.dropFirst(mark).dropLast(mark) }
        let content = text.trimming(while: ASCII.isInvisible)
        header.append(
            ScriptComment(text: String(decoding: content, as: UTF8.self), line: opening.line, column: opening.column))
    }

    /// Enough for any directives; a script that is nothing but comments does not fill the memory.
    private static var longestHeader: Int { 1000 }
}

extension BidirectionalCollection where SubSequence == Self {
    func trimming(while isDropped: (Element) -> Bool) -> Self {
        var rest = drop(while: isDropped)
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return rest
    }
}
