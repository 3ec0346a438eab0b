import Crypto
import Foundation

/// What a reset link says. It is no access token, because it has no role, and an access token is no reset link, because it
/// has no hash.
struct ResetClaims: ExpiringClaims, Equatable {
    let userID: Int
    let userName: String
    let email: String
    /// Of the password that the link replaces, so that the link dies with it.
    let hash: String
    let iat: Double
    let exp: Double

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case userName = "user_name"
        case email, hash, iat, exp
    }

    init(_ account: Account, email: String, salt: Secret?, issued: Int, lifetime: Duration) {
        userID = account.id
        userName = account.userName
        self.email = email
        hash = Self.hash(of: account, salt: salt)
        iat = Double(issued)
        exp = Double(issued) + lifetime.inSeconds
    }

    /// Whether the link is still the one that counts for the account: its password is the same, and no newer link was made.
    func isCurrent(for account: Account, salt: Secret?) -> Bool {
        guard let date = account.passwordResetDate, abs(Double(date) - iat) <= 2 else { return false }
        return userName == account.userName && email == account.email
            && PasswordHash.isEqual(Secret(hash), Secret(Self.hash(of: account, salt: salt)))
    }

    /// The application uses MD5 here. It protects nothing: the token is signed, and what goes in is a slow hash.
    private static func hash(of account: Account, salt: Secret?) -> String {
        let text = (salt?.exposed ?? "") + (account.storedPassword?.exposed ?? "")
        return Insecure.MD5.hash(data: Data(text.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
