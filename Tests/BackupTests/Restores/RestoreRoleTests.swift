import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// An account with the privileges of the role restore: it restores, undoes and discards, and without any one of them not
/// as well.
@Suite struct RestoreRoleTests {
    /// Objects of every kind, none of them the account's own: MySQL protects what belongs to one that has SYSTEM_USER.
    private static let content = [
        "CREATE TABLE parent (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(20), KEY (v))",
        "CREATE TABLE child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parent (id))",
        "INSERT INTO parent VALUES (1, 'one'), (2, 'two')", "INSERT INTO child VALUES (1, 1), (2, 2)",
        "CREATE DEFINER = 'ghost'@'nowhere' FUNCTION f() RETURNS INT DETERMINISTIC NO SQL RETURN 1",
        "CREATE DEFINER = 'ghost'@'nowhere' VIEW v AS SELECT id FROM parent",
        "CREATE DEFINER = 'ghost'@'nowhere' TRIGGER t BEFORE INSERT ON child FOR EACH ROW SET NEW.id = NEW.id + 0",
        "CREATE DEFINER = 'ghost'@'nowhere' EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01' DO DELETE FROM child",
    ]
    private static let change = [
        "DELETE FROM child", "ALTER TABLE parent ADD COLUMN n INT", "CREATE TABLE added (id INT PRIMARY KEY)",
        "CREATE DEFINER = 'ghost'@'nowhere' TRIGGER u BEFORE INSERT ON added FOR EACH ROW SET NEW.id = NEW.id + 0",
    ]

    /// A database that differs from its only backup, and nothing beside it.
    private func begin(_ scope: BackupScope) async throws -> (atBackup: RestoreState, now: RestoreState) {
        let root = try await DatabaseConnection(scope.database, selectingDatabase: false)
        for schema in try await scope.scratchSchemas() { try await root.execute("DROP DATABASE \(identifier: schema)") }
        try await root.execute("DROP DATABASE \(identifier: scope.database.database)")
        try await root.execute("CREATE DATABASE \(identifier: scope.database.database) CHARACTER SET utf8mb4")
        try? FileManager.default.removeItem(atPath: scope.folder)
        for statement in Self.content { try await scope.execute(statement) }
        _ = try await scope.backup.create()
        let atBackup = try await RestoreState(scope)
        for statement in Self.change { try await scope.execute(statement) }
        return (atBackup, try await RestoreState(scope))
    }

    /// What the account came to, as far as it depends on privileges.
    private func outcome(_ scope: BackupScope, _ account: DatabaseSettings) async throws -> String {
        let states = try await begin(scope)
        let steps = await stepsOfLargeDatabases(scope, account)
        let restore = Restore(database: account, directory: scope.folder)
        do {
            let result = try await restore.run(.init(file: nil))
            let isRestored = try await RestoreState(scope) == states.atBackup
            let safety = try ArchiveReader(path: try #require(result.safetyBackup)).summary.source.snapshot
            let status = try await restore.status().restores.map(\.state)
            let undone = try await restore.undo()
            let isBack = try await RestoreState(scope) == states.now
            _ = try await restore.discard()
            let position = safety.position == nil ? "no position" : "position"
            return "\(isRestored) \(isBack) \(result.tables) \(result.rows) \(safety.method) \(position) \(status) "
                + "\(undone.notes) \(result.notes.count) \(try await scope.scratchSchemas()) \(steps)"
        } catch {
            return "\(error) \(steps)"
        }
    }

    /// What only a database of some size, or one in use, shows: the safety backup over several connections, and the lock
    /// that keeps others out while triggers are dropped.
    private func stepsOfLargeDatabases(_ scope: BackupScope, _ account: DatabaseSettings) async -> [String] {
        let safety = try? await Backup(database: account, directory: scope.folder).create(
            .init(kind: .preRestore, jobs: 2))
        let lock = try? await DatabaseConnection(account).execute("LOCK TABLES parent WRITE")
        return [
            safety?.snapshot.method.rawValue ?? "no backup",
            safety?.snapshot.position.binlogFile == nil ? "no position" : "position",
            lock == nil ? "not locked" : "locked",
        ]
    }

    @Test(arguments: TestTarget.all)
    func restoringNeedsEachOfItsPrivileges(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            let root = try await DatabaseConnection(scope.database, selectingDatabase: false)
            if try await root.query("SELECT @@log_bin").first?.bool(0) == true {
                try await root.execute("SET GLOBAL log_bin_trust_function_creators = ON")
            }
            let account = try await BackupAccount.make(scope)
            let grants = RoleGrants(.restore, on: try await root.serverInfo(), database: scope.database.database)
            for statement in grants.statements(user: account.settings.user, host: "%") {
                try await root.execute(SQLQuery(unquoted: String(statement.dropLast())))
            }
            let full = try await outcome(scope, account.settings)
            #expect(full.hasPrefix("true true 2 4 ") && full.contains("read-lock"), "\(full)")
            for grant in grants.grants {
                // Without CREATE no grant can name a table that is not there yet.
                let isLease = grant.scope == .table(database: scope.database.database, "sysndd_ctl_lease")
                for privilege in grant.privileges where !(isLease && privilege == "CREATE") {
                    let change = "\(privilege) ON \(grant.scope.text)"
                    try await root.execute(SQLQuery(unquoted: "REVOKE \(change) FROM \(account.quoted)"))
                    let without = try await outcome(scope, account.settings)
                    #expect(without != full, "\(change)")
                    try await root.execute(SQLQuery(unquoted: "GRANT \(change) TO \(account.quoted)"))
                }
            }
            for schema in try await scope.scratchSchemas() {
                try await root.execute("DROP DATABASE \(identifier: schema)")
            }
            try await account.drop(scope)
        }
    }
}
