import Foundation
import OpsCore
import TestSupport
import Testing

/// The runner is killed with -9 between any two of its steps, and run again until it is done: the database is then the same
/// as after a run that nobody disturbed.
@Suite struct MigrateChaosTests {
    /// Twelve files of all kinds of statements; none of their rows could be inserted twice without being seen. The numbers
    /// that AUTO_INCREMENT gave are dropped at the end: a transaction that is rolled back does not return them.
    static let files = [
        "001_tables.sql": """
        CREATE TABLE parent (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40), n INT NOT NULL DEFAULT 0) ENGINE=InnoDB;
        CREATE TABLE child (parent_id INT, note VARCHAR(80)) ENGINE=InnoDB;
        CREATE TABLE log (note VARCHAR(80)) ENGINE=InnoDB;
        """,
        "002_rows.sql": """
        INSERT INTO parent (name) VALUES ('a'), ('b');
        INSERT INTO log VALUES ('rows');
        UPDATE parent SET n = n + 1;
        """,
        "003_mixed.sql": """
        ALTER TABLE parent ADD COLUMN extra INT NULL;
        INSERT INTO parent (name, extra) VALUES ('c', 3);
        UPDATE parent SET n = n + 10;
        CREATE INDEX by_name ON parent (name);
        INSERT INTO log SELECT CONCAT('parents ', COUNT(*)) FROM parent;
        """,
        "004_procedure.sql": """
        DELIMITER //
        CREATE PROCEDURE remember(IN what VARCHAR(80))
        BEGIN
            INSERT INTO log (note) VALUES (what);
            UPDATE parent SET n = n + 100;
        END//
        DELIMITER ;
        CALL remember('first call');
        CALL remember('second call');
        """,
        "005_trigger.sql": """
        CREATE TRIGGER child_logged AFTER INSERT ON child FOR EACH ROW INSERT INTO log (note) VALUES (CONCAT('child ', NEW.note));
        INSERT INTO child VALUES (1, 'one'), (2, 'two');
        DELETE FROM child WHERE parent_id = 2;
        """,
        "006_guarded.sql": """
        SET @statement = IF((SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()
            AND TABLE_NAME = 'child' AND COLUMN_NAME = 'kind') = 0, 'ALTER TABLE child ADD COLUMN kind INT NULL', 'DO 0');
        PREPARE guarded FROM @statement;
        EXECUTE guarded;
        DEALLOCATE PREPARE guarded;
        INSERT INTO log VALUES ('guarded');
        """,
        "007_variables.sql": """
        SET @n = (SELECT COUNT(*) FROM parent), @text = 'it''s \\\\ ü';
        INSERT INTO child (parent_id, note) VALUES (@n, @text);
        SET @n = @n + 1;
        ALTER TABLE log ADD COLUMN at INT NULL;
        INSERT INTO log VALUES (CONCAT(@text, ' ', @n), @n);
        """,
        "008_transaction.sql": """
        START TRANSACTION;
        INSERT INTO log (note) VALUES ('in a transaction');
        UPDATE parent SET n = n * 2;
        COMMIT;
        INSERT INTO log (note) VALUES ('behind it');
        """,
        "009_last_id.sql": """
        INSERT INTO parent (name) VALUES ('with a child');
        SET @id = LAST_INSERT_ID();
        INSERT INTO child (parent_id, note) SELECT n, CONCAT('of ', name) FROM parent WHERE id = @id;
        SELECT COUNT(*) INTO @children FROM child;
        UPDATE parent SET extra = @children WHERE id = @id;
        """,
        "010_view_and_function.sql": """
        CREATE VIEW named AS SELECT name FROM parent;
        CREATE FUNCTION twice(x INT) RETURNS INT DETERMINISTIC RETURN 2 * x;
        UPDATE parent SET n = twice(n);
        CREATE OR REPLACE VIEW named AS SELECT name, n FROM parent;
        """,
        "011_renames.sql": """
        RENAME TABLE child TO children;
        DROP TRIGGER child_logged;
        INSERT INTO children (note) VALUES ('renamed');
        DROP INDEX by_name ON parent;
        TRUNCATE TABLE log;
        INSERT INTO log (note) VALUES ('after the truncation');
        """,
        "012_modes.sql": """
        SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
        CREATE TABLE "quoted name" ("text" VARCHAR(20)) ENGINE=InnoDB;
        INSERT INTO "quoted name" VALUES ('back\\slash');
        DROP PROCEDURE remember;
        ALTER TABLE parent DROP COLUMN id;
        """,
    ]

    @Test(.timeLimit(.minutes(20)), arguments: TestTarget.all)
    func aRunnerKilledAtEveryStepEndsWhereAnUndisturbedOneDoes(_ target: TestTarget) async throws {
        try await TestFolder.with(files: Self.files) { folder in
            let expected = try await TestDatabase.with(on: target) { database in
                #expect(try await Migrator(database: database, directory: folder).up().totalApplied == Self.files.count)
                return try await DatabaseContent(database)
            }
            try await TestDatabase.with(on: target) { database in
                let kills = try await Self.killEverywhere(database, folder)
                #expect(kills > 100)
                let content = try await DatabaseContent(database)
                #expect(content.lines.difference(from: expected.lines).isEmpty)
            }
        }
    }

    /// Kills at the first, the second, the third … step, until one run gets further than those before; then again from
    /// there.
    /// - Returns: the number of runs that were killed.
    private static func killEverywhere(_ database: DatabaseSettings, _ folder: String) async throws -> Int {
        let watcher = try await DatabaseConnection(database)
        var (kills, step, reached) = (0, 1, [String]())
        while true {
            let tool = Tool(database: database, environment: ["SYSNDD_CTL_CRASH_POINT": String(step)])
            let outcome = try await tool.run("migrate", "--dir", folder, "--lock-timeout", "60", "--quiet")
            if outcome.exitCode == 0 { return kills }
            try #require(outcome.exitCode == nil, "run \(kills), step \(step): \(outcome.errorOutput)")
            kills += 1
            let now = try await progress(watcher)
            step = now == reached ? step + 1 : 1
            reached = now
        }
    }

    /// What the journal says is done.
    private static func progress(_ connection: DatabaseConnection) async throws -> [String] {
        do {
            return try await connection.query(
                """
                SELECT CONCAT_WS(' ', filename, ordinal, state) FROM schema_version_step WHERE state <> 'intent' ORDER BY 1
                """
            ).compactMap { $0.text(0) }
        } catch let error as DatabaseError where error.kind == .unknownTable {
            return []
        }
    }
}
