import Testing

@testable import OpsCore

@Suite struct StatementAtomicityTests {
    @Test(arguments: [
        ("CREATE TABLE t (i INT)", true),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", true),
        ("CREATE OR REPLACE TABLE t (i INT)", false),
        ("CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t FOR EACH ROW DO 1", false),
        ("ALTER TABLE t ADD COLUMN j INT", true),
        ("ALTER TABLE t RENAME TO u", true),
        ("ALTER TABLE t DROP PARTITION p", false),
        ("CREATE INDEX i ON t (i)", true),
        ("DROP INDEX i ON t", true),
        ("DROP TABLE t", true),
        ("DROP TABLE t, u", false),
        ("RENAME TABLE t TO u", true),
        ("RENAME TABLE t TO u, v TO w", false),
        ("CALL p()", false),
    ])
    func aServerThatIsKilledDoesAllOfItOrNothing(_ sql: String, _ isAtomic: Bool) {
        let text = Array(sql.utf8)
        let objects = StatementObjects.named(in: text, dialect: ScriptDialect())
        #expect(StatementAtomicity.isAtomic(text, naming: objects, dialect: ScriptDialect()) == isAtomic)
    }
}
