/// The connection settings of an option file of the MySQL and MariaDB clients, usually `~/.my.cnf`.
///
/// Read are the groups that every client reads; options of other purposes, and `!include`, are passed over.
/// Dashes and underscores in names are alike, a later line overrides an earlier one.
public struct OptionFile: Sendable, Equatable {
    /// By the variable that means the same, such as `MYSQL_HOST`.
    public let entries: [String: SettingLine]

    private static let groups: Set = ["client", "client-server", "client-mariadb"]
    private static let variables = [
        "host": SettingKey.mysqlHost, "port": .mysqlPort, "socket": .mysqlSocket, "user": .mysqlUser,
        "password": .mysqlPassword, "database": .mysqlDatabase, "ssl-mode": .mysqlTLSMode, "ssl-ca": .mysqlTLSAuthority,
    ]

    /// - Parameter file: how the file is called in errors.
    /// - Throws: ``SettingProblem`` for a group whose bracket is not closed.
    public init(parsing text: String, file: String) throws(SettingProblem) {
        var entries: [String: SettingLine] = [:]
        var isOurs = false
        for (offset, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = String(raw).trimmed
            if line.hasPrefix("[") {
                isOurs = Self.groups.contains(try Self.group(line, at: offset + 1, of: file))
            } else if isOurs, let (variable, value) = Self.option(line) {
                entries[variable] = SettingLine(value: value, line: offset + 1)
            }
        }
        self.entries = entries
    }

    private static func group(_ line: String, at number: Int, of file: String) throws(SettingProblem) -> String {
        guard let end = line.firstIndex(of: "]") else {
            throw SettingProblem(
                source: SettingSource.optionFile(file: file, line: number).description,
                reason: "the group has no closing bracket", remedy: "write it as [client]")
        }
        return String(line[..<end].dropFirst()).trimmed
    }

    private static func option(_ line: String) -> (String, String)? {
        guard let first = line.first, !"#;!".contains(first) else { return nil }
        let parts = withoutComment(line).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0]).trimmed.replacing("_", with: "-")
        let value = parts.count == 2 ? Self.value(String(parts[1]).trimmed) : nil
        // MariaDB's clients know no ssl-mode; to pass over this option would drop a check that the operator asked for.
        if name == "ssl-verify-server-cert", value.map({ SettingType.boolean(from: $0) == true }) ?? true {
            return (SettingKey.mysqlTLSMode.name, TLSMode.verifyIdentity.rawValue)
        }
        guard let key = variables[name], let value else { return nil }
        return (key.name, value)
    }

    /// The line up to a `#` that is not inside quotes, as the clients cut it.
    private static func withoutComment(_ line: String) -> Substring {
        var quote: Character?
        var isEscaped = false
        for index in line.indices {
            let character = line[index]
            if character == "#", quote == nil { return line[..<index] }
            if !isEscaped, character == "'" || character == "\"" {
                if quote == nil { quote = character } else if quote == character { quote = nil }
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return line[...]
    }

    private static func value(_ text: String) -> String {
        var inner = text[...]
        if inner.count >= 2, let first = inner.first, first == inner.last, first == "'" || first == "\"" {
            inner = inner.dropFirst().dropLast()
        }
        return unescaped(inner)
    }

    private static func unescaped(_ text: Substring) -> String {
        let meanings: [Character: Character] = [
            "b": "\u{8}", "t": "\t", "n": "\n", "r": "\r", "s": " ", "\\": "\\", "\"": "\"", "'": "'",
        ]
        var result = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "\\", let next = rest.first, let meant = meanings[next] else {
                result.append(character)
                continue
            }
            rest.removeFirst()
            result.append(meant)
        }
        return result
    }
}
