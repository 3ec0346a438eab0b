import TestSupport
import Testing

@testable import OpsCore

/// An account with the privileges of the role backup: it makes a backup, and without any one of them not the same one.
@Suite struct BackupRoleTests {
    /// What a backup came to, as far as it depends on privileges.
    private func outcome(_ settings: DatabaseSettings) async throws -> String {
        try await TestFolder.with { folder in
            do {
                let result = try await Backup(database: settings, directory: folder).create(.init(jobs: 2))
                let position = result.snapshot.position.binlogFile ?? "none"
                return "\(result.snapshot.method) \(position) \(result.tableCount) \(result.notes)"
            } catch {
                return "\(error)"
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func takingABackupNeedsEachOfItsPrivileges(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let root = try await DatabaseConnection(database)
            var settings = database
            settings.user = "t" + String(UInt32.random(in: 0 ... .max), radix: 36)
            settings.password = Secret("Password-of-a-test-1")
            let account = "'\(settings.user)'@'%'"
            let server = try await root.serverInfo()
            if try await root.query("SELECT @@log_bin").first?.bool(0) == true {
                try await root.execute("SET GLOBAL log_bin_trust_function_creators = ON")
            }
            for statement in [
                "CREATE TABLE a (i INT PRIMARY KEY)", "INSERT INTO a VALUES (1)", "CREATE VIEW v AS SELECT i FROM a",
                "CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW SET @x = 1", "CREATE PROCEDURE pr() SELECT 1",
                "CREATE EVENT ev ON SCHEDULE EVERY 1 YEAR DO SELECT 1",
                "CREATE USER \(account) IDENTIFIED BY 'Password-of-a-test-1'",
            ] { try await root.execute(SQLQuery(unquoted: statement)) }
            let grants = RoleGrants(.backup, on: server, database: database.database)
            for statement in grants.statements(user: settings.user, host: "%") {
                try await root.execute(SQLQuery(unquoted: String(statement.dropLast())))
            }
            let full = try await outcome(settings)
            #expect(full.hasPrefix("readLock "), "\(full)")
            #expect(full.hasSuffix(" []"), "\(full)")
            for grant in grants.grants {
                for privilege in grant.privileges {
                    let change = "\(privilege) ON \(grant.scope.text)"
                    // The lease's table is made by the first backup, which needs the privilege for it.
                    try await root.execute("DROP TABLE IF EXISTS sysndd_ctl_lease")
                    try await root.execute(SQLQuery(unquoted: "REVOKE \(change) FROM \(account)"))
                    #expect(try await outcome(settings) != full, "\(change)")
                    try await root.execute(SQLQuery(unquoted: "GRANT \(change) TO \(account)"))
                }
            }
            try await root.execute(SQLQuery(unquoted: "DROP USER \(account)"))
        }
    }

    /// A replica takes no writes of others, so there is no lease either: with the account of the role, whom it binds.
    @Test func aReplicaIsBackedUpWithoutTheLease() async throws {
        try await BackupScope.withOwnServer { scope, _ in
            try await scope.execute("CREATE TABLE a (i INT PRIMARY KEY)", "INSERT INTO a VALUES (1)")
            let account = try await BackupAccount.make(scope)
            let server = try await DatabaseConnection(scope.database).serverInfo()
            for statement in RoleGrants(.backup, on: server, database: "own").statements(
                user: account.settings.user, host: "%")
            { try await scope.execute(String(statement.dropLast())) }
            try await scope.execute("SET GLOBAL read_only = ON")
            let result = try await Backup(database: account.settings, directory: scope.folder).create(.init(jobs: 2))
            #expect(result.snapshot.method == .readLock)
            #expect(result.rows == 1)
            #expect(result.notes.count == 1)
            #expect(result.notes.first?.hasPrefix("made without the lease, relying on the lock of its folder") == true)
        }
    }
}
