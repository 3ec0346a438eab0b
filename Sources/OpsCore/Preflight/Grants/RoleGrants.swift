/// The privileges that one role needs on one server, and none beside them.
public struct RoleGrants: Sendable, Equatable {
    public let role: DatabaseRole
    public let server: ServerInfo
    public let database: String
    let grants: [RoleGrant]

    /// - Parameter database: the name of the application's database.
    public init(_ role: DatabaseRole, on server: ServerInfo, database: String) {
        self.role = role
        self.server = server
        self.database = database
        grants =
            switch role {
            case .app: Self.app(database)
            case .migrate: [RoleGrant(Self.definitions + Self.references(server), on: .database(database))]
            case .backup: Self.backup(server, database)
            case .restore: Self.restore(server, database)
            case .monitor: Self.monitor(server, database)
            }
    }

    /// One GRANT a scope.
    public func statements(user: String, host: String) -> [String] {
        let account = "\(SQLQuery.literal(user))@\(SQLQuery.literal(host))"
        return grants.map { $0.statement(to: account) }
    }

    private static let rows = ["SELECT", "INSERT", "UPDATE", "DELETE"]

    /// The shim makes its own tables where they are missing. CREATE on a table may be granted before there is one.
    private static func app(_ database: String) -> [RoleGrant] {
        [RoleGrant(rows + ["EXECUTE"], on: .database(database))]
            + SchemaToolkitTable.ofTheShim.map { RoleGrant(["CREATE"], on: .table(database: database, $0.rawValue)) }
    }

    private static let definitions =
        rows + [
            "CREATE", "DROP", "ALTER", "INDEX", "CREATE TEMPORARY TABLES", "CREATE VIEW",
            "CREATE ROUTINE", "ALTER ROUTINE", "EXECUTE", "TRIGGER", "EVENT",
        ]

    /// For foreign keys; MariaDB does not ask for it.
    private static func references(_ server: ServerInfo) -> [String] {
        server.flavour == .mysql ? ["REFERENCES"] : []
    }

    private static func backup(_ server: ServerInfo, _ database: String) -> [RoleGrant] {
        let lock: [String]
        switch server.flavour {
        case .mariadb: lock = ["RELOAD"]
        // For the lock of all tables, and for the position in the binary log.
        case .mysql: lock = [server.isAtLeast([8, 0, 23]) ? "FLUSH_TABLES" : "RELOAD", "REPLICATION CLIENT"]
        }
        return reading(server, database, global: lock, views: ["SHOW VIEW"]) + [
            // One operation at a time, whoever runs it. CREATE, because a grant on a table may come before the table.
            RoleGrant(["CREATE", "INSERT", "UPDATE"], on: .table(database: database, LeaseTable.tableName))
        ]
    }

    private static func restore(_ server: ServerInfo, _ database: String) -> [RoleGrant] {
        let moving = ["SELECT", "INSERT", "CREATE", "ALTER", "DROP"]
        let making =
            moving + [
                "LOCK TABLES", "CREATE VIEW", "SHOW VIEW", "CREATE ROUTINE", "ALTER ROUTINE", "TRIGGER", "EVENT",
            ] + routineTexts(server)
        let loading = moving + ["TRIGGER", "EVENT"] + references(server) + routineTexts(server)
        // Both schemas beside the database hold the journal of a restore, one after the other.
        let journal = ["UPDATE", "DELETE"]
        let definer: [String] =
            switch server.flavour {
            case .mariadb: ["SET USER"]
            case .mysql:
                server.isAtLeast([8, 2]) ? ["SET_ANY_DEFINER", "ALLOW_NONEXISTENT_DEFINER"] : ["SET_USER_ID"]
            }
        // The safety backup first; of what that needs, the rest is among the rights on the database.
        let backup = backup(server, database).compactMap { grant -> RoleGrant? in
            switch grant.scope {
            case .server: RoleGrant(grant.privileges + definer, on: .server)
            // CREATE is there already, but without it here there could be no grant before there is a table.
            case .table(database, LeaseTable.tableName): RoleGrant(["CREATE", "UPDATE"], on: grant.scope)
            case .database: nil
            default: grant
            }
        }
        return backup + [
            RoleGrant(making, on: .database(database)),
            RoleGrant(loading + journal, on: .databases(prefix: "\(database)__restore_")),
            RoleGrant(moving + journal, on: .databases(prefix: "\(database)__before_")),
        ]
    }

    /// What it takes to read the text of routines, where there is a privilege on a database for it.
    private static func routineTexts(_ server: ServerInfo) -> [String] {
        server.flavour == .mariadb && server.isAtLeast([11, 3]) ? ["SHOW CREATE ROUTINE"] : []
    }

    private static func monitor(_ server: ServerInfo, _ database: String) -> [RoleGrant] {
        let status = server.flavour == .mysql ? "REPLICATION CLIENT" : "SLAVE MONITOR"
        return reading(server, database, global: ["PROCESS", status]) + [
            RoleGrant(["SELECT"], on: .table(database: "mysql", "user"))
        ]
    }

    /// Every object of the database, with its definition.
    /// - Parameter views: what it takes to read the text of views.
    private static func reading(
        _ server: ServerInfo, _ database: String, global: [String], views: [String] = []
    ) -> [RoleGrant] {
        let reading = ["SELECT", "TRIGGER", "EVENT"] + views
        switch server.flavour {
        case .mysql:
            return [
                RoleGrant(global + ["SHOW_ROUTINE"], on: .server), RoleGrant(reading, on: .database(database)),
            ]
        case .mariadb where !routineTexts(server).isEmpty:
            return [
                RoleGrant(global, on: .server),
                RoleGrant(reading + routineTexts(server), on: .database(database)),
            ]
        case .mariadb:
            return [
                RoleGrant(global, on: .server), RoleGrant(reading, on: .database(database)),
                RoleGrant(["SELECT"], on: .table(database: "mysql", "proc")),
            ]
        }
    }
}
