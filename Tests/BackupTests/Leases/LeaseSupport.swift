import TestSupport
import Testing

@testable import OpsCore

extension DatabaseConnection {
    func leaseHolder(in database: String? = nil) async throws -> LeaseHolder? {
        let database = database ?? settings.database
        return try await run { try Lease.holder(in: database, $0) }
    }

    func leaseRow() async throws -> LeaseRow {
        let table = LeaseTable(database: settings.database)
        return try #require(try await run { try table.row(Lease.maintenance, $0) })
    }

    /// Whether a statement that carries the lease's condition does something.
    func writes(under lease: Lease) async throws -> Bool {
        try await query("SELECT 1 FROM DUAL WHERE \(lease.condition)").count == 1
    }
}

/// The lease error that `body` throws.
func leaseRefusal(_ body: () async throws -> Void) async -> LeaseError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? LeaseError
    }
}

extension DatabaseSettings {
    func `as`(_ user: String, password: String) -> DatabaseSettings {
        var settings = self
        settings.user = user
        settings.password = Secret(password)
        return settings
    }
}

extension LeaseKeeper {
    /// Takes the lease and ends its session, as a killed process does.
    static func abandon(
        _ settings: DatabaseSettings, lifetime: Duration, covering connections: [DatabaseConnection] = []
    ) async throws {
        let keeper = try await take(
            settings, name: Lease.maintenance, owner: LeaseOwner(operation: "abandoned"), wait: .zero,
            lifetime: lifetime, waiting: { _ in })
        try await keeper.cover(connections.map(\.connectionID))
    }
}
