/// Keeps one lease alive: an actor with a session of its own, from the taking to the release.
actor LeaseKeeper {
    let name: String
    let table: LeaseTable
    nonisolated let token: UInt64
    private let settings: DatabaseSettings
    private var holding: LeaseHolding
    private var connection: DatabaseConnection?

    init(
        name: String, table: LeaseTable, token: UInt64, settings: DatabaseSettings, holding: LeaseHolding,
        connection: DatabaseConnection
    ) {
        self.name = name
        self.table = table
        self.token = token
        self.settings = settings
        self.holding = holding
        self.connection = connection
    }

    // MARK: - Keeping

    /// Renews the lease at each third of its lifetime, until the task is cancelled.
    ///
    /// A renewal that fails is tried again, on a new session, for as long as the lease lasts by a clock that nobody can
    /// set; then it counts as lost, although nobody may have taken it. A lock that keeps the row from being changed, as
    /// that of a backup for its snapshot, is waited for without a limit: it keeps everybody else from it too.
    /// - Returns: why the lease was lost; nil when the task was cancelled.
    func keep() async -> LeaseError? {
        let clock = ContinuousClock()
        var renewed = clock.now
        var pause = holding.lifetime / 3
        while (try? await Task.sleep(for: pause)) != nil {
            let start = clock.now
            do {
                try await renew()
                renewed = start
                pause = holding.lifetime / 3
            } catch let error as LeaseError {
                return error
            } catch let error as DatabaseError where error.kind == .lockWaitTimeout {
                renewed = start
                pause = .zero
            } catch {
                if clock.now - renewed >= holding.lifetime { return .notRenewed(name, error) }
                pause = min(.seconds(1), holding.lifetime / 10)
            }
        }
        return nil
    }

    /// Writes down which sessions work under the lease, before they do.
    func cover(_ sessions: [UInt]) async throws {
        holding.workSessions = sessions
        try await renew()
    }

    /// - Throws: ``LeaseError`` of kind `lost`; ``DatabaseError``.
    private func renew() async throws {
        var written: [UInt]
        repeat {
            written = holding.workSessions
            let isHeld = try await onSession { [table, name, token, holding] session in
                try LeaseConflict.retrying { try table.renew(name, token: token, for: holding, session) }
            }
            guard isHeld else { throw await takenOver() }
        } while written != holding.workSessions
    }

    private func takenOver() async -> LeaseError {
        let row = try? await onSession { [table, name] in try table.row(name, $0) }
        return .takenOver(name, by: row?.holder)
    }

    // MARK: - Releasing

    /// Frees the lease. Where that fails, the end of the session does it.
    /// - Throws: ``LeaseError`` of kind `lost` when it was another's already.
    func release() async throws {
        defer { connection = nil }
        let isHeld = try? await onSession { [table, name, token] session in
            try LeaseConflict.retrying { try table.release(name, token: token, session) }
        }
        if isHeld == false { throw await takenOver() }
    }

    /// Runs `body` on the session, or on a new one after the last was lost. In a task of its own, which is not cancelled
    /// with the caller: the statements are short, and a half-heard one would leave the lease in doubt.
    private func onSession<Value: Sendable>(
        _ body: @escaping @Sendable (MariaDBHandle) throws -> Value
    ) async throws -> Value {
        try await Task {
            let current = try await session()
            do {
                return try await current.run(body)
            } catch let error as DatabaseError where error.isConnectionLost {
                if connection === current { connection = nil }
                throw error
            }
        }.value
    }

    private func session() async throws -> DatabaseConnection {
        if let connection { return connection }
        let (opened, server) = try await Self.open(settings, holding.lifetime)
        connection = opened
        holding.server = server
        return opened
    }
}
