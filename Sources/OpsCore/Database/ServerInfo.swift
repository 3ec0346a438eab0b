/// What a server is: flavour, version, and whether it is a node of a Galera cluster.
public struct ServerInfo: Sendable, Equatable, Codable {
    /// The two families that this package works with.
    public enum Flavour: String, Sendable, Codable {
        case mariadb = "MariaDB"
        case mysql = "MySQL"
    }

    public let flavour: Flavour
    /// Major, minor, patch.
    public let version: [Int]
    /// The version as the server writes it.
    public let versionText: String
    /// True for a node of a Galera cluster: its user-level locks hold on that node only.
    public let isGalera: Bool

    /// Asks the server behind `session`.
    init(asking session: MariaDBHandle) throws {
        let text = try session.query("SELECT VERSION()").first?.text(0) ?? session.serverVersion
        let wsrep = try session.query("SHOW GLOBAL VARIABLES LIKE 'wsrep_on'").first?.text(1)
        self.init(versionText: text, isGalera: wsrep == "ON")
    }

    init(versionText: String, isGalera: Bool) {
        self.versionText = versionText
        self.isGalera = isGalera
        flavour = versionText.contains("MariaDB") ? .mariadb : .mysql
        // An old convention puts 5.5.5- before the real version of a MariaDB server.
        let plain = versionText.hasPrefix("5.5.5-") ? String(versionText.dropFirst(6)) : versionText
        version = plain.prefix { $0.isNumber || $0 == "." }.split(separator: ".").compactMap { Int($0) }
    }

    /// True from version `minimum` on, such as `[11, 4]`.
    public func isAtLeast(_ minimum: [Int]) -> Bool {
        !version.lexicographicallyPrecedes(minimum)
    }
}

extension DatabaseConnection {
    /// What the server is.
    public func serverInfo() async throws -> ServerInfo {
        try await run { try ServerInfo(asking: $0) }
    }
}
