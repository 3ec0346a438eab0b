import Foundation

/// A change of password by somebody who is signed in.
public struct PasswordUpdate: Sendable {
    public var userID: Int
    public var old: Secret
    public var new: Secret
    public var repeated: Secret

    public init(userID: Int, old: Secret, new: Secret, repeated: Secret) {
        self.userID = userID
        self.old = old
        self.new = new
        self.repeated = repeated
    }
}

extension AccountFlows {
    /// Every answer to a request for a link takes this long, whether there was an account or not.
    static let resetAnswerTime = Duration.milliseconds(300)

    // MARK: - Reset link

    /// Mails a reset link to the owner of an address. Nobody learns whether there is one: it returns the same in the same
    /// time, and the mail is sent afterwards.
    /// - Returns: what the answer says.
    public func requestReset(email: String) async throws -> String {
        let end = ContinuousClock.now + Self.resetAnswerTime
        if let outbox, try await storeLink(to: email, outbox) { wake() }
        try await Task.sleep(until: end)
        return outbox == nil
            ? "Mail is turned off, so no link was sent." : "If the address is known, a mail with a link was sent to it."
    }

    private func storeLink(to email: String, _ outbox: Outbox) async throws -> Bool {
        guard MailAddressRule.accepts(email) else { return false }
        // Another request for the same account may come in between: then the link is made anew.
        for _ in 1...3 {
            guard let account = try await find(.email(email)), let claims = newLink(of: account) else { return false }
            let link = "\(baseURL ?? "http://localhost")/PasswordReset/\(try await tokens.signer.sign(claims))"
            let mail = AccountMail.passwordReset(to: claims.email, link: link, lifetime: settings.passwordResetExpiry)
            let isStored = try await transaction { session in
                guard try store.find(.id(account.id), isLocking: true, session) == account else { return false }
                try store.setResetDate(of: account.id, to: Int(claims.iat), session)
                _ = try outbox.store(mail, lifetime: settings.passwordResetExpiry, session)
                return true
            }
            if isStored { return true }
        }
        return false
    }

    /// The claims of a new link, which closes the one before; nil for an account that nobody has approved, or that has no
    /// address that can be reached. A link is known by its time within two seconds, so a request that follows sooner takes
    /// a later time.
    private func newLink(of account: Account) -> ResetClaims? {
        guard account.isApproved, let email = account.email, !email.lowercased().hasSuffix(".invalid") else {
            return nil
        }
        let now = Int(Date().timeIntervalSince1970)
        let previous = account.passwordResetDate.map { min($0, now + 60) + 3 }
        return ResetClaims(
            account, email: email, salt: settings.passwordSalt, issued: max(now, previous ?? now),
            lifetime: settings.passwordResetExpiry)
    }

    /// Sets a new password with a reset link.
    /// - Throws: ``AccountError``: `badToken` or `expiredToken`; `badPassword`; `usedLink`.
    public func changePassword(token: String, to new: Secret, repeated: Secret) async throws {
        let claims = try await tokens.signer.verify(token, as: ResetClaims.self)
        guard new == repeated, PasswordPolicy.accepts(new.exposed) else { throw Self.weak }
        guard let account = try await find(.id(claims.userID)), isCurrent(claims, account) else { throw Self.used }
        let hash = try await hasher.hash(new)
        try await transaction { session in
            // Two requests with one link may have come this far: the second finds the row changed.
            guard let account = try store.find(.id(claims.userID), isLocking: true, session),
                isCurrent(claims, account)
            else { throw Self.used }
            try store.setPassword(of: account.id, to: hash, raisingEpoch: true, session)
        }
    }

    /// Looks at a reset link, for the route to do before it reads a body.
    /// - Returns: the id of the account that it is for.
    public func checkResetLink(_ token: String) async throws(AccountError) -> Int {
        try await tokens.signer.verify(token, as: ResetClaims.self).userID
    }

    private func isCurrent(_ claims: ResetClaims, _ account: Account) -> Bool {
        account.isApproved && claims.isCurrent(for: account, salt: settings.passwordSalt)
    }

    // MARK: - Update

    /// Sets a new password for oneself, or as an Administrator for anybody, then without the old one.
    /// - Throws: ``AccountError``: `notAllowed`; `badPassword`; `unknownAccount`; `notApproved`.
    public func updatePassword(_ update: PasswordUpdate, by caller: AccessClaims) async throws {
        let isAdministrator = caller.userRole == .administrator
        guard isAdministrator || caller.userID == update.userID else {
            throw AccountError(.notAllowed, "only an Administrator may set another's password")
        }
        guard update.new == update.repeated, update.new != update.old, PasswordPolicy.accepts(update.new.exposed) else {
            throw Self.weak
        }
        guard let account = try await find(.id(update.userID)) else {
            throw AccountError(.unknownAccount, "User account does not exist.")
        }
        guard account.isApproved else { throw AccountError(.notApproved, "User account not approved.") }
        if !isAdministrator, try await hasher.check(update.old, against: account.storedPassword) == .no {
            throw AccountError(.badPassword, "the old password is wrong")
        }
        let hash = try await hasher.hash(update.new)
        try await transaction { session in
            // Somebody may have set another password since the old one was checked.
            guard let current = try store.find(.id(account.id), isLocking: true, session), current.isApproved,
                isAdministrator || current.storedPassword == account.storedPassword
            else { throw AccountError(.badPassword, "the account was changed meanwhile, try again") }
            try store.setPassword(of: account.id, to: hash, raisingEpoch: true, session)
        }
    }

    private static let weak = AccountError(
        .badPassword, "the new password must be typed twice alike and have \(PasswordPolicy.description)")
    private static let used = AccountError(.usedLink, "the link was used, or a newer one replaced it")
}
