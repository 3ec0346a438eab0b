/// One row of the table `user`.
public struct Account: Sendable, Equatable {
    public let id: Int
    public let userName: String
    /// What the column `password` holds: a hash, an old password in plain text, or nothing.
    let storedPassword: Secret?
    public let email: String?
    public let orcid: String?
    public let abbreviation: String?
    public let firstName: String?
    public let familyName: String?
    public let role: Role
    public let isApproved: Bool
    /// As the database writes it, in UTC.
    public let createdAt: String?
    /// Seconds since 1970 of the last reset link that is still open; nil when none is.
    let passwordResetDate: Int?
    public let sessionEpoch: Int

    static let columns: SQLQuery = """
        user_id, user_name, password, email, orcid, abbreviation, first_name, family_name, user_role, approved,
        created_at, UNIX_TIMESTAMP(password_reset_date) AS reset_seconds, session_epoch
        """

    init(_ row: DatabaseRow) {
        id = row.int("user_id") ?? 0
        userName = row.text("user_name") ?? ""
        storedPassword = row.text("password").map(Secret.init)
        email = row.text("email")
        orcid = row.text("orcid")
        abbreviation = row.text("abbreviation")
        firstName = row.text("first_name")
        familyName = row.text("family_name")
        // A role that this program does not know gives no right beyond those of everybody.
        role = row.text("user_role").flatMap(Role.init(name:)) ?? .viewer
        isApproved = row.bool("approved")
        createdAt = row.text("created_at")
        passwordResetDate = row.text("reset_seconds").flatMap(Double.init).map { Int($0) }
        sessionEpoch = row.int("session_epoch") ?? 0
    }
}
