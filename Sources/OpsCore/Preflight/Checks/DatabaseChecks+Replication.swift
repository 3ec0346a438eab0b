extension DatabaseChecks {
    /// The application can write.
    enum Writable: ObservedCheck {
        static let id = "DB-050"
        static let title = "the server accepts writes"

        static func observe(_ context: PreflightContext) async throws -> [String] {
            let variables = try await context.application.variables()
            return ["read_only", "super_read_only", "innodb_read_only"].filter(variables.isOn)
        }

        static func judge(_ observed: [String]) -> CheckVerdict {
            let expected = "read_only = OFF"
            guard let first = observed.first else { return .pass("read_only = OFF", expected: expected) }
            return .fail(
                observed.map { "\($0) = ON" }.joined(separator: ", "), expected: expected,
                remedy: first == "innodb_read_only"
                    ? "start the server without innodb_read_only"
                    : "SET GLOBAL read_only = OFF; -- unless this is a replica: then MYSQL_HOST names the wrong server")
        }
    }

    /// A node of a Galera cluster belongs to the cluster.
    enum Galera: ObservedCheck {
        static let id = "DB-051"
        static let title = "the Galera node is ready, primary and synced"

        struct Observation: Sendable {
            var isReady: String
            var clusterStatus: String
            var state: String
            var size: String
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            guard try await context.monitor.variables().server.isGalera else {
                throw CheckSkipped("not a node of a Galera cluster")
            }
            let rows = try await context.monitor.query("SHOW GLOBAL STATUS LIKE 'wsrep_%'")
            let values = rows.reduce(into: [String: String]()) { $0[($1.text(0) ?? "").lowercased()] = $1.text(1) }
            return Observation(
                isReady: values["wsrep_ready"] ?? "", clusterStatus: values["wsrep_cluster_status"] ?? "",
                state: values["wsrep_local_state_comment"] ?? "", size: values["wsrep_cluster_size"] ?? "?")
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let text =
                "wsrep_ready = \(observed.isReady), wsrep_cluster_status = \(observed.clusterStatus), "
                + "wsrep_local_state_comment = \(observed.state), \(observed.size) nodes"
            let expected = "ON, Primary, Synced"
            let isGood = observed.isReady == "ON" && observed.clusterStatus == "Primary" && observed.state == "Synced"
            return isGood
                ? .pass(text, expected: expected)
                : .fail(
                    text, expected: expected,
                    remedy: "SHOW GLOBAL STATUS LIKE 'wsrep_%'; -- send the application to a node that is synced")
        }
    }

    /// A replica runs and is not far behind.
    enum Replica: ObservedCheck {
        static let id = "DB-052"
        static let title = "the replica runs and keeps up"

        /// One connection of the replica with a source.
        struct Source: Sendable, Equatable {
            var isReading: Bool
            var isApplying: Bool
            /// Seconds behind; nil when unknown.
            var lag: Int?
            var error: String
        }

        static func observe(_ context: PreflightContext) async throws -> [Source] {
            let isMariaDB = try await context.monitor.variables().server.flavour == .mariadb
            let rows = try await context.monitor.query(
                SQLQuery(unquoted: isMariaDB ? "SHOW ALL SLAVES STATUS" : "SHOW REPLICA STATUS"))
            guard !rows.isEmpty else { throw CheckSkipped("not a replica") }
            let names =
                isMariaDB
                ? ["Slave_IO_Running", "Slave_SQL_Running", "Seconds_Behind_Master"]
                : ["Replica_IO_Running", "Replica_SQL_Running", "Seconds_Behind_Source"]
            return rows.map { row in
                Source(
                    isReading: row.text(names[0]) == "Yes", isApplying: row.text(names[1]) == "Yes",
                    lag: row.int(names[2]),
                    error: [row.text("Last_IO_Error"), row.text("Last_SQL_Error")].compactMap(\.self)
                        .filter { !$0.isEmpty }.joined(separator: "; "))
            }
        }

        static func judge(_ observed: [Source]) -> CheckVerdict {
            let expected = "reading, applying, at most 60 s behind"
            let findings = observed.compactMap { source -> CheckVerdict.Finding? in
                let remedy = "SHOW REPLICA STATUS; -- see its errors, then START REPLICA;"
                guard source.isReading, source.isApplying else {
                    return .init(
                        .fail,
                        "replication stands still: reading \(source.isReading), applying \(source.isApplying) "
                            + source.error, remedy: remedy)
                }
                guard let lag = source.lag else { return .init(.fail, "its lag is unknown", remedy: remedy) }
                if lag > 600 { return .init(.fail, "\(lag) s behind", remedy: remedy) }
                return lag > 60 ? .init(.warn, "\(lag) s behind", remedy: remedy) : nil
            }
            let lags = observed.compactMap(\.lag).map { "\($0) s" }.joined(separator: ", ")
            return .worst(of: findings, otherwise: "\(lags) behind", expected: expected)
        }
    }

    /// Migrations may create what they create.
    enum FunctionCreators: ObservedCheck {
        static let id = "DB-060"
        static let title = "functions and triggers of the migrations can be created"

        struct Observation: Sendable {
            var hasBinaryLog: Bool
            var trustsCreators: Bool
            var mayAnyway: Bool
            var files: [String]
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let variables = try await context.application.variables()
            let rights = try await context.application.run { try GrantLines(asking: $0) }
            return Observation(
                hasBinaryLog: variables.isOn("log_bin"),
                trustsCreators: variables.isOn("log_bin_trust_function_creators"),
                mayAnyway: rights.holdsGlobally("SUPER"),
                files: try await files(in: context.migrations.directory))
        }

        private static func files(in directory: String) async throws -> [String] {
            do {
                return try await BlockingCall.run {
                    try MigrationTexts.filesThatCreate(["FUNCTION", "TRIGGER"], in: directory)
                }
            } catch let error as MigrationError {
                throw CheckSkipped("\(error.message): see MIG-101")
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let expected = "log_bin_trust_function_creators = ON where there is a binary log"
            if observed.files.isEmpty { return .pass("the migrations create none", expected: expected) }
            if !observed.hasBinaryLog { return .pass("there is no binary log", expected: expected) }
            if observed.trustsCreators { return .pass("log_bin_trust_function_creators = ON", expected: expected) }
            if observed.mayAnyway { return .pass("the account holds SUPER", expected: expected) }
            return .fail(
                "log_bin_trust_function_creators = OFF, the account lacks SUPER, and these create functions or "
                    + "triggers: \(list(observed.files))", expected: expected,
                remedy: "SET GLOBAL log_bin_trust_function_creators = ON; -- and in the server's option file")
        }
    }
}

/// What the text of the migration files tells.
enum MigrationTexts {
    /// The names of the files with a `CREATE … KIND` statement.
    static func filesThatCreate(_ kinds: [String], in directory: String) throws -> [String] {
        try MigrationSet(directory: directory).files.filter { file in
            var found = false
            try MigrationScript.forEachStatement(of: file, dialect: ScriptDialect()) { statement, _ in
                found = found || creates(kinds, String(decoding: statement.text.prefix(500), as: UTF8.self))
            }
            return found
        }.map(\.name)
    }

    /// `CREATE [OR REPLACE] [DEFINER = x] [AGGREGATE] FUNCTION name`: the kind stands before the first parenthesis and
    /// before the words that follow a name.
    static func creates(_ kinds: [String], _ statement: String) -> Bool {
        let words = statement.uppercased().replacing("/*!", with: " ").prefix { $0 != "(" }
            .split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.contains("CREATE"), let first = words.first, first == "CREATE" || first.allSatisfy(\.isNumber)
        else { return false }
        let others: Set = ["TABLE", "VIEW", "INDEX", "PROCEDURE", "DATABASE", "SCHEMA", "USER", "EVENT", "SEQUENCE"]
        let kind = words.first { kinds.contains($0) || others.contains($0) }
        return kind.map(kinds.contains) ?? false
    }
}
