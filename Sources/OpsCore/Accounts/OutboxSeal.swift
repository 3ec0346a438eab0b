import Crypto
import Foundation

/// Encrypts mails while they wait, because backups hold the outbox and mails hold passwords and links: without JWT_SECRET
/// they cannot be read. AES-GCM with a key of its own, derived from that secret.
struct OutboxSeal: Sendable {
    private let key: SymmetricKey

    init(secret: Secret) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(secret.exposed.utf8)), salt: Data(),
            info: Data("sysndd-ctl outbox".utf8), outputByteCount: 32)
    }

    func seal(_ mail: AccountMail) throws -> String {
        guard let box = try AES.GCM.seal(JSONEncoder().encode(mail), using: key).combined else {
            throw CryptoKitError.incorrectParameterSize
        }
        return box.base64EncodedString()
    }

    /// Nil when it was sealed with another secret, or damaged.
    func open(_ text: String) -> AccountMail? {
        guard let data = Data(base64Encoded: text), let box = try? AES.GCM.SealedBox(combined: data),
            let plain = try? AES.GCM.open(box, using: key)
        else { return nil }
        return try? JSONDecoder().decode(AccountMail.self, from: plain)
    }
}
