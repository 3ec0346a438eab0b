extension DatabaseChecks {
    /// Text of any language can be stored, and keys compare it alike at both ends.
    enum Encoding: ObservedCheck {
        static let id = "DB-021"
        static let title = "utf8mb4 everywhere, equal collations at both ends of foreign keys"

        struct Observation: Sendable {
            var database: String
            var defaultCharacterSet: String
            /// `table.column (latin1)`
            var otherColumns: [String]
            /// `child.column (a) and parent.column (b)`
            var unequalKeys: [String]
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let database = context.application.settings.database
            return try await context.application.run { session in
                let schema = try session.query(
                    """
                    SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = \(database)
                    """)
                let columns = try session.query(
                    """
                    SELECT CONCAT(c.TABLE_NAME, '.', c.COLUMN_NAME, ' (', c.CHARACTER_SET_NAME, ')')
                    FROM information_schema.COLUMNS c JOIN information_schema.TABLES t USING (TABLE_SCHEMA, TABLE_NAME)
                    WHERE c.TABLE_SCHEMA = \(database) AND t.TABLE_TYPE = 'BASE TABLE'
                        AND c.CHARACTER_SET_NAME NOT IN ('utf8mb4', 'ascii', 'binary')
                    ORDER BY 1
                    """)
                let keys = try session.query(
                    """
                    SELECT CONCAT(k.TABLE_NAME, '.', k.COLUMN_NAME, ' (', a.COLLATION_NAME, ') and ',
                        k.REFERENCED_TABLE_NAME, '.', k.REFERENCED_COLUMN_NAME, ' (', b.COLLATION_NAME, ')')
                    FROM information_schema.KEY_COLUMN_USAGE k
                    JOIN information_schema.COLUMNS a ON a.TABLE_SCHEMA = k.TABLE_SCHEMA
                        AND a.TABLE_NAME = k.TABLE_NAME AND a.COLUMN_NAME = k.COLUMN_NAME
                    JOIN information_schema.COLUMNS b ON b.TABLE_SCHEMA = k.REFERENCED_TABLE_SCHEMA
                        AND b.TABLE_NAME = k.REFERENCED_TABLE_NAME AND b.COLUMN_NAME = k.REFERENCED_COLUMN_NAME
                    WHERE k.TABLE_SCHEMA = \(database) AND a.COLLATION_NAME <> b.COLLATION_NAME ORDER BY 1
                    """)
                return Observation(
                    database: database, defaultCharacterSet: schema.first?.text(0) ?? "",
                    otherColumns: columns.compactMap { $0.text(0) }, unequalKeys: keys.compactMap { $0.text(0) })
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            var findings: [CheckVerdict.Finding] = []
            let name = SQLQuery.identifier(observed.database)
            if !observed.unequalKeys.isEmpty {
                let table = observed.unequalKeys[0].prefix { $0 != "." }
                findings.append(
                    .init(
                        .fail, "foreign keys with unequal collations: \(list(observed.unequalKeys))",
                        remedy: "ALTER TABLE \(SQLQuery.identifier(String(table))) "
                            + "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; -- both tables alike"))
            }
            if !observed.otherColumns.isEmpty {
                let table = observed.otherColumns[0].prefix { $0 != "." }
                findings.append(
                    .init(
                        .warn, "columns that cannot hold all text: \(list(observed.otherColumns))",
                        remedy: "ALTER TABLE \(SQLQuery.identifier(String(table))) CONVERT TO CHARACTER SET utf8mb4;"))
            }
            if observed.defaultCharacterSet != "utf8mb4" {
                findings.append(
                    .init(
                        .warn, "new tables get the character set \(observed.defaultCharacterSet)",
                        remedy: "ALTER DATABASE \(name) CHARACTER SET utf8mb4;"))
            }
            return .worst(
                of: findings, otherwise: "utf8mb4 everywhere", expected: "utf8mb4 for the database and every column")
        }
    }

    /// Every table has rows that can be told apart, and transactions.
    enum Tables: ObservedCheck {
        static let id = "DB-040"
        static let title = "every table has a primary key and is InnoDB"

        struct Observation: Sendable {
            var isGalera: Bool
            var withoutKey: [String]
            /// `name (MyISAM)`
            var otherEngine: [String]
            var count: Int
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let database = context.application.settings.database
            let isGalera = try await context.monitor.variables().server.isGalera
            return try await context.application.run { session in
                let rows = try session.query(
                    """
                    SELECT t.TABLE_NAME, t.ENGINE, k.TABLE_NAME IS NOT NULL
                    FROM information_schema.TABLES t LEFT JOIN information_schema.TABLE_CONSTRAINTS k
                        ON k.TABLE_SCHEMA = t.TABLE_SCHEMA AND k.TABLE_NAME = t.TABLE_NAME
                        AND k.CONSTRAINT_TYPE = 'PRIMARY KEY'
                    WHERE t.TABLE_SCHEMA = \(database) AND t.TABLE_TYPE = 'BASE TABLE' ORDER BY 1
                    """)
                return Observation(
                    isGalera: isGalera, withoutKey: rows.filter { !$0.bool(2) }.compactMap { $0.text(0) },
                    otherEngine: rows.filter { $0.text(1) != "InnoDB" }.map {
                        "\($0.text(0) ?? "") (\($0.text(1) ?? "no engine"))"
                    }, count: rows.count)
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            var findings: [CheckVerdict.Finding] = []
            if !observed.otherEngine.isEmpty {
                let table = observed.otherEngine[0].prefix { $0 != " " }
                findings.append(
                    .init(
                        .fail, "no transactions, no repair after a crash: \(list(observed.otherEngine))",
                        remedy: "ALTER TABLE \(SQLQuery.identifier(String(table))) ENGINE = InnoDB;"))
            }
            if !observed.withoutKey.isEmpty {
                findings.append(
                    .init(
                        observed.isGalera ? .fail : .warn, "without a primary key: \(list(observed.withoutKey))",
                        remedy: "ALTER TABLE \(SQLQuery.identifier(observed.withoutKey[0])) "
                            + "ADD COLUMN id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY FIRST;"))
            }
            return .worst(
                of: findings, otherwise: "\(observed.count) tables, all InnoDB with a primary key",
                expected: "InnoDB and a primary key on every table")
        }
    }

    /// Views can be read, and everything runs under an account that exists.
    enum Definers: ObservedCheck {
        static let id = "DB-041"
        static let title = "views are valid, definers exist"

        struct Observation: Sendable {
            var invalidViews: [String]
            /// `view users_view of root@old-host`
            var missingDefiners: [String]
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let database = context.monitor.settings.database
            return try await context.monitor.run { session in
                // What an account may not see is missing from the lists, without an error.
                let hidden = try GrantLines(asking: session).missingForListing(database)
                guard hidden.isEmpty else {
                    throw CheckNotPossible(
                        "the account may not see everything: it lacks \(list(hidden))",
                        remedy:
                            "make one from `sysndd-ctl grants --role monitor`, and name it in PREFLIGHT_DATABASE_URL")
                }
                let views = try session.query(
                    """
                    SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(database)
                        AND TABLE_TYPE = 'VIEW' ORDER BY 1
                    """
                ).compactMap { $0.text(0) }
                let invalid = try views.filter { try !isValid($0, database, session) }
                let objects = try session.query(
                    """
                    SELECT 'view', TABLE_NAME, DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA = \(database)
                    UNION ALL SELECT 'trigger', TRIGGER_NAME, DEFINER FROM information_schema.TRIGGERS
                        WHERE TRIGGER_SCHEMA = \(database)
                    UNION ALL SELECT LOWER(ROUTINE_TYPE), ROUTINE_NAME, DEFINER FROM information_schema.ROUTINES
                        WHERE ROUTINE_SCHEMA = \(database)
                    UNION ALL SELECT 'event', EVENT_NAME, DEFINER FROM information_schema.EVENTS
                        WHERE EVENT_SCHEMA = \(database)
                    """)
                let accounts = Set(
                    try session.query("SELECT CONCAT(User, '@', Host) FROM mysql.user").compactMap { $0.text(0) })
                return Observation(
                    invalidViews: invalid,
                    missingDefiners: objects.filter { !accounts.contains($0.text(2) ?? "") }.map { row in
                        "\(row.text(0) ?? "") \(row.text(1) ?? "") of \(row.text(2) ?? "")"
                    })
            }
        }

        /// The lists of MariaDB do not tell, so each view is opened, and no row of it is asked for.
        private static func isValid(_ view: String, _ database: String, _ session: MariaDBHandle) throws -> Bool {
            let referencesInvalid = 1356
            do {
                _ = try session.query("SELECT 1 FROM \(identifier: database).\(identifier: view) LIMIT 0")
                return true
            } catch let error as DatabaseError where error.number == referencesInvalid {
                return false
            } catch let error as DatabaseError where error.number == 1449 || error.kind == .accessDenied {
                // Its definer does not exist, which is told as such; accounts without SUPER are only told "denied".
                return true
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            var findings: [CheckVerdict.Finding] = []
            if !observed.invalidViews.isEmpty {
                findings.append(
                    .init(
                        .fail, "views that cannot be read: \(list(observed.invalidViews))",
                        remedy: "SHOW CREATE VIEW \(SQLQuery.identifier(observed.invalidViews[0])); "
                            + "-- then create what it reads, or drop it"))
            }
            if !observed.missingDefiners.isEmpty {
                findings.append(
                    .init(
                        .fail, "the definer does not exist: \(list(observed.missingDefiners))",
                        remedy: "create that account, or create the object anew with DEFINER = CURRENT_USER"))
            }
            return .worst(
                of: findings, otherwise: "all views are valid, all definers exist",
                expected: "valid views and definers that exist")
        }
    }
}
