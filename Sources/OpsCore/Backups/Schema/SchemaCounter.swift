/// The next AUTO_INCREMENT value in the options of a table: it changes with every row, so it is no part of what the table
/// is.
enum SchemaCounter {
    /// The statement without ` AUTO_INCREMENT=5` behind the columns.
    static func removed(from statement: [UInt8]) -> [UInt8] {
        guard let range = range(in: statement) else { return statement }
        var text = statement
        text.removeSubrange(range)
        return text
    }

    /// The value; nil where the statement has none.
    static func value(in statement: [UInt8]) -> UInt64? {
        range(in: statement).flatMap { range in
            UInt64(String(decoding: statement[range].drop { !ASCII.isDigit($0) }, as: UTF8.self))
        }
    }

    /// From the space in front to the last digit.
    private static func range(in statement: [UInt8]) -> Range<Int>? {
        guard statement.containsSubsequence(Array("AUTO_INCREMENT=".utf8)) else { return nil }
        let tokens = Array(SchemaTokens(statement))
        for index in tokens.indices.dropLast(2) where tokens[index].keyword(in: statement) == "auto_increment" {
            guard tokens[index + 1].kind == .symbol(UInt8(ascii: "=")) else { continue }
            let start = tokens[index].range.lowerBound
            return max(0, start - 1)..<tokens[index + 2].range.upperBound
        }
        return nil
    }
}
