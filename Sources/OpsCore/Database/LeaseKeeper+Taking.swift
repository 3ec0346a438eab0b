extension LeaseKeeper {
    /// Waits for the lease and takes it.
    /// - Throws: ``LeaseError`` of kind `held` or `unavailable`; ``DatabaseError``.
    static func take(
        _ settings: DatabaseSettings, name: String, owner: LeaseOwner, wait: Duration, lifetime: Duration,
        waiting: @Sendable (LeaseHolder) -> Void
    ) async throws -> LeaseKeeper {
        let quick = leaseSettings(settings, lifetime)
        let (connection, server) = try await open(quick, lifetime)
        if let reason = server.readOnlyReason { throw LeaseError.unavailable(reason) }
        let holding = LeaseHolding(owner: owner, lifetime: lifetime, server: server)
        let attempt = LeaseAttempt(table: LeaseTable(database: settings.database), name: name)
        let token = try await token(attempt, holding, connection, wait: wait, waiting: waiting)
        return LeaseKeeper(
            name: name, table: attempt.table, token: token, settings: quick, holding: holding, connection: connection)
    }

    private static func token(
        _ attempt: LeaseAttempt, _ holding: LeaseHolding, _ connection: DatabaseConnection, wait: Duration,
        waiting: @Sendable (LeaseHolder) -> Void
    ) async throws -> UInt64 {
        let clock = ContinuousClock()
        let start = clock.now
        var pause = Duration.milliseconds(50)
        var isFirst = true
        while true {
            switch try await connection.run({ try attempt.take(for: holding, $0) }) {
            case .taken(let token): return token
            case .held(let holder):
                let left = wait - (clock.now - start)
                guard left > .zero else { throw LeaseError.held(attempt.name, by: holder, waited: clock.now - start) }
                if isFirst { waiting(holder) }
                isFirst = false
                try await Task.sleep(for: min(pause, left))
                pause = min(pause * 2, .seconds(1))
            }
        }
    }

    /// A server that does not answer must be noticed well before the lease expires.
    private static func leaseSettings(_ settings: DatabaseSettings, _ lifetime: Duration) -> DatabaseSettings {
        var quick = settings
        quick.connectTimeout = min(settings.connectTimeout, max(.seconds(1), lifetime / 3))
        quick.readTimeout = max(.seconds(2), lifetime / 2)
        return quick
    }

    /// Opens a session that ends soon after its client has vanished, that commits by itself, and whose statements wait
    /// for a lock for a shorter time than the client waits for them.
    static func open(
        _ settings: DatabaseSettings, _ lifetime: Duration
    ) async throws -> (DatabaseConnection, LeaseServer) {
        let connection = try await DatabaseConnection(settings)
        let idle = max(60, Int(lifetime.components.seconds) * 2)
        let lockWait = max(1, Int(lifetime.components.seconds) / 4)
        let server = try await connection.run { session in
            try session.execute(
                """
                SET SESSION autocommit = 1, wait_timeout = \(idle), innodb_lock_wait_timeout = \(lockWait),
                    lock_wait_timeout = \(lockWait)
                """)
            return try LeaseServer(asking: session)
        }
        return (connection, server)
    }
}
