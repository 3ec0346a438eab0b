import Foundation

/// Mails that are stored together with what they tell of, and sent afterwards: a mail server that is down loses none.
///
/// Whether the server took a message that was handed over is not known when its answer does not come. Such a message is
/// sent again, as RFC 5321 wants, with the same Message-ID, by which mail programs know a second copy.
public struct Outbox: Sendable {
    /// Sends one message; ``SMTPClient`` outside of tests.
    typealias Delivery = @Sendable (MailMessage) async throws -> Void

    /// How long a claim holds; a delivery has at most some ten stages, so it takes less.
    static let lease = Duration.seconds(180)
    /// The longest that one stage of a delivery may take.
    static let stageLimit = Duration.seconds(10)
    /// How long a mail waits for a mail server unless its content is of no use any more before.
    static let patience = Duration.seconds(2 * 24 * 3600)

    private static let changeAttempts = 10

    private let pool: DatabasePool
    private let sender: String?
    private let seal: OutboxSeal
    private let table = OutboxTable()
    private let deliver: Delivery
    private let complaint: OutboxComplaint

    /// Nil where no mail is sent at all: SMTP_ENABLED is false, or there is no mail server or no key.
    /// - Parameter complain: told why a mail did not go out, when the reason is a new one. The message may hold what the
    ///   mail server said, and so an address.
    public init?(
        _ settings: Settings, pool: DatabasePool, complain: @escaping @Sendable (any OperatorError) -> Void = { _ in }
    ) {
        let mail = settings.mail
        self.init(mail, auth: settings.auth, pool: pool, complain: complain) {
            try await SMTPClient(mail, timeout: Self.stageLimit).send($0)
        }
    }

    init?(
        _ mail: MailSettings, auth: AuthSettings, pool: DatabasePool,
        complain: @escaping @Sendable (any OperatorError) -> Void = { _ in }, deliver: @escaping Delivery
    ) {
        guard mail.isEnabled, mail.host != nil, let secret = auth.jwtSecret else { return nil }
        self.pool = pool
        sender = mail.sender
        seal = OutboxSeal(secret: secret)
        self.deliver = deliver
        complaint = OutboxComplaint(complain)
    }

    /// Makes the table where it is missing. Must be done outside of a transaction.
    func prepare(_ connection: DatabaseConnection) async throws {
        try await connection.run { session in
            do {
                _ = try session.query("SELECT 1 FROM sysndd_ctl_outbox WHERE 1 = 0")
            } catch let error as DatabaseError where error.kind == .unknownTable {
                try table.prepare(session)
            }
        }
    }

    /// Stores a mail within the transaction of `session`.
    /// - Returns: its id.
    func store(_ mail: AccountMail, lifetime: Duration = patience, _ session: MariaDBHandle) throws -> Int {
        let domain = sender?.split(separator: "@").last?.prefix { $0 != ">" } ?? "localhost"
        return try table.insert(
            mail.kind, content: seal.seal(mail), messageID: "<\(UUID().uuidString.lowercased())@\(domain)>",
            lifetime: lifetime, session)
    }

    /// Sends everything that is due.
    /// - Returns: how many were sent.
    @discardableResult
    public func deliverDue() async throws -> Int {
        var sent = 0
        do {
            try await pool.withConnection { connection in
                try await connection.run {
                    try table.expire($0)
                    try table.removeOld($0)
                }
            }
            while !Task.isCancelled, let claimed = try await claim(nil) {
                sent += try await attempt(claimed) ? 1 : 0
            }
        } catch let error as DatabaseError where error.kind == .unknownTable {
            // No mail was ever stored.
        }
        return sent
    }

    /// Sends one mail now, unless somebody else does.
    /// - Returns: whether it was sent.
    func deliver(_ id: Int) async throws -> Bool {
        guard let claimed = try await claim(id) else { return false }
        return try await attempt(claimed)
    }

    private func claim(_ id: Int?) async throws -> OutboxTable.Claimed? {
        try await pool.withConnection { try await $0.run { try table.claim(id, for: Self.lease, $0) } }
    }

    private func attempt(_ claimed: OutboxTable.Claimed) async throws -> Bool {
        guard let mail = seal.open(claimed.content) else {
            let error = AccountError(.badInput, "it was stored with another JWT_SECRET")
            complaint.failed(error)
            try await change { try table.giveUp(claimed.id, because: error.message, $0) }
            return false
        }
        do {
            let date = Date(timeIntervalSince1970: claimed.created)
            try await deliver(mail.message(from: sender, id: claimed.messageID, date: date))
        } catch {
            complaint.failed(error)
            try await change { try postpone(claimed, after: error, $0) }
            return false
        }
        complaint.succeeded()
        try await change { try table.finish(claimed.id, $0) }
        return true
    }

    private func postpone(_ claimed: OutboxTable.Claimed, after error: any Error, _ session: MariaDBHandle) throws {
        let reason = (error as? any OperatorError)?.message ?? "\(error)"
        let isTemporary = (error as? MailError)?.isTemporary ?? true
        try table.postpone(
            claimed.id, by: Self.pause(after: claimed.attempts, isTemporary: isTemporary), because: reason, session)
    }

    /// The time until the next attempt: it doubles from one second to five minutes. What somebody has to repair first, such
    /// as a password that the mail server does not take, is tried every ten minutes.
    static func pause(after attempts: Int, isTemporary: Bool) -> Duration {
        isTemporary ? min(.seconds(1 << min(attempts - 1, 10)), .seconds(300)) : .seconds(600)
    }

    /// What happened to a mail is written down even when the work is being stopped, and tried again when others are in
    /// the way or the connection breaks: a mail that was sent and is not known to be would be sent twice.
    private func change(_ body: @escaping @Sendable (MariaDBHandle) throws -> Void) async throws {
        try await Task { [pool] in
            var attempts = 1
            while true {
                do {
                    return try await pool.withConnection { try await $0.run(body) }
                } catch let error as DatabaseError where attempts < Self.changeAttempts && error.mayPass {
                    attempts += 1
                    try await Task.sleep(for: .milliseconds(100 * attempts))
                }
            }
        }.value
    }
}

extension DatabaseError {
    /// Whether the same statement may succeed a moment later.
    fileprivate var mayPass: Bool {
        isConnectionLost || [.deadlock, .lockWaitTimeout, .poolTimeout, .unreachable].contains(kind)
    }
}
