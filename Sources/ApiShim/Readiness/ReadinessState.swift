import OpsCore

/// What the last check found.
enum ReadinessState: Sendable {
    /// The database does not answer; the text is for the log and for administrators.
    case disconnected(String)
    /// The database answers, but the migration files or the ledger cannot be read.
    case broken(String)
    case connected(MigrationStatus)

    /// Why the shim is not ready; nil when it is. In the order that the contract gives.
    var reason: String? {
        switch self {
        case .disconnected: "database_unavailable"
        case .broken: "migration_error"
        case .connected(let status) where status.failed > 0: "migration_error"
        case .connected(let status) where status.pending > 0: "migrations_pending"
        case .connected: nil
        }
    }

    /// What was found, in the words of the database or of the files.
    var detail: String {
        switch self {
        case .disconnected(let text), .broken(let text): text
        case .connected(let status): "\(status.pending) pending, \(status.failed) failed"
        }
    }

    /// What an operator should look at although requests can be served.
    /// - Parameter broken: how many post-conditions of applied files do not hold.
    func warnings(broken: Int?) -> [String] {
        var found: [String] = []
        if migrations?.drifted.contains(where: { $0.kind == .semantic }) == true { found.append("migration_drift") }
        if let broken, broken > 0 { found.append("post_condition_failed") }
        return found
    }

    var isConnected: Bool {
        if case .disconnected = self { false } else { true }
    }

    var migrations: MigrationStatus? {
        if case .connected(let status) = self { status } else { nil }
    }
}
