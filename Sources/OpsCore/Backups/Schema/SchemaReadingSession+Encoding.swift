extension SchemaReadingSession {
    /// The statement of a stored program in one character set.
    ///
    /// The servers put it together from a header in UTF-8 and a body in the character set in which it was typed, and call
    /// the mixture by the latter name; what their own dump tools make of `CREATE PROCEDURE größe` in latin1 is another name.
    /// So names and comment are looked up in information_schema, found in the header and converted.
    func encodedHeader(
        of statement: [UInt8], names: [String], comment: String, in characterSet: String
    ) throws -> [UInt8] {
        guard !["utf8mb4", "utf8mb3", "utf8", "binary"].contains(characterSet) else { return statement }
        var statement = statement
        for piece in names.map(SQLQuery.identifier) + ["COMMENT '\(Self.escaped(comment))'"] {
            guard piece.utf8.contains(where: { $0 >= 0x80 }), let place = statement.firstRange(of: piece.utf8) else {
                continue
            }
            statement.replaceSubrange(place, with: try converted(piece, to: characterSet))
        }
        return statement
    }

    /// As the servers' `append_unescaped` writes a text.
    static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\0", with: "\\0").replacing("\n", with: "\\n")
            .replacing("\r", with: "\\r").replacing("'", with: "''")
    }

    private func converted(_ text: String, to characterSet: String) throws -> [UInt8] {
        let digits = text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let text = "SELECT CONVERT(_utf8mb4 X'\(digits)' USING \(characterSet))"
        return try query(SQLQuery(unquoted: text)).first?.values[0] ?? []
    }
}
