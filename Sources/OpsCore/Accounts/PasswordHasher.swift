import Foundation
import Synchronization

/// Makes and checks hashes on threads of its own, only so many at once: a flood of sign-ins slows sign-ins down, nothing
/// else.
public final class PasswordHasher: Sendable {
    /// What a stored password turned out to be.
    enum Match: Equatable {
        case no
        case yes
        /// The right password, but stored in plain text by an old version: it is to be replaced by a hash now.
        case plainText
    }

    /// Most calls that may wait; at some 20 a second and core, the last one of them waits for seconds already.
    private static let maximumWaiting = 200

    private let queue = OperationQueue()
    private let waiting = Mutex(0)
    private let performed = Mutex(0)
    /// Checked against where there is nothing to check, so that it takes as long.
    private let decoy: Secret

    /// - Parameter parallelism: most hashes at once; by default half of the machine's cores.
    public init(parallelism: Int = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)) async throws {
        queue.name = "sysndd-ctl.passwords"
        queue.maxConcurrentOperationCount = parallelism
        let unknown = Secret(UUID().uuidString)
        decoy = try await BlockingCall.run { try PasswordHash.make(of: unknown) }
    }

    /// How many hashes were computed so far.
    var operations: Int { performed.withLock { $0 } }

    /// - Throws: ``AccountError``, of kind `overloaded` when too many wait already.
    func hash(_ password: Secret) async throws -> Secret {
        try await run { try PasswordHash.make(of: password) }
    }

    /// Compares a password with what the database holds. Whatever that is, one hash is computed, so the time does not tell
    /// an unknown account from a wrong password.
    /// - Parameter stored: nil for no account or no password: that never matches.
    func check(_ password: Secret, against stored: Secret?) async throws -> Match {
        let decoy = decoy
        return try await run {
            // What looks like a hash is never compared as a text: a stolen hash would be a password.
            let hash = stored.flatMap { PasswordHash.isHash($0) ? $0 : nil }
            let isMatch = PasswordHash.verify(password, against: hash ?? decoy)
            if hash != nil { return isMatch ? .yes : .no }
            guard let stored, !stored.exposed.isEmpty, !PasswordHash.looksLikeHash(stored) else { return .no }
            return PasswordHash.isEqual(password, stored) ? .plainText : .no
        }
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let hasRoom = waiting.withLock { count in
            guard count < Self.maximumWaiting else { return false }
            count += 1
            return true
        }
        guard hasRoom else {
            throw AccountError(.overloaded, "too many passwords are being checked, try again in a moment")
        }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation {
                self.performed.withLock { $0 += 1 }
                continuation.resume(with: Result(catching: body))
            }
        }
    }
}
