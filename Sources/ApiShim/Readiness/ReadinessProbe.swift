import OpsCore

/// Asks the database once, over a session of its own that it keeps: the pool may be exhausted while the database is well.
actor ReadinessProbe {
    private let database: DatabaseSettings
    private let migrator: Migrator
    private var connection: DatabaseConnection?

    init(database: DatabaseSettings, directory: String) {
        var quick = database
        quick.connectTimeout = .seconds(1)
        self.database = quick
        migrator = Migrator(database: quick, directory: directory)
    }

    /// Runs a real query: the ledger against the folder, and who holds the migration lock.
    func check() async -> ReadinessState {
        let wasKept = connection != nil
        let state = await attempt()
        // The kept session may have been ended although the server is well.
        return wasKept && !state.isConnected && !Task.isCancelled ? await attempt() : state
    }

    private func attempt() async -> ReadinessState {
        let session: DatabaseConnection
        do {
            session = try await openSession()
        } catch {
            return .disconnected("\(error)")
        }
        do {
            return .connected(try await migrator.status(over: session))
        } catch let error as DatabaseError where error.isConnectionLost || error.kind == .interrupted {
            connection = nil
            return .disconnected(error.message)
        } catch {
            return .broken((error as? any OperatorError)?.message ?? "\(error)")
        }
    }

    /// Waits until the server ends the session, or for `limit`.
    /// - Returns: true when the session was ended.
    func sessionEnded(within limit: Duration) async -> Bool {
        guard let connection else {
            // Cut short only by cancellation, which the caller's loop looks at.
            try? await Task.sleep(for: limit)
            return false
        }
        return (try? await connection.run { $0.isEnded(within: limit) }) ?? true
    }

    /// Forgets the session, which may hang.
    func abandon() { connection = nil }

    private func openSession() async throws -> DatabaseConnection {
        if let connection { return connection }
        let opened = try await DatabaseConnection(database)
        connection = opened
        return opened
    }
}
