import Testing

@testable import OpsCore

/// Which objects a DDL statement changes; nil where that cannot be told for sure.
@Suite struct StatementObjectsTests {
    private static let cases: [(String, [String]?)] = [
        ("CREATE TABLE a (i INT)", ["TABLE a"]),
        ("CREATE TABLE IF NOT EXISTS `d`.`a b` (i INT)", ["TABLE d.a b"]),
        ("CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`x`@`%` SQL SECURITY INVOKER VIEW v AS SELECT 1", ["VIEW v"]),
        ("CREATE DEFINER=CURRENT_USER() PROCEDURE p() SELECT 1", ["PROCEDURE p"]),
        ("CREATE UNIQUE INDEX i ON t (a)", ["TABLE t"]),
        ("DROP INDEX i ON d.t", ["TABLE d.t"]),
        ("DROP TABLE IF EXISTS a, d.b", ["TABLE a", "TABLE d.b"]),
        ("ALTER TABLE a ADD COLUMN b INT", ["TABLE a"]),
        ("ALTER TABLE a RENAME COLUMN b TO c", ["TABLE a"]),
        ("ALTER TABLE a RENAME TO b", ["TABLE a", "TABLE b"]),
        ("RENAME TABLE a TO b, c TO d", ["TABLE a", "TABLE b", "TABLE c", "TABLE d"]),
        ("/*!50001 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @x = 1 */", ["TRIGGER t"]),
        ("CREATE USER x", nil),
        ("GRANT SELECT ON a TO x", nil),
    ]

    @Test(arguments: cases)
    func theyAreFound(_ statement: String, _ expected: [String]?) {
        let found = StatementObjects.named(in: Array(statement.utf8), dialect: ScriptDialect())
        let names = found?.map { object in
            object.kind.rawValue + " " + (object.schema.map { $0 + "." } ?? "") + object.name
        }
        #expect(names == expected)
    }
}
