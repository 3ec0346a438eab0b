/// What is asked of accounts, secrets and encryption; each group of checks is in a file of its own.
enum SecurityChecks {
    static let all: [Check] = [
        Check(LeastGrants.self), Check(NoRoot.self), Check(Accounts.self), Check(Encryption.self),
        Check(Environment.self), Check(SecretFiles.self), Check(SetTwice.self), Check(SigningKey.self),
        Check(Exposure.self),
    ]
}
