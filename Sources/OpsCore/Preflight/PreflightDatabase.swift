/// Sessions with one server under one account, for looking only. They are few, because connections are what a server in
/// trouble lacks.
actor PreflightDatabase {
    /// The connection budget has three connections for monitoring.
    static let maximumSessions = 3

    nonisolated let settings: DatabaseSettings
    private let pool: DatabasePool
    private let problems: [SettingProblem]
    private var variablesTask: Task<ServerVariables, any Error>?

    init(_ settings: DatabaseSettings, problems: [SettingProblem]) {
        var settings = settings
        settings.readTimeout = .seconds(30)
        self.settings = settings
        self.problems = problems
        pool = DatabasePool(
            settings, PoolSettings(maximumConnections: Self.maximumSessions, waitTimeout: .seconds(30)))
    }

    /// True when the server runs on this machine, so that its files and its memory are those of this machine.
    nonisolated var isLocal: Bool {
        settings.socket != nil || ["127.0.0.1", "localhost", "::1"].contains(settings.host)
    }

    /// Runs one statement that only reads.
    func query(_ query: SQLQuery) async throws -> ResultSet {
        try await run { try $0.query(query) }
    }

    /// Runs `body`, which only reads, in a session.
    nonisolated func run<Value: Sendable>(_ body: @Sendable (MariaDBHandle) throws -> Value) async throws -> Value {
        try await withConnection { try await $0.run(body) }
    }

    /// A session for as long as `body` takes.
    nonisolated func withConnection<Value: Sendable>(
        _ body: @Sendable (DatabaseConnection) async throws -> Value
    ) async throws -> Value {
        try requireSettings()
        return try await pool.withConnection(body)
    }

    /// The server's global variables, asked for once.
    func variables() async throws -> ServerVariables {
        if let variablesTask { return try await variablesTask.value }
        let task = Task { try await run { try ServerVariables(asking: $0) } }
        variablesTask = task
        return try await task.value
    }

    func close() async { await pool.close() }

    /// - Throws: ``CheckNotPossible`` when the settings of the connection are wrong.
    nonisolated func requireSettings() throws {
        guard problems.isEmpty else {
            throw CheckNotPossible(
                "the settings of the connection are wrong: "
                    + problems.map(\.description).joined(separator: "; "), remedy: "sysndd-ctl config")
        }
    }
}
