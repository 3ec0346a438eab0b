import Foundation

/// What people do with their accounts, from registration to a new password: one call a request.
///
/// What a flow changes and the mail that tells of it are stored in one transaction; the mail is sent afterwards.
public struct AccountFlows: Sendable {
    /// Longest that an answer waits for its mail; later it goes on in the background.
    static let mailLimit = Duration.seconds(5)

    public let tokens: AccessToken
    let pool: DatabasePool
    let hasher: PasswordHasher
    let settings: AuthSettings
    let mail: MailSettings
    let baseURL: String?
    let store = AccountStore()
    /// Nil when no mail is sent.
    let outbox: Outbox?
    /// Called when a mail was stored that nobody waits for.
    let wake: @Sendable () -> Void

    /// - Throws: ``AccountError`` when JWT_SECRET is missing or too short.
    public init(
        _ settings: Settings, pool: DatabasePool, hasher: PasswordHasher, outbox: Outbox?,
        wake: @escaping @Sendable () -> Void = {}
    ) async throws {
        tokens = try await AccessToken(settings.auth)
        self.pool = pool
        self.hasher = hasher
        self.settings = settings.auth
        mail = settings.mail
        baseURL = settings.server.baseURL
        self.outbox = outbox
        self.wake = wake
    }

    /// Runs `body` in a transaction, with a place to put mails.
    func transaction<Value: Sendable>(_ body: @Sendable (MariaDBHandle) throws -> Value) async throws -> Value {
        try await pool.withConnection { connection in
            try await outbox?.prepare(connection)
            return try await connection.transaction(body)
        }
    }

    func find(_ key: AccountStore.Key) async throws -> Account? {
        try await pool.withConnection { try await $0.run { try store.find(key, $0) } }
    }

    /// Sends a mail that was just stored. A failure is no failure of the caller: the mail stays and is tried again.
    func send(_ id: Int?) async -> Bool {
        guard let id, let outbox else { return false }
        let (results, result) = AsyncStream.makeStream(of: Bool.self)
        Task {
            result.yield((try? await outbox.deliver(id)) ?? false)
            result.finish()
        }
        let timer: Task<Void, any Error> = Task {
            try await Task.sleep(for: Self.mailLimit)
            result.yield(false)
            result.finish()
        }
        defer { timer.cancel() }
        return await results.first { _ in true } ?? false
    }

    /// What an answer says about its mail.
    func note(isSent: Bool) -> String {
        guard outbox != nil else { return "Mail is turned off, so none was sent." }
        return isSent ? "A mail was sent." : "A mail will be sent as soon as the mail server takes it."
    }
}
