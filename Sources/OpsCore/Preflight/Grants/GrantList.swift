/// The GRANT statements of some roles, for the server that the settings name.
public struct GrantList: Codable, Sendable, Equatable {
    /// One account of its own.
    public struct Entry: Codable, Sendable, Equatable {
        public let role: DatabaseRole
        /// `'name'@'host'`
        public let account: String
        public let statements: [String]
    }

    /// Flavour and version, which the statements are for.
    public let server: String
    public let roles: [Entry]

    /// Asks the server what it is.
    /// - Parameters:
    ///   - user: the account's name; nil for `sysndd_ROLE`.
    ///   - host: where it may come from.
    public static func asking(
        _ settings: DatabaseSettings, roles: [DatabaseRole], user: String?, host: String
    ) async throws -> GrantList {
        let connection = try await DatabaseConnection(settings, selectingDatabase: false)
        return GrantList(
            try await connection.serverInfo(), database: settings.database, roles: roles, user: user, host: host)
    }

    init(_ server: ServerInfo, database: String, roles: [DatabaseRole], user: String?, host: String) {
        self.server = "\(server.flavour.rawValue) \(server.version.map(String.init).joined(separator: "."))"
        self.roles = roles.map { role in
            let name = user ?? "sysndd_\(role.rawValue)"
            return Entry(
                role: role, account: "\(SQLQuery.literal(name))@\(SQLQuery.literal(host))",
                statements: RoleGrants(role, on: server, database: database).statements(user: name, host: host))
        }
    }

    /// SQL that can be run once the accounts exist; how they are made is in comments, because a password is needed.
    public var text: String {
        roles.map { entry in
            (["-- \(entry.role.rawValue), for \(server)", "-- CREATE USER \(entry.account) IDENTIFIED BY '…';"]
                + entry.statements).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}
