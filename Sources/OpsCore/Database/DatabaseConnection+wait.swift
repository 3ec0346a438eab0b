extension DatabaseConnection {
    /// Waits until a server answers: any answer will do, also a refusal, because that does not change with time.
    /// - Parameter report: told once, with the first failure, that the waiting has begun.
    /// - Throws: the last ``DatabaseError`` when `limit` is over.
    public static func waitForServer(
        _ settings: DatabaseSettings, limit: Duration, report: (DatabaseError) -> Void = { _ in }
    ) async throws {
        let clock = ContinuousClock()
        let end = clock.now + limit
        var pause = Duration.milliseconds(100)
        var isFirst = true
        while true {
            do {
                var attempt = settings
                attempt.connectTimeout = min(settings.connectTimeout, end - clock.now)
                _ = try await DatabaseConnection(attempt, selectingDatabase: false)
                return
            } catch let error as DatabaseError where error.kind == .unreachable {
                guard clock.now + pause < end else { throw error }
                if isFirst { report(error) }
                isFirst = false
            } catch is DatabaseError {
                return
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
        }
    }
}
