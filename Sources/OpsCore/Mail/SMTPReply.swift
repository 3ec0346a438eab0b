/// A server's answer: a code and the text of all its lines.
struct SMTPReply: Equatable, Sendable {
    /// 220, 250, 354, 421, 535, …
    let code: Int
    /// The lines without code and line end.
    let lines: [String]

    var isPositive: Bool { (200..<400).contains(code) }
    /// The server says to come back later.
    var isTemporary: Bool { (400..<500).contains(code) }
    /// The text in one line.
    var text: String { lines.joined(separator: " ").printableLine }
}

/// Puts the lines of replies together (RFC 5321, 4.2.1).
struct SMTPReplyReader: Sendable {
    private var lines: [String] = []

    /// - Returns: the reply that this line ends; nil while more lines follow, and for a line that is none.
    mutating func take(_ line: String) -> SMTPReply? {
        let digits = line.unicodeScalars.prefix(3)
        guard digits.count == 3, let code = Int(String(digits)), code >= 100 else { return nil }
        let rest = line.unicodeScalars.dropFirst(3)
        lines.append(String(String.UnicodeScalarView(rest.dropFirst())))
        guard rest.first != "-" else { return nil }
        defer { lines = [] }
        return SMTPReply(code: code, lines: lines)
    }
}

extension String {
    /// One line without control characters, at most 500 characters: a server's words, for people.
    var printableLine: String {
        let scalars = unicodeScalars.prefix(500).map { $0.properties.generalCategory == .control ? " " : $0 }
        return String(String.UnicodeScalarView(scalars)).trimmed
    }
}
