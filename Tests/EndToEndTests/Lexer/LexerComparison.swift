import OpsCore

/// What the server received from the client and from us for the same script.
struct LexerComparison {
    let mode: LexerScript.Mode
    let client: [[UInt8]]
    let ours: [[UInt8]]
    let reading: LexerOracle.Reading

    /// What differs, nil when nothing does.
    var difference: String? {
        let fromClient = client.compactMap(statementOfClient)
        // The server takes semicolons off the end before it logs; what was nothing else is empty on both sides.
        let fromUs = zip(ours, reading.dialects).filter { !$0.0.isEmpty }
        for (index, (text, dialect)) in fromUs.enumerated() {
            guard index < fromClient.count else { return "only we sent: \(show(text))" }
            guard isEqual(fromClient[index], text, dialect) else {
                return "statement \(index + 1): the client sent \(show(fromClient[index])), we \(show(text))"
            }
        }
        let excess = fromClient.count - fromUs.count
        return excess <= tolerated ? nil : "only the client sent: \(show(fromClient[fromUs.count]))"
    }

    /// The client sends what is left at the end of a script, even where a quote never closed. After a command that it
    /// does not know it goes on only because of `--force`.
    private var tolerated: Int {
        switch reading.error?.problem {
        case nil: 0
        case .unterminatedName, .unterminatedString, .unterminatedComment, .unfinishedDelimiterBlock: 1
        case .unknownCommand, .badDelimiter, .misplacedDelimiter, .nulByte, .invalidUTF8: .max
        }
    }

    private func show(_ text: [UInt8]) -> String { String(decoding: text, as: UTF8.self).debugDescription }

    /// Nil where the client sent nothing but comments.
    private func statementOfClient(_ text: [UInt8]) -> [UInt8]? {
        if LexerComments.skipped(text.drop { $0 <= 0x20 }).isEmpty { return nil }
        let rest = LexerComments.skipped(text[...])
        return rest.isEmpty ? nil : Array(rest)
    }

    private func isEqual(_ client: [UInt8], _ ours: [UInt8], _ dialect: ScriptDialect) -> Bool {
        switch mode {
        case .comments:
            client.starts(with: ours) && isIgnored(client.dropFirst(ours.count))
        case .noComments:
            LexerComments.removed(from: client, dialect) == LexerComments.removed(from: ours, dialect)
        }
    }
}

extension LexerComparison {
    /// Comments and invisible bytes behind a statement, and semicolons that the server took off ours, because they
    /// ended it.
    private func isIgnored(_ rest: ArraySlice<UInt8>) -> Bool {
        let text = rest.drop { $0 <= 0x20 || $0 == 0x3B }
        return LexerComments.skipped(text).isEmpty || LexerComments.skipped(rest).isEmpty
    }
}

/// Comments as this test understands them; nothing of the lexer is used.
enum LexerComments {
    /// The text from the first byte on that is neither white space nor comment.
    static func skipped(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = text
        while let first = rest.first {
            if first == 0x20 || (first >= 9 && first <= 13) {
                rest = rest.dropFirst()
            } else if let length = commentLength(rest) {
                rest = rest.dropFirst(length)
            } else {
                break
            }
        }
        return rest
    }

    /// The text without comments, and with one space for all white space outside quotes.
    static func removed(from text: [UInt8], _ dialect: ScriptDialect) -> [UInt8] {
        var (result, rest): ([UInt8], ArraySlice<UInt8>) = ([], skipped(text[...]))
        while let first = rest.first {
            let next = skipped(rest)
            if next.count < rest.count {
                if !next.isEmpty { result.append(0x20) }
                rest = next
            } else {
                let length = [0x22, 0x27, 0x60].contains(first) ? quotedLength(rest, dialect) : 1
                result += rest.prefix(length)
                rest = rest.dropFirst(length)
            }
        }
        // The server does the same before it logs, but only where no comment follows.
        while let last = result.last, last <= 0x20 || last == 0x3B { result.removeLast() }
        return result
    }

    private static func quotedLength(_ text: ArraySlice<UInt8>, _ dialect: ScriptDialect) -> Int {
        let quote = text[text.startIndex]
        let plain = dialect.noBackslashEscapes || quote == 0x60 || (quote == 0x22 && dialect.ansiQuotes)
        var index = text.startIndex + 1
        while index < text.endIndex {
            if text[index] == quote { return index + 1 - text.startIndex }
            index += text[index] == 0x5C && !plain ? 2 : 1
        }
        return text.count
    }

    private static func commentLength(_ text: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(text.prefix(4))
        let isDash = bytes.starts(with: "--".utf8) && (bytes.count == 2 || bytes[2] <= 0x20)
        if bytes.first == 0x23 || isDash { return text.firstIndex(of: 0x0A).map { $0 - text.startIndex } ?? text.count }
        guard bytes.starts(with: "/*".utf8) else { return nil }
        let isSandbox = text.starts(with: "/*M!999999 ".utf8) || text.starts(with: "/*!999999 ".utf8)
        if !isSandbox, bytes.starts(with: "/*!".utf8) || bytes.starts(with: "/*M!".utf8) { return nil }
        return blockLength(Array(text))
    }

    /// With the client's habits: `/*/` does not close, and `/*!` on the same line needs an end of its own.
    private static func blockLength(_ text: [UInt8]) -> Int {
        var (index, isNested) = (2, false)
        while index < text.count {
            let rest = text[index...]
            if rest.starts(with: "*/".utf8) {
                if !isNested { return index + 2 }
                isNested = false
            } else if rest.starts(with: "/*!".utf8) {
                isNested = true
            } else if rest.starts(with: "/*".utf8), !rest.starts(with: "/*M!".utf8) {
                index += 1
            } else if rest.first == 0x0A {
                isNested = false
            }
            index += 1
        }
        return text.count
    }
}
