extension SchemaReader {
    /// Brings back what the server cannot print. It shows definitions in its own character set, without the characters
    /// beyond U+FFFF: MariaDB shows `DEFAULT '🧬'` as `DEFAULT '?'`, and every dump made of it loses the character.
    ///
    /// The default itself can be asked for. Where something else has a `?` in it, such as a member of an ENUM, it can only
    /// be said.
    mutating func withPrintableDefaults(_ statement: [UInt8], of table: TableDefinition) throws -> [UInt8] {
        guard statement.contains(UInt8(ascii: "?")) else { return statement }
        var statement = statement
        for column in table.columns where losesCharacters(column) {
            guard let place = Self.unprintableDefault(of: column.name, in: statement),
                let value = try defaultValue(of: column, in: table)
            else { continue }
            statement.replaceSubrange(place, with: Array("'\(SchemaReadingSession.escaped(value))'".utf8))
        }
        if Self.hasUnprintableString(statement) {
            notices.append(
                SchemaNotice(
                    .table, table.name, .unprintableCharacters,
                    "its definition has a ? in a text: check that it is one, because the server also shows a character "
                        + "beyond U+FFFF as ?, and it would be lost"))
        }
        return statement
    }

    /// MySQL shows such a default in hexadecimal digits. The default of an ENUM has to be one of its members as shown.
    private func losesCharacters(_ column: TableColumnDefinition) -> Bool {
        session.server.flavour == .mariadb && !["enum", "set"].contains(column.dataType)
            && ["utf8mb4", "utf16", "utf16le", "utf32"].contains(column.characterSet)
    }

    /// The literal with a `?` behind DEFAULT in the line of a column.
    private static func unprintableDefault(of column: String, in statement: [UInt8]) -> Range<Int>? {
        let start = Array("\n  \(SQLQuery.identifier(column)) ".utf8)
        guard let line = statement.firstRange(of: start) else { return nil }
        let offset = line.upperBound
        var isDefault = false
        for token in SchemaTokens(Array(statement[offset...])) {
            let range = token.range.lowerBound + offset..<token.range.upperBound + offset
            if isDefault {
                return token.kind == .string && statement[range].contains(UInt8(ascii: "?")) ? range : nil
            }
            if statement[range].elementsEqual("DEFAULT".utf8) { isDefault = true }
            let isEnd = token.kind == .symbol(UInt8(ascii: ","))
            if isEnd, statement[range.upperBound...].first == ASCII.lineFeed { return nil }
        }
        return nil
    }

    /// The outer join has one row also where the table has none.
    private func defaultValue(of column: TableColumnDefinition, in table: TableDefinition) throws -> String? {
        try session.query(
            """
            SELECT CONVERT(DEFAULT(t.\(identifier: column.name)) USING utf8mb4)
            FROM (SELECT 1) one LEFT JOIN \(identifier: table.name) t ON FALSE
            """
        ).first?.text(0)
    }

    /// Whether a text has a `?` in it, other than a comment, which never held such a character, and a plain default, which
    /// was asked for.
    private static func hasUnprintableString(_ statement: [UInt8]) -> Bool {
        var previous = ""
        for token in SchemaTokens(statement) {
            let isText = token.kind == .string && previous != "comment" && previous != "default"
            if isText, token.text(in: statement).contains(UInt8(ascii: "?")) { return true }
            // COMMENT='…' in the options of a table.
            if token.kind != .symbol(UInt8(ascii: "=")) { previous = token.keyword(in: statement) }
        }
        return false
    }
}
