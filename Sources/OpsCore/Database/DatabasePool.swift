import Synchronization

/// A bounded set of sessions with one database.
///
/// `withConnection` is the one way in: what it lends always comes back, also when the caller is cancelled or throws.
public actor DatabasePool {
    private struct Idle {
        let connection: DatabaseConnection
        let since: ContinuousClock.Instant
    }

    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let database: DatabaseSettings
    private let settings: PoolSettings
    private let idleTime: Duration
    private let clock = ContinuousClock()
    private var idle: [Idle] = []
    private var active = 0
    private var waiters: [Waiter] = []
    private var nextWaiter = 0
    private var isClosed = false

    /// - Parameter idleTime: an unused connection is closed after this time.
    public init(_ database: DatabaseSettings, _ settings: PoolSettings, idleTime: Duration = .seconds(60)) {
        var database = database
        database.connectTimeout = min(database.connectTimeout, settings.waitTimeout)
        self.database = database
        self.settings = settings
        self.idleTime = idleTime
    }

    /// The figures of this moment.
    public var statistics: PoolStatistics {
        PoolStatistics(
            maximum: settings.maximumConnections, active: active, idle: idle.count, waiting: waiters.count)
    }

    /// Lends a connection to `body`, opening one if there is room, else waiting for one to come back.
    /// - Throws: ``DatabaseError`` of kind `poolTimeout` when none came back in time; what `body` throws.
    public nonisolated func withConnection<Value: Sendable>(
        _ body: @Sendable (DatabaseConnection) async throws -> Value
    ) async throws -> Value {
        let connection = try await take()
        do {
            let value = try await body(connection)
            await giveBack(connection, isUsable: !Task.isCancelled)
            return value
        } catch {
            let isLost = (error as? DatabaseError)?.isConnectionLost ?? false
            await giveBack(connection, isUsable: !isLost && !Task.isCancelled)
            throw error
        }
    }

    /// Closes the idle connections and refuses new callers; lent connections are closed when they come back.
    public func close() {
        isClosed = true
        idle = []
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.continuation.resume(throwing: Self.closed) }
    }

    // MARK: - Lending

    private func take() async throws -> DatabaseConnection {
        try await reserve()
        do {
            try Task.checkCancellation()
            if let connection = await healthyIdle() { return connection }
            return try await DatabaseConnection(database)
        } catch {
            release()
            throw error
        }
    }

    /// Takes one of the `maximum` places, waiting for it if need be.
    private func reserve() async throws {
        guard !isClosed else { throw Self.closed }
        if active < settings.maximumConnections {
            active += 1
            return
        }
        nextWaiter += 1
        let id = nextWaiter
        let timer: Task<Void, any Error> = Task { [settings] in
            try await Task.sleep(for: settings.waitTimeout)
            self.fail(waiter: id, with: Self.timeout(settings))
        }
        defer { timer.cancel() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                waiters.append(Waiter(id: id, continuation: continuation))
            }
        } onCancel: {
            Task { await self.fail(waiter: id, with: CancellationError()) }
        }
    }

    private func fail(waiter id: Int, with error: any Error) {
        guard let position = waiters.firstIndex(where: { $0.id == id }) else { return }
        waiters.remove(at: position).continuation.resume(throwing: error)
    }

    /// Hands a place to the longest waiting caller, or frees it.
    private func release() {
        if waiters.isEmpty {
            active -= 1
        } else {
            waiters.removeFirst().continuation.resume()
        }
    }

    /// The most recently used idle connection that still answers; those that do not are closed.
    private func healthyIdle() async -> DatabaseConnection? {
        closeStale()
        while let candidate = idle.popLast() {
            let answer: Void? = try? await candidate.connection.run(within: settings.waitTimeout) { try $0.ping() }
            if answer != nil { return candidate.connection }
        }
        return nil
    }

    private func giveBack(_ connection: DatabaseConnection, isUsable: Bool) async {
        if isUsable, !isClosed, await isClean(connection) {
            idle.append(Idle(connection: connection, since: clock.now))
        }
        release()
        closeStale()
    }

    /// Nothing that a caller has set, locked or left open reaches the next one.
    private func isClean(_ connection: DatabaseConnection) async -> Bool {
        let reset: Void? = try? await connection.run(within: settings.waitTimeout) { [database] in
            try $0.reset(database: database.database)
        }
        return reset != nil
    }

    private func closeStale() {
        let limit = clock.now - idleTime
        idle.removeAll { $0.since < limit }
    }

    private static let closed = DatabaseError(kind: .unreachable, message: "the connection pool is closed")

    private static func timeout(_ settings: PoolSettings) -> DatabaseError {
        DatabaseError(
            kind: .poolTimeout,
            message:
                "all \(settings.maximumConnections) database connections are in use, waited \(settings.waitTimeout)",
            hint: "try again, or raise DB_POOL_SIZE within the server's max_connections")
    }
}
