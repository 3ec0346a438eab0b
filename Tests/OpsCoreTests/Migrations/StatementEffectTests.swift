import Testing

@testable import OpsCore

@Suite struct StatementEffectTests {
    @Test(arguments: [
        ("CREATE TABLE t (a INT)", StatementEffect.newObject),
        ("create unique index i on t (a)", .buildsIndex),
        ("ALTER TABLE t ADD COLUMN b INT", .metadataOnly),
        ("ALTER TABLE t MODIFY COLUMN b VARCHAR(40)", .copiesTable),
        ("ALTER TABLE t ADD INDEX i (b)", .buildsIndex),
        ("TRUNCATE t", .emptiesTable),
        ("DROP TABLE t", .removesObject),
        ("update t set a = 1", .locksRows),
    ])
    func theFirstWordsTellWhatOthersWillNotice(_ sql: String, _ effect: StatementEffect) {
        #expect(StatementEffect(of: sql) == effect)
    }

    @Test(arguments: ["EXECUTE s", "CALL p()", "SET @a = 1", "", "ALTER TABLE t COMMENT 'x'"])
    func nothingIsClaimedWhereItIsNotKnown(_ sql: String) {
        #expect(StatementEffect(of: sql) == nil)
    }
}
