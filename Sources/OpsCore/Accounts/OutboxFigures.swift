/// How many mails the outbox holds, and how long the oldest has waited.
public struct OutboxFigures: Sendable, Equatable {
    /// Mails that wait for the mail server.
    public var waiting = 0
    /// Mails that were sent in the last 90 days.
    public var sent = 0
    /// Mails that were given up in the last 90 days.
    public var failed = 0
    /// Seconds since the oldest waiting mail was written; 0 when none waits.
    public var oldestWaitingSeconds = 0

    /// All zero before the first mail, when there is no table yet.
    /// - Throws: ``DatabaseError``.
    public static func read(_ connection: DatabaseConnection) async throws -> OutboxFigures {
        try await connection.run { session in
            do {
                return try session.query(
                    """
                    SELECT state, COUNT(*) AS n, TIMESTAMPDIFF(SECOND, MIN(created_at), UTC_TIMESTAMP(6)) AS age
                    FROM sysndd_ctl_outbox GROUP BY state
                    """
                ).reduce(into: OutboxFigures()) { $0.add($1) }
            } catch let error as DatabaseError where error.kind == .unknownTable {
                return OutboxFigures()
            }
        }
    }

    private mutating func add(_ row: DatabaseRow) {
        let count = row.int("n") ?? 0
        switch row.text("state") {
        case "waiting":
            waiting = count
            oldestWaitingSeconds = max(0, row.int("age") ?? 0)
        case "sent": sent = count
        case "failed": failed = count
        default: break
        }
    }
}
