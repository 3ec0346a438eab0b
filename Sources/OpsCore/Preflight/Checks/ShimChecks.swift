import Foundation

/// What is asked of a running shim.
enum ShimChecks {
    static let all: [Check] = [
        Check(Ready.self), Check(Workers.self), Check(Pool.self),
    ]

    /// What a shim tells of itself, as far as the checks ask.
    struct Readiness: Decodable, Sendable {
        struct Pool: Decodable, Sendable {
            var maxSize: Int
            var active: Int
            var total: Int
        }

        var status: String
        var reason: String?
        var pool: Pool
    }

    private static func probe(_ context: PreflightContext) throws -> HTTPProbe {
        guard let url = context.options.url else { throw CheckSkipped("no --url given") }
        guard let probe = HTTPProbe(url: url) else {
            throw CheckNotPossible(
                "'\(url)' is not the address of a shim", remedy: "--url http://HOST:PORT, where the shim itself listens"
            )
        }
        return probe
    }

    private static func readiness(_ probe: HTTPProbe) async throws -> (status: Int, body: Readiness?) {
        let answer = try await probe.get("/api/health/ready")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return (answer.status, try? decoder.decode(Readiness.self, from: Data(answer.body)))
    }

    /// The shim takes requests.
    enum Ready: ObservedCheck {
        static let id = "API-601"
        static let title = "the shim is ready"

        struct Observation: Sendable {
            var place: String
            /// Nil when nobody answered.
            var status: Int?
            var reason: String?
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let probe = try probe(context)
            do {
                let (status, body) = try await readiness(probe)
                return Observation(place: probe.place, status: status, reason: body?.reason)
            } catch let failure as HTTPProbe.Failure {
                return Observation(place: probe.place, status: nil, reason: failure.reason)
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "status 200 of \(observed.place)/api/health/ready"
            if observed.status == 200 { return .pass("ready", expected: expected) }
            let remedies = [
                "database_unavailable": "sysndd-ctl preflight --only DB",
                "migrations_pending": "sysndd-ctl migrate status",
                "migration_error": "sysndd-ctl migrate status",
            ]
            let status = observed.status.map { "status \($0)" } ?? "no answer"
            return .fail(
                [status, observed.reason].compactMap(\.self).joined(separator: ": "), expected: expected,
                remedy: observed.reason.flatMap { remedies[$0] }
                    ?? "see the log of the shim, or start it: sysndd-ctl serve")
        }
    }

    /// As many requests as there are workers are answered at once.
    enum Workers: ObservedCheck {
        static let id = "API-602"
        static let title = "every worker's share of requests is answered at the same time"

        struct Observation: Sendable {
            var asked: Int
            var answered: Int
            /// The slowest, in milliseconds.
            var slowest: Int
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let probe = try probe(context)
            // Twice as many as there are workers, so that each has something to do.
            let count = min(64, context.settings.server.workers * 2)
            let clock = ContinuousClock()
            let times = await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        let start = clock.now
                        guard let answer = try? await probe.get("/api/health/"), answer.status == 200 else {
                            return nil
                        }
                        return start.duration(to: clock.now).milliseconds
                    }
                }
                return await group.reduce(into: [Int]()) { times, time in if let time { times.append(time) } }
            }
            return Observation(asked: count, answered: times.count, slowest: times.max() ?? 0)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let text =
                "\(observed.answered) of \(observed.asked) requests at once, the slowest in \(observed.slowest) ms"
            let expected = "all, within 1000 ms"
            if observed.answered < observed.asked {
                return .fail(
                    text, expected: expected, remedy: "see the log of the shim; API_WORKERS tells how many there are")
            }
            return observed.slowest > 1000
                ? .warn(text, expected: expected, remedy: "uptime; and raise API_WORKERS or the limit of the CPU")
                : .pass(text, expected: expected)
        }
    }

    /// The pool of the running shim is the one that the budget counts.
    enum Pool: ObservedCheck {
        static let id = "API-603"
        static let title = "the shim's pool is as large as the connection budget says"

        struct Observation: Sendable {
            /// What the budget counts: of several services, any of these.
            var counted: [Int]
            var source: String
            var pool: Readiness.Pool
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let probe = try probe(context)
            do {
                guard let body = try await readiness(probe).body else {
                    throw CheckNotPossible("\(probe.place) does not tell of its pool", remedy: "is it a shim?")
                }
                let (counted, source) = try counted(context)
                return Observation(counted: counted, source: source, pool: body.pool)
            } catch let failure as HTTPProbe.Failure {
                throw CheckNotPossible(failure.reason, remedy: "sysndd-ctl preflight --only API-601 --url …")
            }
        }

        /// The pools of the compose file, as DB-030 reads it; without one, that of the settings.
        private static func counted(_ context: PreflightContext) throws -> ([Int], String) {
            if let file = try ComposeFile(context) {
                let pools = ConnectionBudget.services(of: file, defaultPool: ConnectionBudget.defaultPool).map(\.pool)
                if !pools.isEmpty { return (Set(pools).sorted(), file.path) }
            }
            return ([context.settings.pool.maximumConnections], "DB_POOL_SIZE, \(context.source(.poolSize))")
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let pool = observed.pool
            let counted = observed.counted.map(String.init).joined(separator: ", ")
            let text =
                "a pool of \(pool.maxSize), \(pool.active) in use; the budget counts \(counted) (\(observed.source))"
            let expected = "the same figure in both places"
            guard observed.counted.contains(pool.maxSize) else {
                return .fail(
                    text, expected: expected,
                    remedy: "give preflight the settings or the compose file of the shim, or restart the shim with them"
                )
            }
            return pool.active >= pool.maxSize
                ? .warn(text, expected: "a free connection", remedy: "SHOW FULL PROCESSLIST; -- what takes so long?")
                : .pass(text, expected: expected)
        }
    }
}
