/// The first argument of a client command, read by the client's own rules.
enum ClientArgument: Equatable {
    case missing
    /// An empty pair of quotes or a quote that is not closed; then the client does not see a command at all.
    case malformed
    case value([UInt8])

    /// - Parameters:
    ///   - rest: the rest of the line, after the command.
    ///   - isBackslashForm: after a command such as `\d` a doubled quote does not stand for one.
    ///
    /// An unquoted argument ends at a space, not at a tab. A backslash takes the next byte as it is.
    init(_ rest: ArraySlice<UInt8>, isBackslashForm: Bool = false) {
        var rest = rest.drop(while: ASCII.isSpace)
        guard let first = rest.first else {
            self = .missing
            return
        }
        let quote = [ASCII.singleQuote, ASCII.doubleQuote, ASCII.backtick].contains(first) ? first : nil
        if quote != nil { rest.removeFirst() }
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == ASCII.backslash, let escaped = rest.popFirst() {
                value.append(escaped)
            } else if let quote, byte == quote, !isBackslashForm, rest.first == quote {
                rest.removeFirst()
                value.append(quote)
            } else if byte == quote ?? ASCII.space {
                self = value.isEmpty ? .malformed : .value(value)
                return
            } else {
                value.append(byte)
            }
        }
        self = quote == nil ? .value(value) : .malformed
    }
}
