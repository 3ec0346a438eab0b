import Testing

@testable import OpsCore

/// Whatever a dump holds, only its own tables are touched; all else is refused.
@Suite struct ForeignGuardTests {
    /// As MariaDB 10.11 reads version comments.
    private static func executes(_ mark: [UInt8]) -> Bool {
        let digits = Int(String(decoding: mark.filter { $0 >= 48 && $0 <= 57 }, as: UTF8.self)) ?? 0
        return digits < 101_100 && !(50_700...50_999).contains(digits)
    }

    private func judge(
        _ text: String, home: String? = "shop", mapping: Bool = false, dialect: ScriptDialect = ScriptDialect(),
        characterSet: String = "utf8mb4"
    ) throws -> ForeignVerdict {
        var judge = ForeignGuard(
            target: "live", collations: ForeignCollations(isMapping: mapping),
            server: .init(
                executes: Self.executes,
                knowsCollation: { !$0.contains("0900") && !$0.contains("uca1400") }))
        if let home { judge.take([ScriptComment(text: "Host: localhost    Database: \(home)", line: 1, column: 1)]) }
        judge.dialect = dialect
        judge.characterSet = characterSet
        return try Array(text.utf8).withUnsafeBytes { try judge.judge($0) }
    }

    @Test(arguments: [
        "DROP DATABASE shop", "DROP DATABASE IF EXISTS other", "/*!40000 DROP DATABASE IF EXISTS `shop`*/", "USE other",
        "USE `other`", "CREATE DATABASE other", "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `other`",
        "GRANT ALL ON *.* TO a",
        "REVOKE ALL ON *.* FROM a", "CREATE USER a", "DROP USER a", "ALTER USER a IDENTIFIED BY 'x'",
        "SET PASSWORD = 'x'",
        "SET ROLE a", "SET DEFAULT ROLE a TO b", "LOAD DATA INFILE '/etc/passwd' INTO TABLE t",
        "LOAD DATA LOCAL INFILE 'x' INTO TABLE t", "LOAD XML INFILE 'x' INTO TABLE t", "LOAD INDEX INTO CACHE t",
        "SET GLOBAL read_only = 1", "SET @@global.read_only = 1", "SET @@GLOBAL . read_only = 1",
        "SET SESSION sql_mode = '', GLOBAL read_only = 1", "SET PERSIST max_connections = 1",
        "SET STATEMENT max_statement_time = 1 FOR DELETE FROM other.t", "FLUSH PRIVILEGES", "RESET MASTER", "SHUTDOWN",
        "KILL 5", "INSTALL PLUGIN a SONAME 'b'", "UNINSTALL PLUGIN a", "CHANGE MASTER TO MASTER_HOST='x'",
        "RENAME TABLE a TO other.a", "DELETE FROM t", "UPDATE t SET a = 1", "CALL p()", "CALL other.p()", "DO SLEEP(1)",
        "DO other.f()", "DO SETVAL(other.s, 1)", "DO SETVAL(s, other.f())", "SELECT 1",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "SELECT * FROM t INTO DUMPFILE 'x'", "PREPARE s FROM 'DROP DATABASE live'", "PREPARE s FROM @a", "EXECUTE s",
        "DEALLOCATE PREPARE s", "EXECUTE IMMEDIATE 'DROP DATABASE live'", "XA START 'a'", "HANDLER t OPEN",
        "BINLOG 'x'", "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h')", "CREATE ROLE r",
        "CREATE TABLESPACE t",
        "BEGIN NOT ATOMIC DROP DATABASE live; END", "WITH a AS (SELECT 1) DELETE FROM t", "(SELECT 1)", "TABLE t",
        "VALUES ROW(1)", "SHOW TABLES", "ALTER DATABASE other CHARACTER SET latin1", "ALTER INSTANCE RELOAD TLS",
        "ALTER SERVER s OPTIONS (HOST 'h')", "ALTER EVENT e DISABLE", "ALTER USER CURRENT_USER() ACCOUNT LOCK",
        "CREATE SPATIAL REFERENCE SYSTEM 1 NAME 'x'", "DROP SERVER s", "DROP ROLE r", "DROP PREPARE s",
        "DROP INDEX i ON t",
        "CREATE FUNCTION f RETURNS STRING SONAME 'udf.so'", "CREATE AGGREGATE FUNCTION f RETURNS INT SONAME 'udf.so'",
        "IMPORT TABLE FROM 'x'", "CLONE INSTANCE FROM u@h:1 IDENTIFIED BY 'x'", "RESTART", "LOCK INSTANCE FOR BACKUP",
        "BACKUP STAGE START", "START SLAVE", "START REPLICA", "STOP SLAVE", "HELP 'x'",
        "ANALYZE FORMAT=JSON DELETE FROM t",
    ])
    func whatIsNoPartOfADumpIsRefused(_ text: String) {
        #expect(throws: ForeignRefusal.self) { try judge(text) }
    }

    @Test(arguments: [
        "CREATE TABLE other.t (id INT)", "CREATE TABLE `other`.`t` (id INT)", "CREATE TABLE other . t (id INT)",
        "CREATE TABLE IF NOT EXISTS other.t (id INT)", "CREATE TABLE/**/other.t (id INT)",
        "CREATE TABLE t LIKE other.x",
        "CREATE TABLE t AS SELECT 1", "CREATE TABLE t (id INT) SELECT other.f()", "CREATE TEMPORARY TABLE t (id INT)",
        "CREATE OR REPLACE TABLE other.t (id INT)", "CREATE TABLE t (id INT DEFAULT NEXTVAL(other.s))",
        "CREATE TABLE other (id INT DEFAULT NEXTVAL(other.s))",
        "CREATE TABLE other (id INT DEFAULT NEXT VALUE FOR other.s)",
        "CREATE TABLE t (id INT) ENGINE=MERGE UNION=(other.a)", "CREATE TABLE 2x.t (id INT)", "CREATE SEQUENCE other.s",
        "CREATE INDEX i ON other.t (a)", "CREATE UNIQUE INDEX i USING BTREE ON other.t (a)", "TRUNCATE other.t",
        "TRUNCATE TABLE other.t", "DROP TABLE other.t", "DROP TABLE a, other.t",
        "DROP TABLE IF EXISTS a, `other` . `t`",
        "DROP VIEW other.v", "DROP PROCEDURE other.p", "DROP TRIGGER other.t", "DROP SEQUENCE other.s",
        "DROP EVENT other.e",
        "ALTER TABLE other.t ADD a INT", "ALTER TABLE t RENAME TO other.t", "ALTER TABLE t RENAME x",
        "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE other.t", "ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u",
        "ALTER TABLE t DISCARD TABLESPACE", "ALTER TABLE t IMPORT TABLESPACE", "ALTER SEQUENCE other.s RESTART",
        "ALTER TABLE IF EXISTS other.t ADD a INT", "ALTER IGNORE TABLE other.t ADD a INT",
        "ALTER ONLINE TABLE t ADD a INT",
        "CREATE VIEW other.v AS SELECT 1",
        "CREATE OR REPLACE ALGORITHM=MERGE DEFINER=a@b SQL SECURITY INVOKER VIEW other.v AS SELECT 1",
        "CREATE DEFINER=`a`@`b` PROCEDURE other.p() SELECT 1",
        "CREATE DEFINER=CURRENT_USER() FUNCTION other.f() RETURNS INT RETURN 1",
        "CREATE TRIGGER other.t BEFORE INSERT ON a FOR EACH ROW SET @a = 1",
        "CREATE TRIGGER t BEFORE INSERT ON other.a FOR EACH ROW SET @a = 1",
        "CREATE EVENT other.e ON SCHEDULE EVERY 1 DAY DO SET @a = 1",
        "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER `other`.`t` BEFORE INSERT ON a FOR EACH ROW SET @a = 1 */",
    ])
    func definitionsInOtherDatabasesAreRefused(_ text: String) {
        #expect(throws: ForeignRefusal.self) { try judge(text) }
    }

    @Test(arguments: [
        "INSERT INTO other.t VALUES (1)", "INSERT INTO `other`.`t` VALUES (1)", "INSERT other.t VALUES (1)",
        "INSERT INTO `other` . `t` (a) VALUES (1)", "REPLACE INTO other.t VALUES (1)", "INSERT INTO t SELECT 1",
        "INSERT INTO t SELECT * FROM other.t", "INSERT INTO t (a) SELECT other.f()", "INSERT INTO t SET a = other.f()",
        "INSERT INTO t VALUES (other.f())", "INSERT INTO t VALUES (1), (`other`.`f`())", "INSERT INTO t VALUES (f())",
        "INSERT INTO t VALUES (`f` ())", "INSERT INTO t VALUES ((SELECT 1))", "INSERT INTO t VALUES ((select 1))",
        "INSERT INTO t VALUES (SLEEP(9))", "INSERT INTO t VALUES (LOAD_FILE('/etc/passwd'))",
        "INSERT INTO t VALUES (NEXTVAL(other.s))", "INSERT INTO t VALUES (NEXT VALUE FOR other.s)",
        "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = other.f()",
        "INSERT INTO t VALUES (1) RETURNING other.f()",
        "INSERT INTO t TABLE other", "INSERT INTO t WITH a AS (SELECT 1) SELECT * FROM a",
        "INSERT /*!999999 INTO t */ INTO other.t VALUES (1)", "INSERT /* INTO t */ INTO other.t VALUES (1)",
        "INSERT /*!50700 INTO t -- */ INTO other.t VALUES (1)", "INSERT INTO t VALUES (1, /*!50003 other.f() */)",
        "INSERT INTO t VALUES ('a', -- '\nother.f())", "INSERT INTO t VALUES ('a', # '\nother.f())",
        "INSERT INTO t VALUES ('\\\\', other.f(), '')", "INSERT INTO t VALUES ('''', other.f(), '')",
        "INSERT INTO t VALUES (1); DROP TABLE other.t", "INSERT INTO t VALUES ($$ ' $$, other.f(), ' ')",
        "INSERT INTO t VALUES (1e5.f())", "INSERT INTO t VALUES (1x.f())", "INSERT INTO t VALUES (1 .f())",
        "INSERT INTO t VALUES (1) INTO OUTFILE 'x'", "/*!50003 INSERT INTO other.t VALUES (1) */",
        "INSERT INTO sysndd_ctl_lease.t VALUES (1)", "INSERT DELAYED IGNORE INTO other.t VALUES (1)",
        "INSERT INTO t PARTITION (p) SELECT 1",
    ])
    func rowsAreOnlyTakenWhereTheyAreWrittenOut(_ text: String) {
        #expect(throws: ForeignRefusal.self) { try judge(text) }
    }

    /// A string that ends elsewhere for the server than for its reader would hide what stands behind it.
    @Test func stringsEndWhereTheSessionEndsThem() throws {
        let text = "INSERT INTO t VALUES ('\\', other.f(), ')"
        #expect(try judge(text) == .rows(rows(1), text: nil))
        #expect(throws: ForeignRefusal.self) { try judge(text, dialect: ScriptDialect(noBackslashEscapes: true)) }
        #expect(throws: ForeignRefusal.self) {
            try judge("INSERT INTO t VALUES (\"other\".f())", dialect: ScriptDialect(ansiQuotes: true))
        }
        for wide in ["gbk", "big5", "sjis", "cp932", "gb18030"] {
            #expect(throws: ForeignRefusal.self) { try judge("INSERT INTO t VALUES (1)", characterSet: wide) }
            #expect(throws: ForeignRefusal.self) { try judge("CREATE TABLE t (id INT)", characterSet: wide) }
        }
    }

    @Test func theRestoresOwnTablesAreNotForADump() {
        for text in [
            "INSERT INTO sysndd_ctl_restore VALUES (1)", "DROP TABLE IF EXISTS `sysndd_ctl_restore`",
            "CREATE TABLE sysndd_ctl_restore_object (id INT)", "TRUNCATE sysndd_ctl_restore",
        ] {
            #expect(throws: RestoreError.self) { try judge(text) }
        }
    }

    private func rows(_ count: Int, isExact: Bool = true) -> ForeignRows {
        ForeignRows(schema: nil, table: "t", qualifier: nil, count: count, isExact: isExact)
    }

    @Test(arguments: [
        ("INSERT INTO `t` VALUES (1,'a'),(2,'b;)'),\n(-3,NULL)", 3, true),
        ("INSERT INTO t (`a`,`b`) VALUES (1,2)", 1, true),
        ("INSERT INTO t VALUES (1.5,.5,-1.7e-308,1e10,0x41,X'00',b'1',_binary 'a\\'',_utf8mb4'x')", 1, true),
        ("INSERT INTO t VALUES (ST_GeomFromText('POINT(1 2)'),NOW(),DEFAULT,TRUE)", 1, true),
        ("REPLACE INTO t VALUES (1),(2)", 2, false), ("INSERT IGNORE INTO t VALUES (1)", 1, false),
        ("INSERT INTO t VALUES (1),(2) ON DUPLICATE KEY UPDATE `a` = VALUES(`a`)", 2, false),
        ("insert into t values (1)", 1, true), ("INSERT INTO t VALUES ('-- # /* '),('*/')", 2, true),
    ])
    func rowsAreCounted(_ text: String, _ count: Int, _ isExact: Bool) throws {
        #expect(try judge(text) == .rows(rows(count, isExact: isExact), text: nil))
    }

    @Test func theNameOfTheDumpsOwnDatabaseIsTakenOut() throws {
        #expect(
            try judge("CREATE TABLE `shop`.`t` (id INT DEFAULT NEXTVAL(`shop`.`s`), r INT REFERENCES shop.u (id))")
                == .definition(
                    Array("CREATE TABLE `t` (id INT DEFAULT NEXTVAL(`s`), r INT REFERENCES u (id))".utf8),
                    .createsTable("t")))
        let insert = try judge("INSERT INTO `shop`.`t` VALUES (1)")
        guard case .rows(let found, let text?) = insert else {
            Issue.record("\(insert)")
            return
        }
        #expect(found.table == "t")
        #expect(String(decoding: text, as: UTF8.self) == "INSERT INTO `t` VALUES (1)")
        #expect(try judge("USE `shop`") == .pass())
        #expect(
            try judge("CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop` /*!40100 DEFAULT CHARACTER SET utf8mb4 */")
                == .pass())
        #expect(try judge("USE live", home: nil) == .pass())
        #expect(throws: ForeignRefusal.self) { try judge("USE shop", home: nil) }
        #expect(
            try judge("ALTER DATABASE `shop` CHARACTER SET latin1 COLLATE latin1_swedish_ci")
                == .collation(Array("CHARACTER SET latin1 COLLATE latin1_swedish_ci".utf8)))
    }

    /// What is judged is what is sent: version comments are settled before.
    @Test func versionCommentsAreSettled() throws {
        #expect(
            try judge("/*!40000 ALTER TABLE `t` DISABLE KEYS */")
                == .definition(Array("  ALTER TABLE `t` DISABLE KEYS".utf8), .changes("t")))
        #expect(
            try judge("CREATE TABLE t (id INT /*!999999 , other.x */ /* c */) /*!50100 TABLESPACE x */")
                == .definition(Array("CREATE TABLE t (id INT    )   TABLESPACE x".utf8), .createsTable("t")))
        let text =
            "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER `t` BEFORE INSERT ON `c` FOR EACH ROW\nBEGIN /* x */ SET @a = 1; -- y\nEND */"
        guard case .object(let key, let bytes) = try judge(text) else {
            Issue.record("no object")
            return
        }
        #expect(key == .init(type: "trigger", name: "t"))
        #expect(key.table == "c")
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ").joined(separator: " ")
        #expect(
            words
                == "CREATE DEFINER=`a`@`%` TRIGGER `t` BEFORE INSERT ON `c` FOR EACH ROW\nBEGIN /* x */ SET @a = 1; -- y\nEND"
        )
    }

    @Test func settingsOfTheSessionAreMade() throws {
        for text in [
            "SET NAMES utf8mb4", "SET @saved_cs_client = @@character_set_client", "SET character_set_client = utf8mb4",
            "/*!40103 SET TIME_ZONE='+00:00' */", "SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO'",
            "SET @@session.time_zone = '+00:00'", "SET SESSION foreign_key_checks = 0",
            "SET @a = IF(@b IS NULL, 1, 2.5)",
        ] {
            guard case .session = try judge(text) else {
                Issue.record("\(text) is not a setting")
                continue
            }
        }
        for text in ["SET @@SESSION.SQL_LOG_BIN= 0", "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-5'"] {
            guard case .pass(_?) = try judge(text) else {
                Issue.record("\(text) is run")
                continue
            }
        }
        for text in [
            "SET @a = other.f()", "SET @a = (SELECT 1)", "SET @a = f()", "SET @a = `CONCAT`('a')",
            "SET sql_log_bin = 0, @a = 1",
        ] {
            #expect(throws: ForeignRefusal.self) { try judge(text) }
        }
    }

    @Test(arguments: [
        "LOCK TABLES `t` WRITE", "UNLOCK TABLES", "START TRANSACTION", "COMMIT", "SET AUTOCOMMIT=0",
        "/*!50717 SELECT COUNT(*) INTO @rocksdb_has_p_s FROM INFORMATION_SCHEMA.TABLES */",
    ])
    func whatARestoreDoesByItselfIsPassedOver(_ text: String) throws {
        #expect(try judge(text) == .pass())
    }

    /// Percona's mysqldump asks about RocksDB; no other prepared statement is passed over, and none is ever run.
    @Test func preparedStatementsAboutRocksDBAreNotRun() throws {
        var judge = ForeignGuard(
            target: "live", collations: ForeignCollations(isMapping: false),
            server: .init(executes: Self.executes, knowsCollation: { _ in true }))
        for text in ["PREPARE s FROM @rocksdb_enable_bulk_load", "EXECUTE s", "DEALLOCATE PREPARE s"] {
            #expect(try Array(text.utf8).withUnsafeBytes { try judge.judge($0) } == .pass())
        }
        #expect(throws: ForeignRefusal.self) {
            try Array("EXECUTE other".utf8).withUnsafeBytes { try judge.judge($0) }
        }
    }

    @Test func collationsThatTheServerLacksAreMappedOnlyWhenAllowed() throws {
        let text =
            "CREATE TABLE t (a TEXT COLLATE utf8mb4_0900_ai_ci) COLLATE=utf8mb4_de_pb_0900_as_cs COMMENT 'utf8mb4_0900_ai_ci'"
        let error = #expect(throws: ForeignRefusal.self) { try judge(text) }
        #expect(error?.what.contains("utf8mb4_0900_ai_ci") == true)
        #expect(error?.hint?.contains("--map-collations") == true)
        #expect(
            try judge(text, mapping: true)
                == .definition(
                    Array(
                        "CREATE TABLE t (a TEXT COLLATE utf8mb4_unicode_520_nopad_ci) COLLATE=utf8mb4_nopad_bin COMMENT 'utf8mb4_0900_ai_ci'"
                            .utf8), .createsTable("t")))
        #expect(
            try judge("SET collation_connection = 'utf8mb4_0900_ai_ci'", mapping: true)
                == .session(Array("SET collation_connection = 'utf8mb4_unicode_520_nopad_ci'".utf8)))
        #expect(
            ForeignCollations.candidates(for: "utf8mb4_sv_0900_ai_ci").prefix(3)
                == ["utf8mb4_uca1400_swedish_nopad_ai_ci", "utf8mb4_uca1400_nopad_ai_ci", "utf8mb4_swedish_nopad_ci"])
    }

    @Test func foreignKeysToOtherDatabasesStay() throws {
        let text = "CREATE TABLE t (id INT, CONSTRAINT f FOREIGN KEY (id) REFERENCES `other`.`t` (`id`))"
        #expect(try judge(text) == .definition(Array(text.utf8), .createsTable("t")))
    }
}
