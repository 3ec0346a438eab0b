extension SecurityChecks {
    /// The application's account holds what it needs, and nothing with which a stolen password does more harm.
    enum LeastGrants: ObservedCheck {
        static let id = "SEC-301"
        static let title = "the application's account has the least privileges"

        struct Observation: Sendable {
            /// What the account must have.
            var needed: GrantComparison
            /// What it may have, because the shim works under it too.
            var allowed: GrantComparison
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let database = context.settings.database.database
            let needed: [DatabaseRole] =
                [.app] + (context.settings.server.autoMigrate ? [.migrate] : [])
                + (context.settings.backups.schedule == nil ? [] : [.backup])
            // With a signing key, the shim takes and restores backups for administrators.
            let allowed = needed + (context.settings.auth.jwtSecret == nil ? [] : [.backup, .restore])
            return try await context.application.run { session in
                let server = try ServerInfo(asking: session)
                let account = try session.query("SELECT CURRENT_USER()").first?.text(0) ?? ""
                let held = try GrantLines(asking: session)
                func compare(_ roles: [DatabaseRole]) -> GrantComparison {
                    GrantComparison(
                        account: account, held: held,
                        needed: roles.map { RoleGrants($0, on: server, database: database) })
                }
                return Observation(needed: compare(needed), allowed: compare(allowed))
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let roles = observed.needed.roles.map(\.rawValue)
            let command = "sysndd-ctl grants --role \(roles.joined(separator: ","))"
            let account = observed.needed.account
            var findings: [CheckVerdict.Finding] = []
            if !observed.needed.missing.isEmpty {
                findings.append(
                    .init(.fail, "\(account) lacks \(list(observed.needed.missing))", remedy: command))
            }
            let dangerous = observed.allowed.extra.filter(isDangerous)
            if !dangerous.isEmpty {
                findings.append(
                    .init(
                        .fail, "\(account) can take over the server: \(list(dangerous))",
                        remedy: "make an account from: \(command)"))
            }
            let harmless = observed.allowed.extra.filter { !isDangerous($0) }
            if !harmless.isEmpty {
                findings.append(
                    .init(
                        .warn, "\(account) has more than it needs: \(list(harmless))",
                        remedy: "make an account from: \(command)"))
            }
            return .worst(
                of: findings, otherwise: "\(account) has what \(roles.joined(separator: " and ")) needs",
                expected: "what `\(command)` prints")
        }

        private static let dangerousNames: Set = [
            "ALL PRIVILEGES", "SUPER", "FILE", "SHUTDOWN", "CREATE USER", "GRANT OPTION", "SYSTEM_USER", "SET USER",
            "SET_USER_ID", "SET_ANY_DEFINER", "CREATE ROLE", "DROP ROLE",
        ]

        /// On the whole server or on its own tables, what leads to every other privilege.
        private static func isDangerous(_ grant: String) -> Bool {
            guard let on = grant.range(of: " ON ") else { return false }
            let (name, scope) = (String(grant[..<on.lowerBound]), grant[on.upperBound...])
            if scope == "*.*" {
                return dangerousNames.contains(name) || name.hasSuffix("ADMIN")
                    || ["INSERT", "UPDATE", "DELETE", "DROP", "ALTER"].contains(name)
            }
            return scope.hasPrefix("`mysql`.") && name != "SELECT"
        }

        private static func list(_ names: [String]) -> String { DatabaseChecks.list(names) }
    }

    /// Neither the application nor the backups work as root.
    enum NoRoot: ObservedCheck {
        static let id = "SEC-302"
        static let title = "neither the application nor the backups log in as root"

        struct Observation: Sendable {
            /// `root@localhost`, or what the settings say where the server does not answer.
            var account: String
            /// Services of the compose file with root's account.
            var services: [String]
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            try context.application.requireSettings()
            let services = try ComposeFile(context)?.services.filter { service in
                service.usesDatabase
                    && (service.environment["MYSQL_USER"] == "root"
                        || service.environment["DATABASE_URL"]?.contains("://root:") == true)
            }
            let account = try? await context.application.query("SELECT CURRENT_USER()").first?.text(0)
            return Observation(
                account: account ?? context.application.settings.user, services: services?.map(\.name) ?? [])
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let remedy = "sysndd-ctl grants --role app; sysndd-ctl grants --role backup"
            var findings: [CheckVerdict.Finding] = []
            if observed.account == "root" || observed.account.hasPrefix("root@") {
                findings.append(.init(.fail, "the account is \(observed.account)", remedy: remedy))
            }
            if !observed.services.isEmpty {
                findings.append(
                    .init(
                        .fail, "services that log in as root: \(observed.services.joined(separator: ", "))",
                        remedy: remedy))
            }
            return .worst(of: findings, otherwise: observed.account, expected: "an account of its own for each role")
        }
    }

    /// Nobody logs in without a password, and root only on the server's own machine.
    enum Accounts: ObservedCheck {
        static let id = "SEC-303"
        static let title = "no empty passwords, no anonymous accounts, no root from elsewhere"

        struct Observation: Sendable {
            var withoutPassword: [String]
            var anonymous: [String]
            var remoteRoot: [String]
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let isMariaDB = try await context.monitor.variables().server.flavour == .mariadb
            // Roles have no password; MySQL's are locked accounts. MariaDB's own account is locked, which its view hides.
            let usable: SQLQuery =
                isMariaDB ? "is_role = 'N' AND User <> 'mariadb.sys'" : "account_locked = 'N'"
            let rows = try await context.monitor.query(
                """
                SELECT User, Host, COALESCE(authentication_string, '') = '' AND COALESCE(plugin, '') IN
                    ('', 'mysql_native_password', 'caching_sha2_password', 'sha256_password', 'ed25519')
                FROM mysql.user WHERE \(usable) ORDER BY 1, 2
                """)
            func names(_ condition: (DatabaseRow) -> Bool) -> [String] {
                rows.filter(condition).map { "'\($0.text(0) ?? "")'@'\($0.text(1) ?? "")'" }
            }
            let local = ["localhost", "127.0.0.1", "::1"]
            return Observation(
                withoutPassword: names { $0.bool(2) }, anonymous: names { $0.text(0) == "" },
                remoteRoot: names { $0.text(0) == "root" && !local.contains($0.text(1) ?? "") })
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let list = { (names: [String]) in DatabaseChecks.list(names) }
            var findings: [CheckVerdict.Finding] = []
            if let first = observed.anonymous.first {
                findings.append(
                    .init(.fail, "anonymous: \(list(observed.anonymous))", remedy: "DROP USER \(first);"))
            }
            let named = observed.withoutPassword.filter { !observed.anonymous.contains($0) }
            if let first = named.first {
                findings.append(
                    .init(
                        .fail, "no password: \(list(named))",
                        remedy: "ALTER USER \(first) IDENTIFIED BY '…'; -- or DROP USER \(first);"))
            }
            if let first = observed.remoteRoot.first {
                findings.append(
                    .init(
                        .fail, "root from elsewhere: \(list(observed.remoteRoot))", remedy: "DROP USER \(first);"))
            }
            return .worst(of: findings, otherwise: "none", expected: "none")
        }
    }
}
