import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Some tables are restored and all else stays; undoing brings them back.
@Suite struct PartialRestoreTests {
    /// Three tables in a row of foreign keys, with triggers, and a view over one of them.
    private static func with(
        on target: TestTarget = .embedded, _ body: (BackupScope, BackupResult) async throws -> Void
    ) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.execute(
                "CREATE TABLE top (id INT PRIMARY KEY, v INT)",
                """
                CREATE TABLE middle (id INT PRIMARY KEY, top INT, v INT,
                    CONSTRAINT up FOREIGN KEY (top) REFERENCES top (id) ON DELETE CASCADE)
                """,
                """
                CREATE TABLE low (id INT PRIMARY KEY, middle INT,
                    CONSTRAINT low_up FOREIGN KEY (middle) REFERENCES middle (id) ON UPDATE CASCADE)
                """,
                "CREATE TABLE aside (id INT PRIMARY KEY)", "INSERT INTO aside VALUES (1)",
                "INSERT INTO top VALUES (1, 1), (2, 2)", "INSERT INTO middle VALUES (1, 1, 1), (2, 2, 2)",
                "INSERT INTO low VALUES (1, 1), (2, 2)",
                "CREATE TRIGGER old_trigger BEFORE INSERT ON middle FOR EACH ROW SET NEW.v = 7",
                "CREATE TRIGGER other BEFORE INSERT ON aside FOR EACH ROW SET NEW.id = NEW.id + 1",
                "CREATE VIEW over_middle AS SELECT id, v FROM middle",
                "CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01' DO DELETE FROM aside")
            let backup = try await scope.backup.create()
            try await scope.execute(
                "DROP TRIGGER old_trigger", "UPDATE middle SET v = 50", "INSERT INTO aside VALUES (20)",
                "CREATE TRIGGER new_trigger BEFORE INSERT ON middle FOR EACH ROW SET NEW.v = 8")
            try await body(scope, backup)
        }
    }

    private func options(_ file: String, _ tables: String...) -> Restore.Options {
        var options = Restore.Options(file: file)
        options.tables = tables
        return options
    }

    private func values(_ scope: BackupScope, _ query: SQLQuery) async throws -> [Int?] {
        try await DatabaseConnection(scope.database).query(query).map { $0.int(0) }
    }

    @Test(arguments: TestTarget.all)
    func oneTableComesBackAndAllElseStays(_ target: TestTarget) async throws {
        try await Self.with(on: target) { scope, backup in
            let before = try await RestoreState(scope)
            let result = try await scope.restore.run(options(backup.file, "middle"))
            #expect(result.tables == 1)
            #expect(result.rows == 2)
            #expect(try await values(scope, "SELECT v FROM middle ORDER BY id") == [1, 2])
            #expect(try await values(scope, "SELECT id FROM aside ORDER BY id") == [1, 21])
            #expect(try await values(scope, "SELECT v FROM over_middle ORDER BY id") == [1, 2])
            let triggers = try await DatabaseConnection(scope.database).query("SHOW TRIGGERS").map { $0.text(0) ?? "" }
            #expect(triggers.sorted() == ["old_trigger", "other"])
            try await expectKeys(scope)
            #expect(try await scope.restore.undo().keptIn != nil)
            #expect(try await values(scope, "SELECT v FROM middle ORDER BY id") == [50, 50])
            _ = try await scope.restore.discard()
            #expect(try await scope.scratchSchemas() == [])
            #expect(try await RestoreState(scope).fingerprint == before.fingerprint)
        }
    }

    /// Foreign keys point to what is in the database now, on both sides, and what was taken out holds nothing back.
    private func expectKeys(_ scope: BackupScope) async throws {
        await #expect(throws: DatabaseError.self) { try await scope.execute("INSERT INTO middle VALUES (9, 99, 1)") }
        await #expect(throws: DatabaseError.self) { try await scope.execute("INSERT INTO low VALUES (9, 99)") }
        let root = try await DatabaseConnection(scope.database)
        let strange = try await root.query(
            """
            SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS
            WHERE (CONSTRAINT_SCHEMA LIKE CONCAT(DATABASE(), '%') OR UNIQUE_CONSTRAINT_SCHEMA LIKE CONCAT(DATABASE(), '%'))
                AND CONSTRAINT_SCHEMA <> UNIQUE_CONSTRAINT_SCHEMA
            """)
        #expect(strange.isEmpty)
        try await scope.execute("UPDATE middle SET id = 30 WHERE id = 2")
        #expect(try await values(scope, "SELECT middle FROM low ORDER BY id") == [1, 30])
        try await scope.execute(
            "UPDATE middle SET id = 2 WHERE id = 30", "DELETE FROM low WHERE id = 1", "DELETE FROM top WHERE id = 1")
        #expect(try await values(scope, "SELECT id FROM middle") == [2])
        try await scope.execute(
            "INSERT INTO top VALUES (1, 1)", "SET SESSION foreign_key_checks = 0", "INSERT INTO low VALUES (1, 1)")
    }

    @Test func aDroppedTableComesBack() async throws {
        try await Self.with { scope, backup in
            try await scope.execute("DROP TABLE low")
            let before = try await RestoreState(scope)
            _ = try await scope.restore.run(options(backup.file, "low"))
            #expect(try await values(scope, "SELECT id FROM low ORDER BY id") == [1, 2])
            await #expect(throws: DatabaseError.self) { try await scope.execute("INSERT INTO low VALUES (9, 99)") }
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == before)
        }
    }

    @Test(arguments: TestTarget.all)
    func rowsThatWouldPointToNothingEndIt(_ target: TestTarget) async throws {
        try await Self.with(on: target) { scope, backup in
            try await scope.execute("INSERT INTO middle VALUES (3, 2, 1)", "INSERT INTO low VALUES (3, 3)")
            let state = try await RestoreState(scope)
            let error = await #expect(throws: RestoreError.self) {
                try await scope.restore.run(options(backup.file, "middle"))
            }
            #expect(error?.code == "RESTORE_ORPHANS")
            #expect(error?.message.contains("rows of low lack their middle (low_up, 1 rows)") == true, "\(error!)")
            #expect(error?.hint?.contains("--table low") == true)
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.scratchSchemas() == [])

            try await scope.execute("DELETE FROM low", "DELETE FROM middle", "DELETE FROM top")
            let second = await #expect(throws: RestoreError.self) {
                try await scope.restore.run(options(backup.file, "middle", "low"))
            }
            #expect(second?.message.contains("restored rows of middle lack their top (up, 2 rows)") == true)
            _ = try await scope.restore.run(options(backup.file, "middle", "low", "top"))
            #expect(try await values(scope, "SELECT id FROM low ORDER BY id") == [1, 2])
            await #expect(throws: DatabaseError.self) { try await scope.execute("INSERT INTO low VALUES (9, 99)") }
        }
    }

    @Test func tablesOfAForeignDumpAreRestoredAlone() async throws {
        try await Self.with { scope, _ in
            let path = try scope.write(
                try await scope.serverDump([]).replacing("(1,1,50)", with: "(1,1,77)"), as: "all.sql")
            let before = try await RestoreState(scope)
            let result = try await scope.restore.run(options(path, "middle"))
            #expect(result.tables == 1)
            #expect(try await values(scope, "SELECT v FROM middle ORDER BY id") == [77, 50])
            try await expectKeys(scope)
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope).fingerprint == before.fingerprint)
            #expect(try await values(scope, "SELECT v FROM middle ORDER BY id") == [50, 50])
        }
    }

    /// MariaDB's sequences are not part of a table; a restored one draws from those of the database.
    @Test func aTableWithASequenceDrawsFromTheDatabasesOwn() async throws {
        try await BackupScope.with { scope in
            try await scope.execute(
                "CREATE SEQUENCE s", "CREATE TABLE a (id INT DEFAULT NEXTVAL(s) PRIMARY KEY, v INT)",
                "INSERT INTO a (v) VALUES (1), (2)")
            let backup = try await scope.backup.create()
            try await scope.execute("SELECT SETVAL(s, 5000)", "DELETE FROM a")
            _ = try await scope.restore.run(options(backup.file, "a"))
            try await scope.execute("INSERT INTO a (v) VALUES (3)")
            let restored = try await values(scope, "SELECT id FROM a ORDER BY id")
            #expect(restored == [1, 2, 5001])
            _ = try await scope.restore.undo()
            try await scope.execute("INSERT INTO a (v) VALUES (4)")
            let undone = try await values(scope, "SELECT id FROM a ORDER BY id")
            #expect(undone == [5002])
        }
    }

    @Test func whatTheBackupLacksIsToldBeforeAnythingIsTouched() async throws {
        try await Self.with { scope, backup in
            let tool = Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder])
            let outcome = try await tool.run(
                "restore", backup.file, "--table", "middle", "--table", "nowhere", "--confirm", "RESTORE")
            #expect(outcome.exitCode == ExitStatus.badInput.rawValue)
            #expect(outcome.errorOutput.contains("holds no table nowhere"))
            #expect(!scope.files.contains { $0.hasPrefix("pre-restore_") })
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// Killed on the way into the exchange, the foreign keys that were dropped for it are made again. The name of one table
    /// begins with that of the other, dot and all.
    @Test(arguments: ["resume", "undo"])
    func killedBeforeTheExchangeNothingIsMissing(_ next: String) async throws {
        try await Self.with { scope, _ in
            try await scope.execute(
                """
                CREATE TABLE `middle.low` (id INT PRIMARY KEY, middle INT,
                    CONSTRAINT `a.b` FOREIGN KEY (middle) REFERENCES middle (id) ON DELETE CASCADE)
                """,
                "INSERT INTO `middle.low` VALUES (1, 1)",
                "ALTER TABLE middle ADD CONSTRAINT `low.a.b` FOREIGN KEY (top) REFERENCES top (id) ON DELETE CASCADE")
            let backup = try await scope.backup.create()
            let before = try await RestoreState(scope)
            let reader = try await DatabaseConnection(scope.database)
            try await reader.run("BEGIN", "SELECT * FROM middle")
            // The tables that stay have lost their keys by the time that the one that goes is waited for.
            let outcome = try await scope.tool().run(
                ["restore", backup.file, "--table", "middle", "--confirm", "RESTORE"],
                meanwhile: { process in
                    try await eventually(within: .seconds(60)) { try await scope.waitsForLock() }
                    kill(process, SIGKILL)
                })
            #expect(outcome.exitCode == nil, "\(outcome.errorOutput)")
            #expect(try await RestoreState(scope).fingerprint != before.fingerprint)
            try await reader.run("ROLLBACK")
            let second = try await scope.patiently(
                ["restore", next] + (next == "undo" ? ["--confirm", "UNDO"] : []))
            #expect(second.exitCode == 0, "\(second.errorOutput)")
            #expect(try await RestoreState(scope) == before)
            try await expectKeys(scope)
            #expect(try await scope.restore.status().restores.map(\.state) == (next == "undo" ? [] : ["done"]))
        }
    }
}
