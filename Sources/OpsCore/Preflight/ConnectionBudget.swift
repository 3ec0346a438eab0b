/// How many connections everything together may want at once, and how many the server has.
public struct ConnectionBudget: Codable, Sendable, Equatable {
    /// One line of the sum.
    public struct Term: Codable, Sendable, Equatable {
        public let name: String
        public let replicas: Int
        public let processes: Int
        /// The most connections of one process.
        public let pool: Int
        /// Where these figures were read.
        public let source: String

        public init(_ name: String, replicas: Int = 1, processes: Int = 1, pool: Int, source: String) {
            self.name = name
            self.replicas = replicas
            self.processes = processes
            self.pool = pool
            self.source = source
        }

        /// What it comes to.
        public var connections: Int { replicas * processes * pool }
    }

    /// Services first, then the toolkit's own work, then the headroom.
    public let terms: [Term]
    /// The sum of the terms.
    public let need: Int
    /// `max_connections` of the server.
    public let maximum: Int

    /// - Parameters:
    ///   - services: each with its pool.
    ///   - shims: replicas of the shim among them.
    ///   - backupJobs: connections that a backup reads with.
    public init(services: [Term], shims: Int = 1, backupJobs: Term, maximum: Int) {
        let own = [
            backupJobs,
            Term("migrate", pool: 2, source: "fixed: lock and work, of any job"),
            Term("shim", replicas: shims, pool: 2, source: "fixed: readiness and post-conditions, outside the pool"),
            Term("monitoring", pool: 3, source: "fixed: preflight, exporter, an operator"),
        ]
        let sum = (services + own).reduce(0) { $0 + $1.connections }
        let headroom = max(5, (sum + 4) / 5)
        terms = services + own + [Term("headroom", pool: headroom, source: "the larger of 5 and 20 % of \(sum)")]
        need = sum + headroom
        self.maximum = maximum
    }

    /// Fail above the server's limit, warn above 80 % of it.
    public var status: CheckStatus {
        if need > maximum { return .fail }
        return need * 10 > maximum * 8 ? .warn : .pass
    }

    /// The table, with its sum.
    public var text: String {
        let width = max(8, terms.map(\.name.count).max() ?? 0)
        let lines = terms.map { term in
            let product = "\(term.replicas) × \(term.processes) × \(term.pool)"
            return Self.padded(term.name, width) + "  " + Self.padded(product, 12) + " ="
                + Self.leftPadded("\(term.connections)", 5) + "  " + term.source
        }
        let total = Self.padded("need", width) + "  " + Self.padded("", 12) + " =" + Self.leftPadded("\(need)", 5)
        return (["replicas × processes × pool"] + lines + [total + "  of max_connections = \(maximum)"])
            .joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func leftPadded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
