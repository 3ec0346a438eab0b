extension DatabaseChecks {
    /// Bad data is refused, in the application's sessions as everywhere.
    enum SQLMode: ObservedCheck {
        static let id = "DB-020"
        static let title = "sql_mode is strict, the same for sessions as for the server"

        struct Observation: Sendable {
            var global: Set<String>
            var session: Set<String>
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let row = try await context.application.query("SELECT @@GLOBAL.sql_mode, @@SESSION.sql_mode").first
            return Observation(global: modes(row?.text(0)), session: modes(row?.text(1)))
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "STRICT_TRANS_TABLES or STRICT_ALL_TABLES, and @@SESSION.sql_mode = @@GLOBAL.sql_mode"
            var findings: [CheckVerdict.Finding] = []
            for (name, modes) in [("server", observed.global), ("sessions", observed.session)] where !isStrict(modes) {
                findings.append(
                    .init(
                        .fail, "the mode of the \(name) is not strict: \(text(modes))",
                        remedy: "SET GLOBAL sql_mode = '\(text(observed.global.union(["STRICT_TRANS_TABLES"])))'; "
                            + "-- and sql_mode in the server's option file"))
            }
            if observed.global != observed.session {
                let differing = observed.global.symmetricDifference(observed.session)
                findings.append(
                    .init(
                        .warn, "sessions differ from the server in \(text(differing))",
                        remedy: "SHOW GLOBAL VARIABLES LIKE 'init_connect'; -- what sets sql_mode for sessions?"))
            }
            return .worst(of: findings, otherwise: text(observed.global), expected: expected)
        }

        private static func modes(_ text: String?) -> Set<String> {
            Set((text ?? "").split(separator: ",").map(String.init))
        }

        private static func text(_ modes: Set<String>) -> String {
            modes.isEmpty ? "(empty)" : modes.sorted().joined(separator: ",")
        }

        private static func isStrict(_ modes: Set<String>) -> Bool {
            !modes.isDisjoint(with: ["STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "TRADITIONAL"])
        }
    }

    /// Names of time zones are known, and the server's own zone is UTC.
    enum TimeZone: ObservedCheck {
        static let id = "DB-022"
        static let title = "time zone tables are loaded, the server's zone is UTC"

        struct Observation: Sendable {
            var zonesLoaded: Bool
            /// `SYSTEM`, an offset or a name.
            var zone: String
            var systemZone: String
            var flavour: ServerInfo.Flavour
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let variables = try await context.monitor.variables()
            let row = try await context.monitor.query(
                "SELECT CONVERT_TZ('2026-01-01 00:00:00', 'UTC', 'Europe/Berlin') IS NOT NULL"
            ).first
            return Observation(
                zonesLoaded: row?.bool(0) ?? false, zone: variables["time_zone"] ?? "",
                systemZone: variables["system_time_zone"] ?? "", flavour: variables.server.flavour)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let zone = observed.zone.uppercased() == "SYSTEM" ? observed.systemZone : observed.zone
            let name = zone + (observed.zone.uppercased() == "SYSTEM" ? " (that of the system)" : "")
            var findings: [CheckVerdict.Finding] = []
            if !observed.zonesLoaded {
                let program = observed.flavour == .mariadb ? "mariadb-tzinfo-to-sql" : "mysql_tzinfo_to_sql"
                let client = observed.flavour == .mariadb ? "mariadb" : "mysql"
                findings.append(
                    .init(
                        .warn, "names such as Europe/Berlin are unknown: the time zone tables are empty",
                        remedy: "\(program) /usr/share/zoneinfo | \(client) -u root mysql"))
            }
            if !["UTC", "+00:00", "ETC/UTC", "GMT"].contains(zone.uppercased()) {
                findings.append(
                    .init(
                        .warn, "the server's zone is \(name)",
                        remedy: "SET GLOBAL time_zone = '+00:00'; -- and default-time-zone='+00:00' in its option file")
                )
            }
            return .worst(
                of: findings, otherwise: "\(name), time zone tables loaded", expected: "UTC, time zone tables loaded")
        }
    }

    /// What was committed survives a crash of the machine.
    enum Durability: ObservedCheck {
        static let id = "DB-024"
        static let title = "commits are durable"

        struct Observation: Sendable {
            var flushLogAtCommit: Int
            /// Nil without a binary log.
            var syncBinlog: Int?
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let variables = try await context.monitor.variables()
            return Observation(
                flushLogAtCommit: variables.int("innodb_flush_log_at_trx_commit") ?? 1,
                syncBinlog: variables.isOn("log_bin") ? variables.int("sync_binlog") : nil)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            var findings: [CheckVerdict.Finding] = []
            let flush = observed.flushLogAtCommit
            // 3 is MariaDB's own value: 1 with two flushes for a group commit.
            if flush != 1 && flush != 3 {
                findings.append(
                    .init(
                        flush == 0 ? .fail : .warn,
                        "innodb_flush_log_at_trx_commit = \(flush): "
                            + (flush == 0 ? "a crash of the server" : "a crash of the machine")
                            + " loses about a second of commits",
                        remedy: "SET GLOBAL innodb_flush_log_at_trx_commit = 1; -- and in the server's option file"))
            }
            if let sync = observed.syncBinlog, sync != 1 {
                findings.append(
                    .init(
                        .warn, "sync_binlog = \(sync): after a crash replicas may have more or less than this server",
                        remedy: "SET GLOBAL sync_binlog = 1; -- and in the server's option file"))
            }
            return .worst(
                of: findings,
                otherwise: "innodb_flush_log_at_trx_commit = \(flush)"
                    + (observed.syncBinlog.map { ", sync_binlog = \($0)" } ?? ", no binary log"),
                expected: "innodb_flush_log_at_trx_commit = 1, sync_binlog = 1")
        }
    }
}

extension DatabaseRow {
    /// The value as a truth value: a number other than 0.
    func bool(_ index: Int) -> Bool { (int(index) ?? 0) != 0 }
}
