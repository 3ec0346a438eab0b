import OpsCore

/// What the last check of the database found.
enum ReadinessMetrics {
    /// - Parameter broken: how many post-conditions do not hold.
    static func metrics(_ state: ReadinessState, broken: Int?) -> [Metric] {
        let known = state.migrations
        return [
            Metric("ready", "1 while the shim is ready to serve.", state.reason == nil ? 1 : 0),
            Metric("database_up", "1 while the database answers.", state.isConnected ? 1 : 0),
            Metric("migrations_pending", "Migration files that are not applied.", known.map { Double($0.pending) }),
            Metric("migrations_applied", "Migration files that are applied.", known.map { Double($0.applied) }),
            Metric("migrations_failed", "Migration files whose last run failed.", known.map { Double($0.failed) }),
            Metric(
                "migrations_drifted", "Applied migration files whose statements were changed since.",
                known.map { Double($0.drifted.count { $0.kind == .semantic }) }),
            Metric(
                "migrations_missing", "Applied migration files that are not in the folder.",
                known.map { Double($0.missing.count) }),
            Metric(
                "migration_conditions_broken", "Post-conditions of applied migrations that do not hold.",
                broken.map(Double.init)),
            Metric(
                "migration_locked", "1 while somebody holds the migration lock.", known.map { $0.lock.locked ? 1 : 0 }),
        ]
    }
}
