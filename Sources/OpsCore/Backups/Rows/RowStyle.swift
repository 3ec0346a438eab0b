/// How the values of one column become literals: the part of ``TableColumnDefinition/Format`` that is asked for every
/// value, so it holds nothing that has to be counted.
enum RowStyle: UInt8, Sendable {
    /// As a server prints them.
    case number
    /// With the digits that are read back as the same DOUBLE; the sign of a negative zero is kept.
    case float
    /// In quotes; nothing in them needs an escape.
    case plain
    /// In quotes, with escapes.
    case text
    /// In hexadecimal digits, or escaped where there are many of them.
    case bytes
    /// In hexadecimal digits behind the introducer of a character set.
    case encoded

    init(_ format: TableColumnDefinition.Format) {
        self =
            switch format {
            case .number: .number
            case .double, .float: .float
            case .quoted: .plain
            case .text: .text
            case .binary: .bytes
            case .encodedText: .encoded
            }
    }
}
