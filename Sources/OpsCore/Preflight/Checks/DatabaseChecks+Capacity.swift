import Foundation

extension DatabaseChecks {
    /// Sessions outlive the pauses of a pool, and every statement of a backup fits.
    enum Limits: ObservedCheck {
        static let id = "DB-031"
        static let title = "wait_timeout and max_allowed_packet are large enough"

        /// A pool closes a connection that was idle for so long, in seconds.
        static let poolIdleSeconds = 60
        /// The statements of a backup are of about this size, unless one row is larger.
        static let usualStatement = 1 << 20

        struct Observation: Sendable {
            var waitTimeout: Int
            var maximumPacket: Int
            /// No statement of the newest backup is larger; nil without one.
            var largestStatement: Int?
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let variables = try await context.monitor.variables()
            let packet = variables.int("max_allowed_packet") ?? 0
            return Observation(
                waitTimeout: variables.int("wait_timeout") ?? 0, maximumPacket: packet,
                largestStatement: try await largestStatement(context, above: packet))
        }

        /// Nil without an archive of this toolkit.
        private static func largestStatement(_ context: PreflightContext, above limit: Int) async throws -> Int? {
            guard let record = try? await context.backups.newest(where: { $0.isComplete && $0.rows != nil }),
                let name = BackupName(record.filename)
            else { return nil }
            return try await BlockingCall.run {
                try LargestStatement.bytes(of: context.backups.folder().open(name), above: limit)
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            var findings: [CheckVerdict.Finding] = []
            if observed.waitTimeout <= poolIdleSeconds {
                findings.append(
                    .init(
                        .fail,
                        "wait_timeout = \(observed.waitTimeout) s: the server hangs up on pools, which keep "
                            + "connections for \(poolIdleSeconds) s",
                        remedy: "SET GLOBAL wait_timeout = 28800; -- and in the server's option file"))
            }
            let needed = max(observed.largestStatement ?? 0, usualStatement)
            if observed.maximumPacket <= needed {
                let target = (needed * 2 / (1 << 20) + 1) << 20
                findings.append(
                    .init(
                        .fail,
                        "max_allowed_packet = \(size(observed.maximumPacket)), and a backup has a statement of "
                            + "\(size(needed))",
                        remedy: "SET GLOBAL max_allowed_packet = \(target); "
                            + "-- and in the option files of server and client"))
            }
            return .worst(
                of: findings,
                otherwise: "wait_timeout = \(observed.waitTimeout) s, max_allowed_packet = "
                    + size(observed.maximumPacket)
                    + (observed.largestStatement == nil ? ", no backup to compare with" : ""),
                expected: "wait_timeout above \(poolIdleSeconds) s, max_allowed_packet above \(size(needed))")
        }
    }

    /// The server's cache fits the data and the machine.
    enum Memory: ObservedCheck {
        static let id = "DB-032"
        static let title = "the buffer pool fits the data and the memory"

        struct Observation: Sendable {
            /// All in bytes.
            var bufferPool: Int
            var data: Int
            /// Of the machine or of the container; nil when the server is elsewhere.
            var memory: Int?
        }

        /// Less data than this is read from disk quickly enough.
        private static let smallData = 512 << 20

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let variables = try await context.monitor.variables()
            let row = try await context.monitor.query(
                """
                SELECT CAST(SUM(DATA_LENGTH + INDEX_LENGTH) AS CHAR) FROM information_schema.TABLES
                WHERE ENGINE = 'InnoDB' AND TABLE_SCHEMA NOT IN ('mysql', 'sys')
                """
            ).first
            return Observation(
                bufferPool: variables.int("innodb_buffer_pool_size") ?? 0, data: row?.int(0) ?? 0,
                memory: context.monitor.isLocal ? MachineMemory.bytes() : nil)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            var findings: [CheckVerdict.Finding] = []
            let pool = observed.bufferPool
            if let memory = observed.memory, pool > memory / 10 * 8 {
                findings.append(
                    .init(
                        .fail, "the buffer pool of \(size(pool)) leaves too little of \(size(memory)) of memory",
                        remedy: "SET GLOBAL innodb_buffer_pool_size = \(memory / 2); -- and in the option file"))
            }
            if observed.data > smallData, pool < observed.data / 4 {
                let target = min(observed.data, (observed.memory ?? Int.max) / 2)
                findings.append(
                    .init(
                        .warn, "a buffer pool of \(size(pool)) for \(size(observed.data)) of data",
                        remedy: "SET GLOBAL innodb_buffer_pool_size = \(target); -- and in the option file"))
            }
            return .worst(
                of: findings,
                otherwise: "\(size(pool)) for \(size(observed.data)) of data, memory "
                    + (observed.memory.map(size) ?? "unknown: the server is on another machine"),
                expected: "a quarter of the data at least, four fifths of the memory at most")
        }
    }

    /// The server never came close to refusing a connection.
    enum UsedConnections: ObservedCheck {
        static let id = "DB-033"
        static let title = "connections in use since the server's start"

        struct Observation: Sendable {
            var maximum: Int
            var used: Int
            /// Connections that were refused because there were too many.
            var refused: Int
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let maximum = try await context.monitor.variables().int("max_connections") ?? 0
            let rows = try await context.monitor.query(
                "SHOW GLOBAL STATUS WHERE Variable_name IN ('Max_used_connections', 'Connection_errors_max_connections')"
            )
            let values = rows.reduce(into: [String: Int]()) { $0[($1.text(0) ?? "").lowercased()] = $1.int(1) }
            return Observation(
                maximum: maximum, used: values["max_used_connections"] ?? 0,
                refused: values["connection_errors_max_connections"] ?? 0)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let text = "at most \(observed.used) of \(observed.maximum) at once, \(observed.refused) refused"
            let expected = "at most 80 % of max_connections, none refused"
            let remedy = "sysndd-ctl preflight --only DB-030 # what needs them, then raise max_connections"
            if observed.refused > 0 || observed.used >= observed.maximum {
                return .fail(text, expected: expected, remedy: remedy)
            }
            if observed.used * 10 > observed.maximum * 8 { return .warn(text, expected: expected, remedy: remedy) }
            return .pass(text, expected: expected)
        }
    }
}

/// The memory that processes of this machine or container may use.
enum MachineMemory {
    /// Bytes; nil where the system does not tell.
    static func bytes() -> Int? {
        let installed = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].compactMap { path in
            (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { text in
                Int(text.split(whereSeparator: \.isWhitespace).first ?? "")
            }
        }
        return (limits + (installed > 0 ? [installed] : [])).min()
    }
}
