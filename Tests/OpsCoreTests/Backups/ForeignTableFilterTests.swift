import Testing

@testable import OpsCore

/// Which statements of another tool's dump are taken for one table.
@Suite struct ForeignTableFilterTests {
    private func taken(_ table: String, _ statements: [String]) throws -> [String] {
        var filter = ForeignTableFilter(table: table)
        return try statements.filter { try filter.takes(Array($0.utf8)) }
    }

    @Test(arguments: [
        "CREATE TABLE `gene` (id INT)", "CREATE TABLE IF NOT EXISTS gene (id INT)", "DROP TABLE IF EXISTS `gene`",
        "INSERT INTO `gene` VALUES (1)", "INSERT  IGNORE INTO gene(id) VALUES (1)", "REPLACE INTO `gene` VALUES (1)",
        "/*!40000 ALTER TABLE `gene` DISABLE KEYS */", "LOCK TABLES `gene` WRITE", "ALTER TABLE `gene`\n ADD KEY (id)",
        "CREATE TABLE `db`.`gene` (id INT)", "INSERT INTO db . gene VALUES (1)",
        "create or replace table gene (id int)",
        "/*!40101 SET NAMES utf8mb4 */", "SET @saved_cs_client = @@character_set_client", "START TRANSACTION", "COMMIT",
    ])
    func theTablesOwnStatementsAndTheSessionsAreTaken(_ statement: String) throws {
        #expect(try taken("gene", [statement]) == [statement])
    }

    @Test(arguments: [
        "CREATE TABLE `genes` (id INT)", "INSERT INTO `other` VALUES ('INSERT INTO gene')", "CREATE DATABASE gene",
        "USE gene", "CREATE VIEW gene AS SELECT 1", "UNLOCK TABLES", "DROP TABLE IF EXISTS `GENE`",
        "CREATE TRIGGER t AFTER INSERT ON gene FOR EACH ROW SET @a = 1", "DELETE FROM gene",
        "CREATE TABLE `ge``ne` (i INT)",
        "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ ''", "SET @@SESSION.SQL_LOG_BIN= 0",
        "INSERT INTO `gene`.`x` VALUES (1)",
    ])
    func everythingElseIsLeft(_ statement: String) throws { #expect(try taken("gene", [statement]) == []) }

    @Test func triggersAndSequencesThatAreLeftOutAreTold() throws {
        var filter = ForeignTableFilter(table: "gene")
        for statement in [
            "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON gene FOR EACH ROW SET @a = 1 */",
            "CREATE TRIGGER t2 AFTER INSERT ON gene FOR EACH ROW SET @a = 1", "CREATE SEQUENCE `s` start with 1",
            "CREATE TABLE gene (a INT COMMENT 'no trigger')", "CREATE PROCEDURE trigger_all() SELECT 1",
        ] {
            _ = try filter.takes(Array(statement.utf8))
        }
        #expect(
            filter.leftOut == [
                "the sequences of the dump, 1 of them, are not in the SQL",
                "the triggers of the dump, 2 of them, are not in the SQL",
            ])
    }

    @Test func aNameWithABacktickIsFound() throws {
        #expect(try taken("ge`ne", ["INSERT INTO `ge``ne` VALUES (1)"]).count == 1)
    }

    @Test func tablesAreUnlockedOnlyWhereTheyWereLocked() throws {
        let statements = [
            "LOCK TABLES `a` WRITE", "UNLOCK TABLES", "LOCK TABLES `b` WRITE", "UNLOCK TABLES", "UNLOCK TABLES",
        ]
        #expect(try taken("b", statements) == ["LOCK TABLES `b` WRITE", "UNLOCK TABLES"])
    }

    @Test func aTableOfTwoDatabasesIsRefused() throws {
        #expect(throws: BackupError.self) {
            try taken("gene", ["USE a", "CREATE TABLE gene (i INT)", "USE b", "CREATE TABLE gene (i INT)"])
        }
        #expect(
            try taken("gene", ["USE a", "CREATE TABLE gene (i INT)", "USE b", "CREATE TABLE x (i INT)"]).count == 1)
    }
}
