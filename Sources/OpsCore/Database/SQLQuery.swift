/// SQL text whose interpolated values are quoted: `"SELECT a FROM t WHERE b = \(value)"`.
///
/// A value can never end its literal: plain ASCII without a backslash only needs its quotes doubled, and any other text is
/// written as a hexadecimal literal, so the result is the same under every `sql_mode` and every character set of the
/// session.
public struct SQLQuery: ExpressibleByStringInterpolation, Sendable, Equatable {
    /// The text as it is sent.
    public private(set) var text: String

    public init(stringLiteral value: String) { text = value }
    public init(stringInterpolation: Interpolation) { text = stringInterpolation.text }
    /// Text that is sent as it stands: a statement of a script, or text that is already quoted.
    public init(unquoted text: String) { self.text = text }

    /// `name` as an identifier in backticks.
    public static func identifier(_ name: String) -> String {
        "`" + doubled("`", in: name) + "`"
    }

    /// `value` as a literal.
    public static func literal(_ value: String) -> String {
        value.utf8.contains { $0 >= 0x80 || $0 == UInt8(ascii: "\\") }
            ? "_utf8mb4 X'\(value.utf8.map(Self.hexadecimal).joined())'"
            : "'" + doubled("'", in: value) + "'"
    }

    /// Most texts have no quote in them, and need no search for it character by character.
    private static func doubled(_ quote: Unicode.Scalar, in text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: quote)) else { return text }
        return text.replacing(String(quote), with: String(quote) + String(quote))
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + digits : digits
    }

    /// Builds the text of an ``SQLQuery``.
    public struct Interpolation: StringInterpolationProtocol {
        var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }
        public mutating func appendLiteral(_ literal: String) { text += literal }
        /// A text value, or NULL.
        public mutating func appendInterpolation(_ value: String?) { text += value.map(SQLQuery.literal) ?? "NULL" }
        /// A whole number, or NULL.
        public mutating func appendInterpolation(_ value: Int?) { text += value.map(String.init) ?? "NULL" }
        /// A truth value, as 0 or 1.
        public mutating func appendInterpolation(_ value: Bool) { text += value ? "1" : "0" }
        /// A name, in backticks.
        public mutating func appendInterpolation(identifier: String) { text += SQLQuery.identifier(identifier) }
        /// A list of text values, in parentheses; an empty list matches nothing.
        public mutating func appendInterpolation(list: [String]) {
            text += "(" + (list.isEmpty ? "NULL" : list.map(SQLQuery.literal).joined(separator: ", ")) + ")"
        }
        /// Another query, as it stands.
        public mutating func appendInterpolation(_ query: SQLQuery) { text += query.text }
    }
}
