import Foundation

/// State that statements of a file have built in their session and that running them again would not bring back exactly:
/// the values of user variables, the texts of prepared statements, the last AUTO_INCREMENT value.
struct SessionSnapshot: Sendable, Equatable, Codable {
    /// Values as SQL literals, by name.
    var variables: [String: String] = [:]
    /// Texts by name.
    var prepared: [String: String] = [:]
    var lastInsertID: UInt64 = 0

    /// Reads the values of `names`; each value keeps whether it is a number, a text or NULL.
    mutating func read(_ names: Set<String>, _ session: MariaDBHandle) throws {
        guard !names.isEmpty else { return }
        let list = names.sorted()
        let columns = list.map { name in
            let variable = "@" + SQLQuery.identifier(name)
            return """
                JSON_ARRAY(\(variable)) REGEXP '^.-?[0-9]', HEX(CONVERT(\(variable) USING utf8mb4)), \(variable) IS NULL
                """
        }
        let row = try session.query(SQLQuery(unquoted: "SELECT " + columns.joined(separator: ", "))).first
        guard let row else { return }
        for (offset, name) in list.enumerated() {
            let hexadecimal = row.text(offset * 3 + 1) ?? ""
            let isNumber = row.int(offset * 3) == 1
            variables[name] =
                row.int(offset * 3 + 2) == 1
                ? "NULL" : isNumber ? Self.decoded(hexadecimal) : "CONVERT(X'\(hexadecimal)' USING utf8mb4)"
        }
    }

    private static func decoded(_ hexadecimal: String) -> String {
        var bytes: [UInt8] = []
        var rest = hexadecimal[...]
        while rest.count > 1 {
            bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Builds the state in a new session.
    func restore(_ session: MariaDBHandle) throws {
        for (name, text) in prepared.sorted(by: { $0.key < $1.key }) {
            try session.execute("SET @sysndd_ctl_text = \(text)")
            try session.execute(
                SQLQuery(unquoted: "PREPARE \(SQLQuery.identifier(name)) FROM @sysndd_ctl_text"))
        }
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
            try session.execute(SQLQuery(unquoted: "SET @\(SQLQuery.identifier(name)) = \(value)"))
        }
        if lastInsertID > 0 { _ = try session.query("SELECT LAST_INSERT_ID(\(Int(lastInsertID)))") }
    }

    var json: String { String(decoding: (try? JSONEncoder().encode(self)) ?? Data(), as: UTF8.self) }

    init() {}

    init?(json: String) {
        guard let value = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else { return nil }
        self = value
    }
}
