/// A password for an account: one that somebody typed, or a generated one that is to be shown once.
public struct NewPassword: Sendable, Equatable {
    public let secret: Secret
    public let isGenerated: Bool

    /// A generated one: 16 characters of every kind.
    public init() {
        secret = PasswordPolicy.generate()
        isGenerated = true
    }

    /// - Throws: ``AccountError`` of kind `badPassword` for one that the policy does not take.
    public init(typed text: String) throws(AccountError) {
        guard PasswordPolicy.accepts(text) else {
            throw AccountError(.badPassword, "a password needs \(PasswordPolicy.description)")
        }
        secret = Secret(text)
        isGenerated = false
    }
}
