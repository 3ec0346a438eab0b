import Foundation
import OpsCore

/// The body of `/api/health/ready`. Raw error text and connection ids are for administrators only: anybody may ask.
struct ReadinessReport: Codable, Equatable, Sendable {
    struct Startup: Codable, Equatable, Sendable {
        var fastPath: Bool
        var lockAcquired: Bool
    }

    struct Manifest: Codable, Equatable, Sendable {
        /// The migration files can be read and are complete.
        var ok: Bool
        @EncodedAsNull var expectedLatest: String?
        var migrationFileCount: Int
    }

    struct Lock: Codable, Equatable, Sendable {
        var locked: Bool
        @EncodedAsNull var holder: String?
    }

    struct Migrations: Codable, Equatable, Sendable {
        @EncodedAsNull var pending: Int?
        @EncodedAsNull var applied: Int?
        var startup: Startup
        var manifest: Manifest
        var lock: Lock
    }

    struct Pool: Codable, Equatable, Sendable {
        var maxSize: Int
        var active: Int
        var idle: Int
        var total: Int
    }

    var status: String
    var reason: String?
    /// What the database or the files said; nil for anybody but an administrator.
    var detail: String?
    /// What is wrong without being a reason to send no requests; absent when there is nothing.
    var warnings: [String]?
    var database: String
    var migrations: Migrations
    var pool: Pool
    var timestamp: String

    /// - Parameters:
    ///   - broken: how many post-conditions do not hold; nil while that is not known.
    ///   - isForAdministrator: the answer may name who holds the lock.
    init(
        _ state: ReadinessState, pool: PoolStatistics, startup: MigrationResult?, broken: Int?, isForAdministrator: Bool
    ) {
        let known = state.migrations
        status = state.reason == nil ? "healthy" : "unhealthy"
        reason = state.reason
        detail = isForAdministrator && state.reason != nil ? state.detail : nil
        let warnings = state.warnings(broken: broken)
        self.warnings = warnings.isEmpty ? nil : warnings
        database = state.isConnected ? "connected" : "disconnected"
        migrations = Migrations(
            pending: known?.pending, applied: known?.applied,
            startup: Startup(fastPath: startup?.fastPath ?? false, lockAcquired: startup?.lockAcquired ?? false),
            manifest: Manifest(
                ok: known.map(\.missing.isEmpty) ?? false, expectedLatest: known?.latestFile,
                migrationFileCount: known?.migrations.count { $0.state != .missing } ?? 0),
            lock: Lock(
                locked: known?.lock.locked ?? false, holder: isForAdministrator ? known?.lock.holder : nil))
        self.pool = Pool(maxSize: pool.maximum, active: pool.active, idle: pool.idle, total: pool.total)
        timestamp = Timestamp.shared.text()
    }
}
