/// Looking at the input, and where in it the lexer stands.
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

    func nulByte() -> ScriptError {
        ScriptError(.nulByte, path, at: position, "a NUL byte does not belong in a script")
    }
}
