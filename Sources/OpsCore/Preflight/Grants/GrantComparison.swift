/// What an account holds, against what its roles need.
public struct GrantComparison: Codable, Sendable, Equatable {
    /// `user@host`, as the server writes it.
    public let account: String
    public let roles: [DatabaseRole]
    /// `SELECT ON …`: what the roles need and the account lacks.
    public let missing: [String]
    /// `DROP ON …`: what the account holds and no role needs.
    public let extra: [String]

    /// True when nothing is missing and nothing is left over.
    public var isEqual: Bool { missing.isEmpty && extra.isEmpty }

    /// For people.
    public var text: String {
        let names = roles.map(\.rawValue).joined(separator: ", ")
        guard !isEqual else { return "\(account) has what \(names) needs, and no more" }
        return (missing.map { "missing: \($0)" } + extra.map { "more than needed: \($0)" }).joined(separator: "\n")
    }

    init(account: String, held: GrantLines, needed: [RoleGrants]) {
        self.account = account
        roles = needed.map(\.role)
        let needs = needed.flatMap(\.grants)
        missing = needs.flatMap { grant in
            grant.privileges.filter { !held.holds($0, on: grant.scope) }.map { "\($0) ON \(grant.scope.text)" }
        }.uniqued()
        let allowed = GrantLines(needs.map { $0.statement(to: "''@''") })
        extra = held.lines.flatMap { line in
            let known = allowed.lines.filter { Self.names($0.scope) == Self.names(line.scope) }
            return
                (line.privileges.subtracting(known.flatMap(\.privileges)).sorted()
                + (line.isPassedOn ? ["GRANT OPTION"] : [])).map { "\($0) ON \(line.scope)" }
        }.uniqued()
    }

    /// Asks a server about the account that it is connected with.
    public static func asking(
        _ settings: DatabaseSettings, roles: [DatabaseRole]
    ) async throws -> GrantComparison {
        let database = settings.database
        let connection = try await DatabaseConnection(settings, selectingDatabase: false)
        return try await connection.run { session in
            let server = try ServerInfo(asking: session)
            return GrantComparison(
                account: try session.query("SELECT CURRENT_USER()").first?.text(0) ?? settings.user,
                held: try GrantLines(asking: session),
                needed: roles.map { RoleGrants($0, on: server, database: database) })
        }
    }

    /// A scope whose wildcards may or may not be escaped: what was granted on `my_db` is meant for `my\_db`.
    private static func names(_ scope: String) -> String { scope.replacing("\\", with: "") }
}

extension [String] {
    /// Each once, in their first order.
    func uniqued() -> [String] {
        reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
