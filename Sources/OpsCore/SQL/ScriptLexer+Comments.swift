/// Comments inside a statement. They stay in its text.
extension ScriptLexer {
    /// `--` opens a comment before white space or at the end of a line.
    mutating func scanDash() throws {
        if try isDashComment() {
            try scanLineComment()
        } else {
            buffer.cursor += 1
        }
    }

    mutating func isDashComment() throws -> Bool {
        guard try peek(1) == ASCII.dash else { return false }
        return try peek(2).map(ASCII.isSpace) ?? true
    }

    /// Scans to the end of the line, which does not belong to the comment.
    mutating func scanLineComment() throws {
        markSignificantText()
        while true {
            skip(to: ByteClasses.lineComment)
            guard try canSee(1), buffer.base[buffer.cursor] != ASCII.lineFeed else { break }
            try scanLineEnd(or: buffer.base[buffer.cursor])
        }
        resumeText()
    }

    /// `/*` opens a comment, `/*!` and `/*M!` open code that some servers run.
    mutating func scanSlash() throws {
        if try isBlockComment() {
            try scanBlockComment()
        } else {
            if try peek(1) == ASCII.star, try peek(2) == ASCII.bang { isInVersionComment = true }
            buffer.cursor += 1
        }
    }

    mutating func isBlockComment() throws -> Bool {
        guard try peek(1) == ASCII.star, let third = try peek(2) else { return try peek(1) == ASCII.star }
        if third == ASCII.bang { return false }
        return try third != ASCII.upperM || peek(3) != ASCII.bang
    }

    mutating func scanStar() throws {
        if isInVersionComment, try peek(1) == ASCII.slash { isInVersionComment = false }
        buffer.cursor += 1
    }

    /// On a line with `/*!` the client takes the end of that for the end of the comment too; then it is no trailing
    /// comment, however it looks.
    private mutating func scanBlockComment() throws {
        if isInVersionComment { return try passBlockComment() }
        markSignificantText()
        try passBlockComment()
        resumeText()
    }

    /// Moves the cursor behind the comment that it stands at.
    ///
    /// As the client does it: `/*/` opens and does not close, also inside a comment, and after a `/*!` on the same
    /// line the next `*/` closes only that.
    mutating func passBlockComment() throws {
        let opening = position
        buffer.cursor += 2
        while true {
            skip(to: ByteClasses.blockComment)
            guard try canSee(1) else {
                throw ScriptError(
                    .unterminatedComment, path, at: opening, "the comment that opens here is never closed")
            }
            let byte = buffer.base[buffer.cursor]
            switch byte {
            case ASCII.slash where try isBlockComment(): buffer.cursor += 2
            case ASCII.slash: try scanSlash()
            case ASCII.star where !isInVersionComment:
                if try peek(1) == ASCII.slash {
                    buffer.cursor += 2
                    return
                }
                buffer.cursor += 1
            case ASCII.star: try scanStar()
            default: try scanLineEnd(or: byte)
            }
        }
    }
}
