import OpsCore

/// The account with which `preflight` looks at the whole server of a stack: what `grants --role monitor` prints, no more.
struct StackMonitor: Sendable {
    static let user = "sysndd_monitor"

    let folder: StackFolder

    /// The URL of its connection, with the password.
    static func urlFile(in folder: StackFolder) -> String { folder.file("monitor-url") }

    /// Makes the account, or gives it the privileges that this version asks for.
    func prepare(_ endpoint: ServerEndpoint) async throws {
        var settings = endpoint.settings
        settings.user = Self.user
        settings.password = Secret(try GeneratedPassword.remembered(in: Self.passwordFile(in: folder)).value)
        let root = try await DatabaseConnection(endpoint.rootSettings)
        let grants = RoleGrants(.monitor, on: try await root.serverInfo(), database: endpoint.databaseName)
        let account = "'\(Self.user)'@'%'"
        let statements =
            [
                "CREATE USER IF NOT EXISTS \(account)",
                "ALTER USER \(account) IDENTIFIED BY '\(settings.password?.exposed ?? "")'",
            ] + grants.statements(user: Self.user, host: "%").map { String($0.dropLast()) }
        for statement in statements { try await root.execute(SQLQuery(unquoted: statement)) }
        try PrivateFile.write(settings.url(includingPassword: true) + "\n", to: Self.urlFile(in: folder))
    }

    static func remove(from folder: StackFolder) throws {
        for path in [urlFile(in: folder), passwordFile(in: folder)] { try PrivateFile.remove(path) }
    }

    private static func passwordFile(in folder: StackFolder) -> String { folder.file("monitor-password") }
}
