/// What was done about an account, and whether its owner was told.
public struct AccountOutcome: Sendable, Codable, Equatable {
    public let message: String
    public let userID: Int
    public let userName: String
    /// Whether the mail server has taken the mail over.
    public let emailSent: Bool

    enum CodingKeys: String, CodingKey {
        case message
        case userID = "user_id"
        case userName = "user_name"
        case emailSent = "email_sent"
    }
}

extension AccountFlows {
    /// Stores a registration and confirms it by mail, with a blind copy to the curators.
    /// - Throws: ``AccountError`` of kind `badInput`, `invalidRegistration` or `duplicate`.
    public func signUp(_ registration: Registration) async throws -> AccountOutcome {
        let checked = try registration.check()
        let stored = try await transaction { session in
            let id = try store.register(checked, session)
            let mail = AccountMail.registration(checked, curator: mail.curatorAddress)
            return (id: id, mail: try outbox?.store(mail, session))
        }
        let isSent = await send(stored.mail)
        return AccountOutcome(
            message: "The registration request was stored. \(note(isSent: isSent))", userID: stored.id,
            userName: checked.userName, emailSent: isSent)
    }

    /// Lets a registered person in, or removes the registration.
    /// - Throws: ``AccountError`` of kind `unknownAccount`, `alreadyActive`, `inUse`; `roleTooLow`, when a Curator decides
    ///   about an Administrator.
    public func decide(_ id: Int, isApproved: Bool, by caller: AccessClaims) async throws -> AccountOutcome {
        isApproved ? try await approve(id, by: caller) : try await reject(id, by: caller)
    }

    private func approve(_ id: Int, by caller: AccessClaims) async throws -> AccountOutcome {
        // Hashing takes long: it is done before the row is locked, and only for an account that is there.
        guard let account = try await find(.id(id)) else { throw Self.unknown }
        try Self.check(account, by: caller)
        let password = PasswordPolicy.generate()
        let hash = try await hasher.hash(password)
        let stored = try await transaction { session in
            let account = try pending(id, by: caller, session)
            try store.approve(id, abbreviation: account.initials, session)
            try store.setPassword(of: id, to: hash, raisingEpoch: true, session)
            guard let address = account.email else { return (account, nil as Int?) }
            let mail = AccountMail.approval(to: address, userName: account.userName, password: password)
            return (account, try outbox?.store(mail, session))
        }
        let isSent = await send(stored.1)
        return AccountOutcome(
            message: "The account was approved. \(note(isSent: isSent))", userID: id, userName: stored.0.userName,
            emailSent: isSent)
    }

    private func reject(_ id: Int, by caller: AccessClaims) async throws -> AccountOutcome {
        let account = try await transaction { session in
            let account = try pending(id, by: caller, session)
            try store.delete(id, session)
            return account
        }
        return AccountOutcome(
            message: "The registration was removed. No mail was sent.", userID: id, userName: account.userName,
            emailSent: false)
    }

    /// Removes an account for good.
    /// - Throws: ``AccountError`` of kind `unknownAccount` or `inUse`.
    public func delete(_ id: Int) async throws {
        try await transaction { session in
            guard try store.find(.id(id), isLocking: true, session) != nil else { throw Self.unknown }
            try store.delete(id, session)
        }
    }

    /// The account that is to be decided about; its row stays as it is until the transaction ends.
    private func pending(_ id: Int, by caller: AccessClaims, _ session: MariaDBHandle) throws -> Account {
        guard let account = try store.find(.id(id), isLocking: true, session) else { throw Self.unknown }
        try Self.check(account, by: caller)
        return account
    }

    private static func check(_ account: Account, by caller: AccessClaims) throws {
        guard account.role != .administrator || caller.userRole == .administrator else {
            throw AccountError(.roleTooLow, "a Curator may not decide about an Administrator")
        }
        guard !account.isApproved else { throw AccountError(.alreadyActive, "User account already active.") }
    }

    private static let unknown = AccountError(.unknownAccount, "User account does not exist.")
}

extension Account {
    /// The first letters of first and family name.
    var initials: String {
        [firstName, familyName].compactMap { $0?.first.map(String.init) }.joined().uppercased()
    }
}
