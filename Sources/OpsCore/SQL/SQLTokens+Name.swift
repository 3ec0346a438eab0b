extension SQLTokens {
    /// The name that a token is: an unquoted word, or the content of backticks or, where they hold names, of `"…"`.
    func name(at range: Range<Int>) -> String {
        let text = text(of: range)
        guard let quote = text.first, quote == ASCII.backtick || quote == ASCII.doubleQuote, text.count > 1 else {
            return String(decoding: text, as: UTF8.self)
        }
        let mark = String(decoding: [quote], as: UTF8.self)
        return String(decoding: text.dropFirst().dropLast(), as: UTF8.self).replacing(mark + mark, with: mark)
    }
}
