/// What the comments at the head of a migration file ask for: lines `-- sysndd: …`.
struct MigrationDirectives: Sendable, Equatable {
    /// A post-condition: a query that returns one row, whose first value is true.
    struct Verification: Sendable, Equatable {
        var query: String
        var line: Int
    }

    /// `verify SELECT …`, any number.
    var verifications: [Verification] = []
    /// `renamed-from NAME`: the names under which the file may be in the ledger.
    var formerNames: [String] = []
    /// `lock-wait-timeout N`: seconds that a statement waits for a lock before it is tried again.
    var lockWaitTimeout: Int?
    /// `no-transaction`: a file with only DML commits statement by statement.
    var isWithoutTransaction = false

    static let mark = "sysndd:"

    /// - Throws: ``MigrationError`` for a directive that is not known: a misspelt post-condition would never be asked.
    init(_ comments: [ScriptComment], path: String) throws {
        for comment in comments {
            let lines = comment.text.split(separator: "\n", omittingEmptySubsequences: false)
            for (offset, line) in lines.enumerated() {
                let text = line.drop { $0 == " " || $0 == "\t" || $0 == "*" || $0 == "-" }
                guard text.hasPrefix(Self.mark) else { continue }
                try add(text.dropFirst(Self.mark.count), line: comment.line + offset, path: path)
            }
        }
    }

    private mutating func add(_ text: Substring, line: Int, path: String) throws {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        var value = parts.count > 1 ? parts[1] : ""
        while value.last?.isWhitespace == true || value.last == ";" { value.removeLast() }
        switch (parts.first, value.isEmpty) {
        case ("verify", false): verifications.append(Verification(query: value, line: line))
        case ("renamed-from", false): formerNames.append(value)
        case ("no-transaction", true): isWithoutTransaction = true
        case ("lock-wait-timeout", false):
            guard let seconds = Int(value), (1...86_400).contains(seconds) else { fallthrough }
            lockWaitTimeout = seconds
        default: throw MigrationError.badDirective(String(text), path: path, line: line)
        }
    }
}
