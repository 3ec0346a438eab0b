import Foundation

/// Accounts for the one who runs the application: the first administrator, and emergencies. Needs the database, no token.
public struct AccountAdministration: Sendable {
    private let database: DatabaseSettings
    private let store = AccountStore()

    public init(_ database: DatabaseSettings) { self.database = database }

    /// Adds an account that may sign in at once.
    /// - Throws: ``AccountError`` of kind `badInput` or `duplicate`; ``DatabaseError``.
    public func add(_ userName: String, role: Role, email: String?, password: Secret) async throws -> AccountSummary {
        try Self.check(userName, email)
        let hash = try await BlockingCall.run { try PasswordHash.make(of: password) }
        return try await DatabaseConnection(database).transaction { session in
            let id = try store.add(userName, role: role, email: email, hash: hash, session)
            return try summary(of: .id(id), session)
        }
    }

    /// All accounts, oldest first.
    public func list() async throws -> [AccountSummary] {
        try await DatabaseConnection(database).run { try store.all($0).map(AccountSummary.init) }
    }

    /// Sets a password and ends the sessions of the account; one that was not approved stays so.
    /// - Throws: ``AccountError`` of kind `unknownAccount`.
    public func setPassword(of userName: String, to password: Secret) async throws -> AccountSummary {
        let hash = try await BlockingCall.run { try PasswordHash.make(of: password) }
        return try await change(userName) { id, session in
            try store.setPassword(of: id, to: hash, raisingEpoch: true, session)
        }
    }

    /// Gives another role and ends the sessions of the account.
    /// - Throws: ``AccountError`` of kind `unknownAccount`.
    public func setRole(of userName: String, to role: Role) async throws -> AccountSummary {
        try await change(userName) { id, session in try store.setRole(of: id, to: role, session) }
    }

    private func change(
        _ userName: String, _ body: @Sendable (Int, MariaDBHandle) throws -> Void
    ) async throws -> AccountSummary {
        try await DatabaseConnection(database).transaction { session in
            guard let account = try store.find(.userName(userName), isLocking: true, session) else {
                throw Self.unknown(userName)
            }
            try body(account.id, session)
            return try summary(of: .id(account.id), session)
        }
    }

    private func summary(of key: AccountStore.Key, _ session: MariaDBHandle) throws -> AccountSummary {
        guard let account = try store.find(key, session) else { throw Self.unknown("\(key)") }
        return AccountSummary(account)
    }

    private static func unknown(_ name: String) -> AccountError {
        AccountError(
            .unknownAccount, "there is no account \(SettingProblem.quoted(name))",
            hint: "see the accounts with: sysndd-ctl account list")
    }

    /// What signing in and mailing demand.
    private static func check(_ userName: String, _ email: String?) throws(AccountError) {
        guard (5...20).contains(userName.unicodeScalars.count), !MailAddressRule.hasControlCharacter(userName) else {
            throw AccountError(.badInput, "a user name has 5 to 20 characters")
        }
        if let email, !MailAddressRule.accepts(email) || email.unicodeScalars.count > 50 {
            throw AccountError(.badInput, "\(SettingProblem.quoted(email)) is no mail address of at most 50 characters")
        }
    }
}
