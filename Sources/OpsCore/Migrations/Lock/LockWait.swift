/// Waits for locks that others hold: shortly, so that the queries that queue up behind a waiting ALTER TABLE go on, and again.
struct LockWait: Sendable {
    /// Seconds that one try waits, unless the file says otherwise.
    static let defaultSeconds = 10

    /// How long to try in all.
    let budget: Duration
    /// Whether the statement can be sent again by itself.
    let canRetry: Bool

    /// Runs `body` on the session, again after each lock wait that timed out, until the budget is spent.
    func retrying<Value: Sendable>(
        _ connection: DatabaseConnection, _ body: @escaping @Sendable (MariaDBHandle) throws -> Value
    ) async throws -> Value {
        let end = ContinuousClock.now + budget
        var pause = Duration.milliseconds(200)
        while true {
            do {
                return try await connection.run(body)
            } catch let error as DatabaseError where isWorthTrying(error) {
                guard ContinuousClock.now + pause < end else { throw error }
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(5))
            }
        }
    }

    /// Whether the same may go well a little later.
    func isWorthTrying(_ error: DatabaseError) -> Bool {
        canRetry && (error.kind == .lockWaitTimeout || error.kind == .deadlock)
    }
}
