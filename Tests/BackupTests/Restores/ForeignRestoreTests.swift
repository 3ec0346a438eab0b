import Foundation
import Subprocess
import TestSupport
import Testing

@testable import OpsCore

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Dumps of other tools come back through the same steps as archives: loaded beside, counted, exchanged, undone.
@Suite struct ForeignRestoreTests {
    /// phpMyAdmin leaves keys and counters to the end, and makes a table in the place of each view.
    @Test func aDumpInTheFormOfPhpMyAdminIsRestored() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE old (id INT)")
            let path = try scope.write(Self.phpMyAdmin, as: "export.sql")
            let result = try await scope.restore.run(.init(file: path))
            #expect(result.tables == 2)
            #expect(result.rows == 3)
            let connection = try await DatabaseConnection(scope.database)
            #expect(
                try await connection.query("SELECT title FROM shelf ORDER BY 1").map { $0.text(0) } == ["a", "it's; b"])
            await #expect(throws: DatabaseError.self) {
                try await scope.execute("INSERT INTO book VALUES (9, 99, 'x')")
            }
            try await scope.execute("INSERT INTO book (author, title) VALUES (1, 'next')")
            #expect(try await connection.query("SELECT MAX(id) FROM book").first?.int(0) == 8)
        }
    }

    private static let phpMyAdmin = """
        -- phpMyAdmin SQL Dump
        -- version 5.2.1
        --
        -- Host: localhost:3306

        SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";
        START TRANSACTION;
        SET time_zone = "+00:00";

        /*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
        /*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
        /*!40101 SET NAMES utf8mb4 */;

        --
        -- Database: `library`
        --
        CREATE DATABASE IF NOT EXISTS `library` DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
        USE `library`;

        CREATE TABLE `author` (
          `id` int(11) NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

        INSERT INTO `author` (`id`) VALUES
        (1);

        CREATE TABLE `book` (
          `id` int(11) NOT NULL,
          `author` int(11) NOT NULL,
          `title` varchar(50) NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

        INSERT INTO `book` (`id`, `author`, `title`) VALUES
        (6, 1, 'a'),
        (7, 1, 'it\\'s; b');

        -- --------------------------------------------------------
        -- (See below for the actual view)
        CREATE TABLE `shelf` (
        `title` varchar(50)
        );

        DROP TABLE IF EXISTS `shelf`;

        CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY INVOKER VIEW `shelf`  AS SELECT `book`.`title` AS `title` FROM `book`  ;

        ALTER TABLE `author`
          ADD PRIMARY KEY (`id`);
        ALTER TABLE `book`
          ADD PRIMARY KEY (`id`),
          ADD KEY `author` (`author`);
        ALTER TABLE `book`
          MODIFY `id` int(11) NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=8;
        ALTER TABLE `book`
          ADD CONSTRAINT `writes` FOREIGN KEY (`author`) REFERENCES `author` (`id`);
        COMMIT;

        /*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;

        """

    /// The files of mydumper one behind the other, compressed each for itself as it does it.
    @Test func theFilesOfMydumperAreRestored() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            try await scope.fillLargeTable()
            let expected = try await RestoreState(scope)
            let dump = try await scope.mydumper()
            let path = scope.parent + "/all.sql.gz"
            try dump.write(to: URL(filePath: path))
            try await scope.spoil()
            let before = try await RestoreState(scope)
            let result = try await scope.restore.run(.init(file: path))
            #expect(result.notes.contains { $0.contains("whether the dump is complete cannot be told") })
            #expect(try await RestoreState(scope) == expected)
            _ = try await scope.restore.undo()
            #expect(try await RestoreState(scope) == before)
        }
    }

    /// With the sandbox header, the database's own name, and triggers, routines and events.
    @Test func aDumpWithTheNameOfItsDatabaseGoesIntoAnother() async throws {
        try await BackupScope.with { scope in
            try await scope.fillSmall()
            let expected = try await RestoreState(scope)
            var dump = try await scope.serverDump(["--databases"])
            #expect(dump.contains("USE `\(scope.database.database)`"))
            if !dump.hasPrefix("/*M!999999") { dump = "/*M!999999\\- enable the sandbox mode */ \n" + dump }
            let path = try scope.write(dump, as: "named.sql")
            let other = scope.database.database + "_b"
            _ = try await scope.restore.run(.init(file: path, into: other))
            var database = scope.database
            database.database = other
            let copy = BackupScope(target: scope.target, database: database, folder: scope.folder)
            #expect(try await RestoreState(copy) == expected)
            #expect(try await RestoreState(scope) == expected)
            _ = try await copy.restore.discard()
            try await scope.execute("DROP DATABASE \(SQLQuery.identifier(other))")
        }
    }

    @Test func rowsThatTheServerLeavesOutAreFound() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1), (2)")
            let state = try await RestoreState(scope)
            let dump = """
                -- phpMyAdmin SQL Dump
                START TRANSACTION;
                CREATE TABLE a (id INT) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (2), PARTITION q VALUES LESS THAN (9));
                INSERT INTO a VALUES (1), (2);
                ALTER TABLE a DROP PARTITION p;
                COMMIT;
                """
            let path = try scope.write(dump, as: "hole.sql")
            let error = await #expect(throws: RestoreError.self) { try await scope.restore.run(.init(file: path)) }
            #expect(error?.code == "RESTORE_NOT_EQUAL")
            #expect(error?.message.contains("a has 1 rows instead of 2") == true)
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    @Test func definersThatAreMissingAreNamedOrReplaced() async throws {
        try await BackupScope.with { scope in
            try await scope.execute(
                "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1), (2)",
                "CREATE VIEW v AS SELECT id FROM a",
                "CREATE FUNCTION f() RETURNS INT DETERMINISTIC NO SQL RETURN 1",
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.id = NEW.id + 0")
            let dump = try await scope.serverDump([])
                .replacing(/DEFINER=`[^`]*`@`[^`]*`/, with: "DEFINER=`gone_user`@`nowhere`")
            let path = try scope.write(dump, as: "definers.sql")
            let kept = try await scope.restore.run(.init(file: path))
            let note = try #require(kept.notes.first { $0.contains("gone_user@nowhere") })
            #expect(note.contains("view v") && note.contains("trigger t") && note.contains("routine f"))
            let connection = try await DatabaseConnection(scope.database)
            let definer: SQLQuery = "SELECT DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()"
            #expect(try await connection.query(definer).first?.text(0) == "gone_user@nowhere")
            var options = Restore.Options(file: path)
            options.definer = .current
            let replaced = try await scope.restore.run(options)
            #expect(replaced.notes.contains { $0.contains("gone_user@nowhere") && $0.contains("replaced") })
            let current = try await connection.query("SELECT CURRENT_USER()").first?.text(0)
            #expect(try await connection.query(definer).first?.text(0) == current)
            #expect(try await connection.query("SELECT COUNT(*) FROM v").first?.int(0) == 2)
        }
    }

    @Test func aDumpOfMySQLWithItsOwnCollationNeedsAWord() async throws {
        try await BackupScope.with { scope in
            let dump = """
                -- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
                --
                -- Host: localhost    Database: shop
                /*!50503 SET NAMES utf8mb4 */;
                /*!50503 SET character_set_client = utf8mb4 */;
                CREATE TABLE `t` (
                  `id` int NOT NULL,
                  `v` varchar(20) COLLATE utf8mb4_0900_ai_ci DEFAULT NULL,
                  PRIMARY KEY (`id`)
                ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
                INSERT INTO `t` VALUES (1,'é');
                /*!50001 CREATE VIEW `v` AS SELECT 1 AS `id`*/;
                /*!50001 DROP VIEW IF EXISTS `v`*/;
                /*!50001 SET collation_connection      = utf8mb4_0900_ai_ci */;
                /*!50001 CREATE ALGORITHM=UNDEFINED */
                /*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */
                /*!50001 VIEW `v` AS select `t`.`id` AS `id` from `t` */;
                -- Dump completed on 2026-01-02  3:04:05

                """
            let path = try scope.write(dump, as: "mysql.sql")
            let info = try await DatabaseConnection(scope.database).serverInfo()
            try #require(!info.isAtLeast([11, 4]))
            try await scope.execute("CREATE TABLE old (id INT PRIMARY KEY)")
            let state = try await RestoreState(scope)
            let error = await #expect(throws: RestoreError.self) { try await scope.restore.run(.init(file: path)) }
            #expect(error?.message.contains("line 6: the collation utf8mb4_0900_ai_ci") == true, "\(error!)")
            #expect(error?.hint?.contains("--map-collations") == true)
            #expect(try await RestoreState(scope) == state)
            #expect(!scope.files.contains { $0.hasPrefix("pre-restore_") })
            var options = Restore.Options(file: path)
            options.mapsCollations = true
            let result = try await scope.restore.run(options)
            let uca = "utf8mb4_uca1400_nopad_ai_ci"
            #expect(result.notes.contains { $0.contains("utf8mb4_0900_ai_ci as \(uca)") })
            let connection = try await DatabaseConnection(scope.database)
            let collation = try await connection.query(
                "SELECT COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = 'v'"
            )
            #expect(collation.first?.text(0) == uca)
            #expect(try await connection.query("SELECT id FROM v").first?.int(0) == 1)
        }
    }
}

extension BackupScope {
    /// A file beside the backup folder.
    func write(_ dump: String, as name: String) throws -> String {
        let path = parent + "/" + name
        try Data(dump.utf8).write(to: URL(filePath: path))
        return path
    }

    /// What the server's own tool dumps, with everything.
    func serverDump(_ options: [String]) async throws -> String {
        try await SchemaOracle(target: target).dump(
            database, ["--ignore-table=\(database.database).sysndd_ctl_lease"] + options)
    }

    /// All files that mydumper makes of the database, in the order in which its loader takes them.
    func mydumper() async throws -> Data {
        let output = parent + "/mydumper"
        let server =
            database.socket.map { ["--socket", $0] } ?? ["--host", database.host, "--port", String(database.port)]
        let result = try await Subprocess.run(
            .name("mydumper"),
            arguments: Arguments(
                server + [
                    "--user", database.user, "--database", database.database, "--outputdir", output, "--compress",
                    "--triggers", "--routines", "--events", "--rows", "5000", "--trx-consistency-only",
                ]), environment: .inherit.updating(["MYSQL_PWD": database.password?.exposed ?? ""]),
            output: .discarded, error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else { throw SchemaOracle.Failure(description: result.standardError) }
        let names = try FileManager.default.contentsOfDirectory(atPath: output).filter { name in
            name.hasSuffix(".sql.gz") && !name.hasSuffix("-schema-create.sql.gz") && !name.contains("sysndd_ctl")
        }
        let ranks = [
            "-schema.sql.gz", ".sql.gz", "-schema-view.sql.gz", "-schema-triggers.sql.gz", "-schema-post.sql.gz",
        ]
        let rank = { (name: String) in
            ranks.lastIndex { name.hasSuffix($0) && ($0 != ".sql.gz" || !name.contains("-schema")) } ?? 0
        }
        var all = Data()
        for name in names.sorted(by: { (rank($0), $0) < (rank($1), $1) }) {
            all += try Data(contentsOf: URL(filePath: output + "/" + name))
        }
        return all
    }
}
