import Foundation

extension AccountFlows {
    /// Signs in with user name and password.
    /// - Returns: an access token.
    /// - Throws: ``AccountError``: `badInput` for lengths that cannot be right; `wrongCredentials` for everything else,
    ///   after the same work, so that nobody learns which accounts there are.
    public func authenticate(userName: String, password: Secret) async throws -> String {
        guard (5...20).contains(userName.unicodeScalars.count), (5...50).contains(password.exposed.unicodeScalars.count)
        else { throw AccountError(.badInput, "Please provide valid username and password.") }
        let account = try await find(.userName(userName)).flatMap { $0.isApproved ? $0 : nil }
        let match = try await hasher.check(password, against: account?.storedPassword)
        guard let account, match != .no else { throw AccountError(.wrongCredentials, "User or password wrong.") }
        if match == .plainText { try await replacePlainText(password, of: account) }
        return try await tokens.issue(for: account)
    }

    private func replacePlainText(_ password: Secret, of account: Account) async throws {
        guard let old = account.storedPassword else { return }
        let hash = try await hasher.hash(password)
        try await transaction { try store.replacePlainText(old, with: hash, of: account.id, $0) }
    }

    /// A new token for somebody whose session has not been ended meanwhile.
    /// - Throws: ``AccountError`` of kind `sessionEnded`.
    public func refresh(_ claims: AccessClaims) async throws -> String {
        guard let account = try await find(.id(claims.userID)), account.isApproved,
            account.sessionEpoch == claims.sepoch
        else { throw AccountError(.sessionEnded, "the session was ended, sign in again") }
        return try await tokens.issue(for: account)
    }
}
