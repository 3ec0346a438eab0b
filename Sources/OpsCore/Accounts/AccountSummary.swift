/// What is shown of an account.
public struct AccountSummary: Sendable, Codable, Equatable {
    public let userId: Int
    public let userName: String
    public let userRole: Role
    public let approved: Bool
    @EncodedAsNull public var email: String?
    /// Whether somebody can sign in with it.
    public let hasPassword: Bool
    /// As the database writes it, in UTC.
    @EncodedAsNull public var createdAt: String?

    init(_ account: Account) {
        userId = account.id
        userName = account.userName
        userRole = account.role
        approved = account.isApproved
        email = account.email
        hasPassword = account.storedPassword?.exposed.isEmpty == false
        createdAt = account.createdAt
    }
}
