/// The rows of a table from one key on and up to another, which is left out.
///
/// Ranges that follow each other cover a table exactly, because both sides of a border are told apart by the server with
/// one and the same comparison.
struct KeyRange: Sendable, Equatable {
    /// Literals of the first key, one a column or of its first columns only; nil for the start of the table.
    var lower: [String]?
    /// The same of the first key behind the range; nil for the end of the table.
    var upper: [String]?

    /// The whole table.
    static let all = KeyRange(lower: nil, upper: nil)

    /// The range as the text of a WHERE clause; nil for the whole table.
    func condition(on columns: [KeyRangeColumn]) -> String? {
        let parts = [
            lower.map { Self.comparison(columns.prefix($0.count), $0[...], ">", orEqual: true) },
            upper.map { Self.comparison(columns.prefix($0.count), $0[...], "<", orEqual: false) },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.map { "(\($0))" }.joined(separator: " AND ")
    }

    /// Neither flavour of the server uses an index for `(a, b) > (1, 2)`; spelled out, both do.
    private static func comparison(
        _ columns: ArraySlice<KeyRangeColumn>, _ values: ArraySlice<String>, _ sign: String, orEqual: Bool
    ) -> String {
        guard let column = columns.first.map({ SQLQuery.identifier($0.name) }), let value = values.first else {
            return ""
        }
        guard columns.count > 1 else { return "\(column) \(sign)\(orEqual ? "=" : "") \(value)" }
        let rest = comparison(columns.dropFirst(), values.dropFirst(), sign, orEqual: orEqual)
        return "\(column) \(sign) \(value) OR (\(column) = \(value) AND (\(rest)))"
    }

    /// The range for people: `1..5000`, with the ends of the table left out.
    var label: String? {
        guard lower != nil || upper != nil else { return nil }
        let ends = [lower, upper].map { $0.map { $0.joined(separator: ",") } ?? "" }
        return ends.joined(separator: "..")
    }
}
