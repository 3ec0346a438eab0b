import OpsCore

/// What the last check of the database found.
enum ReadinessMetrics {
    static func metrics(_ state: ReadinessState) -> [Metric] {
        let known = state.migrations
        return [
            Metric("ready", "1 while the shim is ready to serve.", state.reason == nil ? 1 : 0),
            Metric("database_up", "1 while the database answers.", state.isConnected ? 1 : 0),
            Metric("migrations_pending", "Migration files that are not applied.", known.map { Double($0.pending) }),
            Metric("migrations_applied", "Migration files that are applied.", known.map { Double($0.applied) }),
            Metric("migrations_failed", "Migration files whose last run failed.", known.map { Double($0.failed) }),
            Metric(
                "migration_locked", "1 while somebody holds the migration lock.", known.map { $0.lock.locked ? 1 : 0 }),
        ]
    }
}
