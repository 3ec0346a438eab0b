/// A condition did not become true in time.
public struct NeverHappened: Error {}

/// Waits until `condition` holds, asking for it every few milliseconds.
/// - Throws: ``NeverHappened`` when it does not hold within `limit`.
public func eventually(
    within limit: Duration = .seconds(60), every pause: Duration = .milliseconds(10),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw NeverHappened() }
        try await Task.sleep(for: pause)
    }
}
