/// Privileges on one scope.
struct RoleGrant: Sendable, Equatable {
    let scope: GrantScope
    let privileges: [String]

    init(_ privileges: [String], on scope: GrantScope) {
        self.privileges = privileges
        self.scope = scope
    }

    /// - Parameter account: quoted.
    func statement(to account: String) -> String {
        "GRANT \(privileges.joined(separator: ", ")) ON \(scope.text) TO \(account);"
    }
}
