import CSodium
import Foundation

/// Passwords as libsodium's scrypt strings (`$7$…`, interactive limits): the form that R's sodium writes too.
///
/// Every call takes some 50 to 100 ms of one core and 16 MiB; ``PasswordHasher`` keeps that off the threads that serve.
enum PasswordHash {
    /// Every string of this form begins so.
    private static let prefix = "$7$"

    private static let operations = UInt64(crypto_pwhash_scryptsalsa208sha256_opslimit_interactive())
    private static let memory = crypto_pwhash_scryptsalsa208sha256_memlimit_interactive()
    private static let length = crypto_pwhash_scryptsalsa208sha256_strbytes()

    /// Must have been done before any other call; doing it again does no harm.
    private static let isReady = sodium_init() >= 0

    /// Whether a text has the form of these hashes.
    static func isHash(_ text: Secret) -> Bool {
        text.exposed.hasPrefix(prefix) && text.exposed.utf8.count == length - 1
    }

    /// Whether a text is a hash of this or another form, possibly a damaged one, and so never a password in plain text.
    static func looksLikeHash(_ text: Secret) -> Bool {
        text.exposed.hasPrefix(prefix) || text.exposed.hasPrefix("$argon2")
    }

    /// A new hash with a salt of its own.
    /// - Throws: ``AccountError`` of kind `hashFailed`, when there is not enough memory.
    static func make(of password: Secret) throws(AccountError) -> Secret {
        guard isReady else { throw AccountError(.hashFailed, "libsodium cannot be used on this machine") }
        var text = [CChar](repeating: 0, count: length)
        let bytes = password.exposed.utf8.map { CChar(bitPattern: $0) }
        let result = crypto_pwhash_scryptsalsa208sha256_str(&text, bytes, UInt64(bytes.count), operations, memory)
        guard result == 0 else { throw AccountError(.hashFailed, "there is not enough memory to hash a password") }
        return Secret(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// Whether `password` is the one that `hash` was made of; false for a text that is no such hash.
    static func verify(_ password: Secret, against hash: Secret) -> Bool {
        let text = Array(hash.exposed.utf8)
        // The function reads a fixed number of bytes.
        guard isReady, isHash(hash) else { return false }
        let padded = (text + [UInt8](repeating: 0, count: length - text.count)).map { CChar(bitPattern: $0) }
        let bytes = password.exposed.utf8.map { CChar(bitPattern: $0) }
        return crypto_pwhash_scryptsalsa208sha256_str_verify(padded, bytes, UInt64(bytes.count)) == 0
    }

    /// Compares two texts in a time that does not depend on where they differ.
    static func isEqual(_ left: Secret, _ right: Secret) -> Bool {
        let left = SHA(left), right = SHA(right)
        return isReady && sodium_memcmp(left.bytes, right.bytes, left.bytes.count) == 0
    }

    /// A digest of fixed length, so that the comparison does not even depend on the lengths.
    private struct SHA {
        let bytes: [UInt8]

        init(_ text: Secret) {
            var digest = [UInt8](repeating: 0, count: crypto_hash_sha256_bytes())
            let bytes = Array(text.exposed.utf8)
            crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
            self.bytes = digest
        }
    }
}
