import Foundation
import OpsCore

/// Gathers what `/metrics` tells beside the requests. What costs a look at the folder or the database is kept for a
/// while, as anybody may ask.
actor MetricsCollector {
    private static let age = Duration.seconds(10)

    private let settings: Settings
    private let monitor: ReadinessMonitor
    private let conditions: PostConditionMonitor
    private let pool: DatabasePool
    private let listing: BackupListing
    private let start = Date()
    private var costly: (metrics: [Metric], at: ContinuousClock.Instant)?
    private var gathering: Task<[Metric], Never>?

    init(
        _ settings: Settings, monitor: ReadinessMonitor, conditions: PostConditionMonitor, pool: DatabasePool,
        listing: BackupListing
    ) {
        self.settings = settings
        self.monitor = monitor
        self.conditions = conditions
        self.pool = pool
        self.listing = listing
    }

    func metrics() async -> [Metric] {
        let kept = await kept()
        return [ProcessMetrics.build] + ReadinessMetrics.metrics(monitor.state, broken: conditions.broken)
            + (await poolMetrics())
            + kept + ProcessMetrics.metrics(since: start)
    }

    /// At most one look at a time, however many ask.
    private func kept() async -> [Metric] {
        if let costly, costly.at.duration(to: .now) < Self.age { return costly.metrics }
        if let gathering { return await gathering.value }
        let task = Task { await backupMetrics() + (await jobMetrics()) + (await mailMetrics()) }
        gathering = task
        let metrics = await task.value
        gathering = nil
        costly = (metrics, .now)
        return metrics
    }

    private func backupMetrics() async -> [Metric] {
        do {
            let folder = try BackupFolder(settings.backups.directory, creating: false)
            return BackupMetrics.metrics(try await listing.records(of: folder, within: .seconds(1)))
        } catch {
            return [BackupMetrics.readable(false)]
        }
    }

    private func jobMetrics() async -> [Metric] {
        guard monitor.state.isConnected else { return [] }
        let store = JobStore(database: settings.database.database)
        let counts = try? await pool.withConnection { connection in
            try await connection.run { try store.counts($0) }
        }
        return counts.map { [BackupMetrics.jobs($0)] } ?? []
    }

    private func mailMetrics() async -> [Metric] {
        let figures =
            monitor.state.isConnected ? try? await pool.withConnection { try await OutboxFigures.read($0) } : nil
        return MailMetrics.metrics(settings.mail, figures)
    }

    private func poolMetrics() async -> [Metric] {
        let figures = await pool.statistics
        return [
            Metric("pool_connections_max", "Most database connections of this process.", Double(figures.maximum)),
            Metric("pool_connections_active", "Database connections in use.", Double(figures.active)),
            Metric("pool_connections_idle", "Open database connections that are not in use.", Double(figures.idle)),
            Metric("pool_waiting", "Callers that wait for a database connection.", Double(figures.waiting)),
        ]
    }
}
