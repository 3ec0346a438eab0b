import Foundation
import Logging
import TestSupport
import Testing

@testable import OpsCore

/// Accounts made from the statements of each role: each does its work, and without any one privilege it does not.
@Suite struct RoleTests {
    /// An account with the privileges of a role on a database of its own.
    private struct Account {
        let root: DatabaseConnection
        let settings: DatabaseSettings
        let grants: RoleGrants
        var quoted: String { "'\(settings.user)'@'%'" }

        /// Takes each privilege away in turn, and gives it back.
        func withoutEach(_ body: (String) async throws -> Void) async throws {
            for grant in grants.grants {
                for privilege in grant.privileges {
                    let change = "\(privilege) ON \(grant.scope.text)"
                    try await root.execute(SQLQuery(unquoted: "REVOKE \(change) FROM \(quoted)"))
                    try await body(change)
                    try await root.execute(SQLQuery(unquoted: "GRANT \(change) TO \(quoted)"))
                }
            }
        }
    }

    private func with(
        _ role: DatabaseRole, on target: TestTarget, _ body: (Account) async throws -> Void
    ) async throws {
        try await TestDatabase.with(on: target) { database in
            let root = try await DatabaseConnection(database, selectingDatabase: false)
            var settings = database
            settings.user = "t" + String(UInt32.random(in: 0 ... .max), radix: 36)
            settings.password = Secret("Password-of-a-test-1")
            let grants = RoleGrants(role, on: try await root.serverInfo(), database: database.database)
            let account = Account(root: root, settings: settings, grants: grants)
            // On MySQL, whose log is on, functions and triggers need it, whatever the privileges.
            if try await root.query("SELECT @@log_bin").first?.bool(0) == true {
                try await root.execute("SET GLOBAL log_bin_trust_function_creators = ON")
            }
            try await root.execute(
                SQLQuery(unquoted: "CREATE USER \(account.quoted) IDENTIFIED BY 'Password-of-a-test-1'"))
            do {
                for statement in grants.statements(user: settings.user, host: "%") {
                    try await root.execute(SQLQuery(unquoted: String(statement.dropLast())))
                }
                let comparison = try await GrantComparison.asking(settings, roles: [role])
                #expect(comparison.isEqual, "\(comparison)")
                try await body(account)
            } catch {
                _ = try? await root.execute(SQLQuery(unquoted: "DROP USER \(account.quoted)"))
                throw error
            }
            try await root.execute(SQLQuery(unquoted: "DROP USER \(account.quoted)"))
        }
    }

    @Test(arguments: TestTarget.all)
    func anApplicationNeedsEachOfItsPrivileges(_ target: TestTarget) async throws {
        try await with(.app, on: target) { account in
            let name = SQLQuery.identifier(account.settings.database)
            for statement in [
                "CREATE TABLE \(name).a (i INT PRIMARY KEY, t INT)",
                "CREATE FUNCTION \(name).twice(n INT) RETURNS INT DETERMINISTIC NO SQL RETURN 2 * n",
            ] { try await account.root.execute(SQLQuery(unquoted: statement)) }
            func work() async throws {
                let session = try await DatabaseConnection(account.settings)
                try await session.execute("INSERT INTO a VALUES (1, 2)")
                try await session.execute("UPDATE a SET t = 3 WHERE i = 1")
                #expect(try await session.query("SELECT twice(t) FROM a").first?.int(0) == 6)
                try await session.execute("DELETE FROM a")
                try await useOwnTables(account.settings, session)
            }
            try await work()
            try await account.root.execute(SQLQuery(unquoted: "DROP TABLE \(Self.ownTables(name))"))
            try await account.withoutEach { change in
                await #expect(throws: (any Error).self, "\(change)") { try await work() }
                for statement in ["DELETE FROM \(name).a", "DROP TABLE IF EXISTS \(Self.ownTables(name))"] {
                    try await account.root.execute(SQLQuery(unquoted: statement))
                }
            }
        }
    }

    private static func ownTables(_ database: String) -> String {
        SchemaToolkitTable.ofTheShim.map { "\(database).\($0.rawValue)" }.joined(separator: ", ")
    }

    /// What the shim keeps in the database: mails that wait, the trail of what was done, jobs and the lease.
    private func useOwnTables(_ settings: DatabaseSettings, _ session: DatabaseConnection) async throws {
        try await session.run { try OutboxTable().prepare($0) }
        let pool = DatabasePool(settings, PoolSettings())
        try await AuditLog(pool: pool, database: settings.database).write(
            AuditRecord(
                account: "ada", role: "Viewer", action: "GET /", subject: "", address: "::1", status: 200,
                requestID: "1"))
        let runner = JobRunner(database: settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let id = try await runner.submit(.backupVerify, by: "ada") { _ in true }
        try await eventually {
            try await session.run { try JobStore(database: settings.database).job(id, $0) }?.status == .completed
        }
        await pool.close()
    }

    /// Others are not named to it, and it is told which right that takes; an administrator sees who locked the table.
    @Test(arguments: TestTarget.all)
    func whoHoldsALockIsToldAsFarAsTheAccountMaySee(_ target: TestTarget) async throws {
        let text = "-- sysndd: lock-wait-timeout 1\nALTER TABLE a ADD COLUMN j INT;"
        try await with(.migrate, on: target) { account in
            let blocker = try await DatabaseConnection(account.root.settings)
            try await blocker.execute("CREATE TABLE a (i INT)")
            try await blocker.execute("LOCK TABLES a READ")
            try await TestFolder.with(files: ["001_a.sql": text]) { folder in
                func message(_ settings: DatabaseSettings) async throws -> String {
                    let error = await #expect(throws: MigrationRunError.self) {
                        try await Migrator(database: settings, directory: folder).up(
                            MigrationOptions(lockWaitBudget: .seconds(1)))
                    }
                    #expect(error?.exitStatus == .busy)
                    return error?.message ?? ""
                }
                let blind = try await message(account.settings)
                #expect(blind.contains("because the account lacks PROCESS"), "\(blind)")
                let told = try await message(account.root.settings)
                #expect(
                    told.contains("session \(blocker.connectionID) of \(account.root.settings.user) from "), "\(told)")
            }
        }
    }

    private static let migrations = [
        "001_tables.sql": """
        CREATE TABLE p (id INT PRIMARY KEY, t INT);
        CREATE INDEX i ON p (t);
        ALTER TABLE p ADD COLUMN u INT;
        CREATE TABLE c (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id));
        DROP TABLE c;
        """,
        "002_rows.sql": """
        CREATE TEMPORARY TABLE scratch (i INT);
        INSERT INTO p (id) VALUES (1);
        UPDATE p SET t = 2 WHERE id = 1;
        DELETE FROM p WHERE id = 1;
        """,
        "003_programs.sql": """
        CREATE VIEW v AS SELECT id FROM p;
        CREATE PROCEDURE made() SELECT 1;
        CREATE TRIGGER tr BEFORE INSERT ON p FOR EACH ROW SET NEW.t = 1;
        CREATE EVENT ev ON SCHEDULE EVERY 1 YEAR DO SELECT 1;
        CALL of_another(@answer);
        DROP PROCEDURE of_another;
        """,
    ]

    @Test(arguments: TestTarget.all)
    func migratingNeedsEachOfItsPrivileges(_ target: TestTarget) async throws {
        try await TestFolder.with(files: Self.migrations) { folder in
            try await with(.migrate, on: target) { account in
                let name = SQLQuery.identifier(account.settings.database)
                func begin() async throws {
                    for statement in [
                        "DROP DATABASE IF EXISTS \(name)", "CREATE DATABASE \(name) CHARACTER SET utf8mb4",
                        // Of an account without SYSTEM_USER: MySQL protects what belongs to one that has it.
                        "CREATE DEFINER = 'another'@'nowhere' PROCEDURE \(name).of_another(OUT answer INT) "
                            + "SQL SECURITY INVOKER SET answer = 42",
                    ] { try await account.root.execute(SQLQuery(unquoted: statement)) }
                }
                func work() async throws {
                    let result = try await Migrator(database: account.settings, directory: folder).up()
                    #expect(result.totalApplied == 3)
                }
                try await begin()
                try await work()
                try await account.withoutEach { change in
                    try await begin()
                    await #expect(throws: (any Error).self, "\(change)") { try await work() }
                }
            }
        }
    }

    /// What a monitoring account sees, as far as it depends on its privileges.
    private func observations(_ support: PreflightSupport) async throws -> [String] {
        let report = try await support.report(CheckSelection(only: ["DB", "MIG-106", "MIG-107", "SEC-303"]))
        // DB-033, MIG-106 and the rest of the server's life change from call to call.
        let words: Set = ["DB-041", "SEC-303"]
        return report.checks.map { check in
            "\(check.id) \(check.status == .error ? "error" : "seen") \(words.contains(check.id) ? check.observed : "")"
        }
    }

    @Test(arguments: TestTarget.all)
    func watchingNeedsEachOfItsPrivileges(_ target: TestTarget) async throws {
        try await with(.monitor, on: target) { account in
            let name = SQLQuery.identifier(account.settings.database)
            for statement in [
                "CREATE TABLE \(name).a (i INT PRIMARY KEY)", "CREATE VIEW \(name).v AS SELECT i FROM \(name).a",
                "CREATE DEFINER = 'ghost'@'nowhere' TRIGGER \(name).tr BEFORE INSERT ON \(name).a FOR EACH ROW SET @x = 1",
                "CREATE DEFINER = 'ghost'@'nowhere' PROCEDURE \(name).pr() SELECT 1",
                "CREATE DEFINER = 'ghost'@'nowhere' VIEW \(name).gv AS SELECT i FROM \(name).a",
                "CREATE DEFINER = 'ghost'@'nowhere' EVENT \(name).ev ON SCHEDULE EVERY 1 YEAR DO SELECT 1",
            ] { try await account.root.execute(SQLQuery(unquoted: statement)) }
            var settings = try await target.settings()
            settings.database = account.settings.database
            var support = PreflightSupport(settings)
            support.environment["PREFLIGHT_DATABASE_URL"] = account.settings.url(includingPassword: true)
            let full = try await observations(support)
            #expect(!full.contains { $0.contains(" error ") }, "\(full)")
            for object in ["view gv", "trigger tr", "procedure pr", "event ev"] {
                #expect(full.contains { $0.contains("\(object) of ghost@nowhere") }, "\(full)")
            }
            try await account.withoutEach { change in
                let seen = try await observations(support)
                #expect(seen != full, "\(change)")
            }
        }
    }
}
