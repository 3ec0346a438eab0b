import OpsCore
import Testing

@Suite("The kind of a statement")
struct StatementKindTests {
    static let cases: [(StatementKind, [String])] = [
        (
            .ddl,
            [
                "CREATE TABLE t (a INT)", "create or replace view v as select 1", "ALTER TABLE t ADD a INT",
                "drop table t",
                "RENAME TABLE a TO b", "truncate t", "GRANT SELECT ON *.* TO a", "REVOKE ALL ON a.* FROM b",
                "OPTIMIZE TABLE t", "ANALYZE TABLE t", "analyze local table t", "FLUSH TABLES", "CHECK TABLE t",
                "SET PASSWORD FOR a = 'b'", "SET DEFAULT ROLE a", "LOAD INDEX INTO CACHE t",
                "INSTALL PLUGIN a SONAME 'b'",
                "/*!50001 CREATE VIEW v AS SELECT 1 */",
                "/*!50003 CREATE*/ /*!50020 DEFINER=`a`@`b`*/ /*!50003 TRIGGER x */",
                "/* why */ -- and\n# so\nCREATE INDEX i ON t (a)", "/*M!100100 DROP TABLE t */",
                "SET STATEMENT max_statement_time=1 FOR DROP TABLE t",
            ]
        ),
        (
            .dml,
            [
                "INSERT INTO t VALUES (1)", "update t set a=1", "DELETE FROM t", "REPLACE INTO t VALUES (1)",
                "LOAD DATA INFILE 'a' INTO TABLE t", "WITH c AS (SELECT 1 FROM (SELECT 2) x) UPDATE t SET a = 1",
                "with a as (select 1), b as (select 2) delete from t", "ANALYZE FORMAT=JSON UPDATE t SET a=1",
            ]
        ),
        (
            .session,
            [
                "SET @a = 1", "SET @`global` = 1", "SET NAMES utf8mb4", "SET SESSION sql_mode = ''",
                "SET foreign_key_checks=0",
                "SET @@SESSION.sql_mode=''", "/*!40101 SET @OLD=@@CHARACTER_SET_CLIENT */",
                "SET @x = (SELECT GLOBAL FROM t), @y=2",
                "PREPARE s FROM @sql", "DEALLOCATE PREPARE s", "DROP PREPARE s", "USE `db`",
                "CREATE TEMPORARY TABLE t (a INT)", "CREATE OR REPLACE TEMPORARY TABLE t (a INT)",
                "DROP TEMPORARY TABLE t",
                "SELECT COUNT(*) INTO @n FROM t", "SELECT @n := 1", "SET TRANSACTION READ ONLY",
                "SET @old = @@GLOBAL.x",
            ]
        ),
        (
            .other,
            [
                "EXECUTE s", "CALL p()", "DO 1", "SELECT 1", "(SELECT 1) UNION (SELECT 2)", "BEGIN", "COMMIT",
                "ROLLBACK",
                "START TRANSACTION", "SHOW TABLES", "LOCK TABLES t WRITE", "SET GLOBAL x = 1", "SET @a=1, GLOBAL x = 1",
                "SET @@GLOBAL.x = 1", "SET @a = f(1, 2), @@persist.x = 1", "SELECT 1 INTO OUTFILE 'x'",
                "WITH c AS (SELECT 1) SELECT * FROM c", "SIGNAL SQLSTATE '45000'", "ANALYZE SELECT 1", "", "'x'",
                "-- CREATE",
                "SELECT 'INTO', @x", "/* CREATE",
            ]
        ),
    ]

    @Test("follows from its words", arguments: cases.indices)
    func kinds(_ index: Int) {
        let (kind, statements) = Self.cases[index]
        for statement in statements { #expect(StatementKind(of: Array(statement.utf8)) == kind, "\(statement)") }
    }

    @Test("tokens leave out comments and enter version comments")
    func tokens() {
        let text = Array("/*!50001 a */ -- x\n'b;\\'' @c @@d.e # y\n:= `f` /* z */ _g1".utf8)
        let found = text.withUnsafeBytes { Array(SQLTokens($0)) }
        #expect(
            found == [
                .word("A"), .quoted, .userVariable, .systemVariable("D.E"), .symbol(UInt8(ascii: ":")),
                .symbol(UInt8(ascii: "=")), .quoted, .word("_G1"),
            ])
    }
}
