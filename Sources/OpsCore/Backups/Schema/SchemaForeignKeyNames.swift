/// Puts right the backticks in the names of foreign keys.
///
/// MariaDB 11.8 shows the foreign key `` `a``b` `` as `` `a`b` ``, its columns too, which nobody can read back. A name in
/// which every run of backticks has an even length is taken for one that was written correctly.
enum SchemaForeignKeyNames {
    /// The statement of a table; each foreign key stands on a line of its own.
    static func repaired(_ statement: [UInt8]) -> [UInt8] {
        guard statement.containsSubsequence(Array("FOREIGN KEY (`".utf8)) else { return statement }
        let lines = String(decoding: statement, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.map { repaired(line: $0) ?? String($0) }.joined(separator: "\n").utf8)
    }

    /// ``  CONSTRAINT `c` FOREIGN KEY (`a`, `b`) REFERENCES `t` (`x`, `y`) …``; nil for any other line.
    private static func repaired(line: Substring) -> String? {
        var rest = line
        guard take(&rest, "  CONSTRAINT `") != nil, let name = take(&rest, "` FOREIGN KEY (`"),
            let columns = take(&rest, "`) REFERENCES `"), let table = take(&rest, "` (`"),
            let end = rest.ranges(of: "`)").last
        else { return nil }
        let others = rest[..<end.lowerBound]
        return "  CONSTRAINT `\(doubled(name))` FOREIGN KEY (`\(list(columns))`) "
            + "REFERENCES `\(table)` (`\(list(others))`)" + rest[end.upperBound...]
    }

    /// What stands in front of `mark`, which is taken away with it.
    private static func take(_ text: inout Substring, _ mark: String) -> Substring? {
        guard let range = text.firstRange(of: mark) else { return nil }
        defer { text = text[range.upperBound...] }
        return text[..<range.lowerBound]
    }

    private static func list(_ columns: Substring) -> String {
        columns.split(separator: "`, `").map(doubled).joined(separator: "`, `")
    }

    private static func doubled(_ name: Substring) -> String {
        let runs = name.split(omittingEmptySubsequences: true) { $0 != "`" }
        return runs.allSatisfy { $0.count.isMultiple(of: 2) } ? String(name) : String(name).replacing("`", with: "``")
    }
}
