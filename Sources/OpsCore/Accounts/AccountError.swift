/// Something about an account, a token or a registration is not as it must be.
public struct AccountError: OperatorError, Equatable {
    /// What went wrong, for a caller that has to decide something.
    public enum Kind: String, Sendable {
        /// JWT_SECRET is not set.
        case notConfigured = "AUTH_NOT_CONFIGURED"
        /// JWT_SECRET is too short.
        case weakKey = "AUTH_KEY_TOO_SHORT"
        /// A token that nobody with the key made for this purpose.
        case badToken = "BAD_TOKEN"
        /// A token whose time is over.
        case expiredToken = "TOKEN_EXPIRED"
        /// A value that cannot be taken at all.
        case badInput = "BAD_INPUT"
        /// A registration that breaks one of its rules.
        case invalidRegistration = "INVALID_REGISTRATION"
        /// User name, email or ORCID is another account's.
        case duplicate = "ACCOUNT_EXISTS"
        /// User name or password is wrong, or the account is not approved: never said which.
        case wrongCredentials = "WRONG_CREDENTIALS"
        /// There is no such account.
        case unknownAccount = "ACCOUNT_UNKNOWN"
        /// The account is approved already.
        case alreadyActive = "ACCOUNT_ALREADY_ACTIVE"
        /// The account is not approved.
        case notApproved = "ACCOUNT_NOT_APPROVED"
        /// Other rows refer to the account.
        case inUse = "ACCOUNT_IN_USE"
        /// The session was ended, or never was one.
        case sessionEnded = "SESSION_ENDED"
        /// The caller's role does not allow it.
        case notAllowed = "NOT_ALLOWED"
        /// A Curator wants to decide about an Administrator.
        case roleTooLow = "ROLE_TOO_LOW"
        /// The old password is wrong, or the new one is not acceptable.
        case badPassword = "PASSWORD_NOT_ACCEPTED"
        /// A reset link that was used, or that a newer one replaced.
        case usedLink = "RESET_LINK_USED"
        /// So many passwords are being checked that one more would wait too long.
        case overloaded = "TOO_MANY_SIGN_INS"
        /// A hash could not be made.
        case hashFailed = "HASH_FAILED"
    }

    public let kind: Kind
    public let message: String
    public let hint: String?

    public init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    public var code: String { kind.rawValue }

    public var exitStatus: ExitStatus {
        switch kind {
        case .notConfigured, .weakKey: .badSettings
        case .badInput, .invalidRegistration, .badPassword: .usage
        case .overloaded: .busy
        case .notAllowed, .roleTooLow: .notPermitted
        default: .failed
        }
    }

    /// What every command and route without a key says.
    public static let withoutKey = AccountError(
        .notConfigured, "JWT_SECRET is not set, so nobody can sign in",
        hint: "set JWT_SECRET to at least 32 random bytes")
}
