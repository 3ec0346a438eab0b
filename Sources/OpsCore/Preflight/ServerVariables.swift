/// What a server says of itself: flavour, version and global variables.
struct ServerVariables: Sendable, Equatable {
    let server: ServerInfo
    private let values: [String: String]

    init(asking session: MariaDBHandle) throws {
        server = try ServerInfo(asking: session)
        values = try session.query("SHOW GLOBAL VARIABLES").reduce(into: [:]) { values, row in
            values[(row.text(0) ?? "").lowercased()] = row.text(1) ?? ""
        }
    }

    init(server: ServerInfo, values: [String: String]) {
        self.server = server
        self.values = values
    }

    /// The value of a variable; nil when this server does not have it.
    subscript(name: String) -> String? { values[name] }

    /// The value as a whole number.
    func int(_ name: String) -> Int? { values[name].flatMap { Int($0) } }

    /// True when a switch is on.
    func isOn(_ name: String) -> Bool { ["ON", "1", "TRUE", "YES"].contains(values[name]?.uppercased() ?? "") }
}
