import Synchronization

/// One session with a server: an actor on its own serial queue.
///
/// `run` is the one way in. Its body is synchronous, so two callers never interleave inside a transaction. When the
/// caller's task is cancelled, the running statement is interrupted on the server.
public actor DatabaseConnection {
    /// How this session was opened; another one like it can be opened with the same.
    public nonisolated let settings: DatabaseSettings
    /// The server's id of this session.
    public nonisolated let connectionID: UInt
    /// The version text that the server sent in its greeting.
    public nonisolated let serverVersion: String

    private nonisolated let executor: QueueExecutor
    private let handle: MariaDBHandle
    private nonisolated let interrupter: StatementInterrupter

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens a session with `settings.database` as its default database, or none when `selectingDatabase` is false.
    /// - Throws: ``DatabaseError``.
    public init(_ settings: DatabaseSettings, selectingDatabase: Bool = true) async throws {
        let executor = QueueExecutor(label: "sysndd-ctl.database")
        try await self.init(settings, selectingDatabase: selectingDatabase, on: executor)
    }

    /// Opens a session like another one, on its queue: the two never work at once.
    init(besides other: DatabaseConnection) async throws {
        try await self.init(other.settings, selectingDatabase: true, on: other.executor)
    }

    private init(_ settings: DatabaseSettings, selectingDatabase: Bool, on executor: QueueExecutor) async throws {
        let handle = try await BlockingCall.run {
            try MariaDBHandle(connecting: settings, database: selectingDatabase ? settings.database : nil)
        }
        self.settings = settings
        self.executor = executor
        self.handle = handle
        connectionID = handle.connectionID
        serverVersion = handle.serverVersion
        interrupter = StatementInterrupter(settings: settings, handle: handle)
    }

    /// Runs what `body` does between its calls of this session on the session's own queue, which saves the changes of
    /// threads. For code that calls it often and does little else.
    nonisolated func near<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        try await withTaskExecutorPreference(executor, operation: body)
    }

    /// Runs `body` with the session. Cancelling the task interrupts the statement that is running in it.
    /// - Throws: what `body` throws; `CancellationError` when the task was cancelled before it began.
    public func run<Value: Sendable>(_ body: @Sendable (MariaDBHandle) throws -> Value) async throws -> Value {
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            interrupter.begin()
            defer { interrupter.end() }
            return try body(handle)
        } onCancel: {
            interrupter.interrupt()
        }
    }

    /// Runs one statement and throws its results away.
    @discardableResult
    public func execute(_ query: SQLQuery) async throws -> MariaDBHandle.Outcome {
        try await run { try $0.execute(query) }
    }

    /// Runs one statement and holds its result in memory.
    public func query(_ query: SQLQuery) async throws -> ResultSet {
        try await run { try $0.query(query) }
    }

    /// Runs `body`, and shuts the connection down when that takes longer than `limit`, so that a server that hangs holds
    /// nobody up for longer.
    nonisolated func run<Value: Sendable>(
        within limit: Duration, _ body: @Sendable (MariaDBHandle) throws -> Value
    ) async throws -> Value {
        let guardian = Task {
            try await Task.sleep(for: limit)
            interrupter.shutDown()
        }
        defer { guardian.cancel() }
        return try await run(body)
    }

    /// Runs `body` between START TRANSACTION and COMMIT; any error rolls back and is thrown on.
    public func transaction<Value: Sendable>(
        _ body: @Sendable (MariaDBHandle) throws -> Value
    ) async throws -> Value {
        try await run { session in
            try session.execute("START TRANSACTION")
            do {
                let value = try body(session)
                try session.execute("COMMIT")
                return value
            } catch {
                // The first error is the one to tell; after a lost connection the server rolls back by itself.
                _ = try? session.execute("ROLLBACK")
                throw error
            }
        }
    }
}
