/// What was said in a session, without what signs in.
struct SMTPTranscript: Sendable {
    /// Lines with `C: ` and `S: ` in front.
    private(set) var lines: [String] = []

    /// - Parameter isSecret: the server waits for credentials.
    mutating func sent(_ line: String, isSecret: Bool) {
        lines.append("C: " + (isSecret ? Secret.redacted : Self.withoutCredentials(line)))
    }

    mutating func received(_ line: String) { lines.append("S: " + line.printableLine) }

    /// `AUTH PLAIN` may carry its credentials in the same line.
    private static func withoutCredentials(_ line: String) -> String {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard words.first?.uppercased() == "AUTH", words.count > 2 else { return line.printableLine }
        return "\(words[0]) \(words[1]) \(Secret.redacted)"
    }
}
