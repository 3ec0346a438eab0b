extension ConnectionBudget {
    /// Of a service that tells none.
    static let defaultPool = PoolSettings().maximumConnections

    /// What SysNDD's own compose file sets up, where no compose file can be read.
    /// - Parameter pool: DB_POOL_SIZE, and where it was set.
    static func defaultServices(pool: (size: Int, source: String)) -> [Term] {
        let origin = "default of SysNDD's compose file"
        return [
            Term("api", processes: 2, pool: pool.size, source: "\(origin), DB_POOL_SIZE from \(pool.source)"),
            Term("enrichment", pool: 3, source: origin),
            Term("worker-1", pool: 5, source: origin), Term("worker-2", pool: 5, source: origin),
            Term("sidecar-1", pool: 1, source: origin), Term("sidecar-2", pool: 1, source: origin),
            Term("sidecar-3", pool: 1, source: origin),
        ]
    }

    /// Replicas of the shim in a compose file; one where it has none, as it may run beside those services.
    static func shims(of file: ComposeFile) -> Int {
        max(1, file.services.filter(\.isShim).reduce(0) { $0 + $1.replicas })
    }

    /// The services of a compose file that use the database.
    static func services(of file: ComposeFile, defaultPool: Int) -> [Term] {
        file.services.filter(\.usesDatabase).map { service in
            let label = service.labels["sysndd-ctl.pool"].flatMap { Int($0) }
            let variable = service.environment["DB_POOL_SIZE"].flatMap { Int($0) }
            let origin =
                label != nil
                ? "label sysndd-ctl.pool" : variable != nil ? "its DB_POOL_SIZE" : "default of DB_POOL_SIZE"
            return Term(
                service.name, replicas: service.replicas,
                processes: service.labels["sysndd-ctl.processes"].flatMap { Int($0) } ?? 1,
                pool: label ?? variable ?? defaultPool, source: "\(file.path), \(origin)")
        }
    }
}

extension DatabaseChecks {
    /// The sum of all pools stays below what the server has.
    enum Budget: ObservedCheck {
        static let id = "DB-030"
        static let title = "connection budget"

        static func observe(_ context: PreflightContext) async throws -> ConnectionBudget {
            let pool = context.settings.pool.maximumConnections
            let compose = try ComposeFile(context)
            var services =
                compose.map { ConnectionBudget.services(of: $0, defaultPool: ConnectionBudget.defaultPool) } ?? []
            if services.isEmpty {
                services = ConnectionBudget.defaultServices(pool: (pool, context.source(.poolSize)))
            }
            guard let maximum = try await context.monitor.variables().int("max_connections") else {
                throw CheckNotPossible("the server does not tell max_connections")
            }
            let jobs = ConnectionBudget.Term(
                "backup", pool: Backup.defaultJobs, source: "jobs of a backup on the cores of this machine")
            return ConnectionBudget(
                services: services, shims: compose.map(ConnectionBudget.shims) ?? 1, backupJobs: jobs, maximum: maximum)
        }

        static func judge(_ observed: ConnectionBudget) -> CheckVerdict {
            let target = (observed.need * 10 / 8 + 10) / 10 * 10
            return CheckVerdict(
                observed.status, observed.text,
                expected: "need at most 80 % of max_connections, \(observed.maximum * 8 / 10)",
                remedy: "SET GLOBAL max_connections = \(target); -- and in the option file; or lower DB_POOL_SIZE")
        }
    }
}
