import Testing

@testable import OpsCore

@Suite struct SchemaQualifierTests {
    private func view(_ text: String, _ database: String = "xa") -> SchemaQualifier {
        SchemaQualifier(view: Array(text.utf8), database: database, characterSet: "utf8mb4")
    }

    private func names(_ names: Set<[UInt8]>) -> [String] { names.map { String(decoding: $0, as: UTF8.self) }.sorted() }

    @Test(arguments: [
        // As MariaDB shows a view that also uses another database.
        (
            "CREATE VIEW `v` AS select `xa`.`t`.`a` AS `a`,`xa`.`f`(`xa`.`t`.`a`) AS `fa`,'xa.t' AS `l` from (`xa`.`t` join `xb`.`o`)",
            "CREATE VIEW `v` AS select `t`.`a` AS `a`,`f`(`t`.`a`) AS `fa`,'xa.t' AS `l` from (`t` join `xb`.`o`)"
        ),
        // A table and a column called like the database.
        ("select `xa`.`xa`.`xa` AS `xa` from `xa`.`xa`", "select `xa`.`xa` AS `xa` from `xa`"),
        // An alias called like the database: its columns keep it, the tables lose the database.
        (
            "select `xa`.`o` AS `o` from ((select 1 AS `o`) `xa` join `xb`.`o` `oo`) where exists(select 1 from `xa`.`d1` `xa` where `xa`.`a` = 1)",
            "select `xa`.`o` AS `o` from ((select 1 AS `o`) `xa` join `xb`.`o` `oo`) where exists(select 1 from `d1` `xa` where `xa`.`a` = 1)"
        ),
        // FROM inside a function is not followed by a table.
        (
            "select extract(year from `xa`.`d`) AS `y`,trim(both 'x' from `xa`.`t`) AS `t` from `xa`.`d1` `xa`",
            "select extract(year from `xa`.`d`) AS `y`,trim(both 'x' from `xa`.`t`) AS `t` from `d1` `xa`"
        ),
        (
            "select straight_join `xa`.`c` AS `c` from (`xa`.`a` `xa` straight_join `xa`.`b`)",
            "select straight_join `xa`.`c` AS `c` from (`a` `xa` straight_join `b`)"
        ),
        ("select nextval(`xa`.`s`) AS `n`,lastval(`xa`.`s`) AS `l`", "select nextval(`s`) AS `n`,lastval(`s`) AS `l`"),
        ("select `xa`.`pkg`.`f`(1) AS `n`", "select `pkg`.`f`(1) AS `n`"),
        (
            "select '`xa`.`t`' AS `xa.t`,\"`xa`.\" AS `it``s` from `xa`.`a``b.c`",
            "select '`xa`.`t`' AS `xa.t`,\"`xa`.\" AS `it``s` from `a``b.c`"
        ),
        ("select 1 AS `xa`", "select 1 AS `xa`"),
    ])
    func theDatabaseIsTakenOutWhereItIsOne(_ before: String, _ after: String) {
        #expect(String(decoding: view(before).text, as: UTF8.self) == after)
    }

    @Test func aDatabaseWithABacktickIsFound() {
        #expect(
            String(decoding: view("select `x``a`.`f`() AS `a`", "x`a").text, as: UTF8.self) == "select `f`() AS `a`")
    }

    @Test func tablesAndFunctionsThatAreUsedAreNamed() {
        let used = view(
            "select `xa`.`f`(`t`.`from`) AS `join` from ((`t` left join `xa`.`u` `x` on(`x`.`a` = `b`.`a`)) join `other`.`w`) where `c` in (select `z` from (select 1 AS `z`) `d`)"
        )
        #expect(names(used.tables) == ["t", "u"])
        #expect(names(used.functions) == ["f"])
    }

    @Test func onlySequencesNameTheDatabaseInATable() {
        let text =
            "CREATE TABLE `t` (\n  `a` int DEFAULT nextval(`xa`.`s`) COMMENT 'nextval(`xa`.`s`)',\n  CONSTRAINT `c` FOREIGN KEY (`a`) REFERENCES `xa`.`u` (`a`)\n)"
        let expected = text.replacing("DEFAULT nextval(`xa`.`s`)", with: "DEFAULT nextval(`s`)")
        #expect(
            String(decoding: SchemaQualifier(table: Array(text.utf8), database: "xa").text, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        (
            "CREATE DEFINER=`r`@`h` trigger xa.tr before insert on xa.t for each row set @a = xa.f(1)",
            "CREATE DEFINER=`r`@`h` trigger tr before insert on t for each row set @a = xa.f(1)"
        ),
        (
            "CREATE TRIGGER IF NOT EXISTS `x``a` . `t r` /* on */ AFTER UPDATE ON `x``a`.`t` FOR EACH ROW SET @a=1",
            "CREATE TRIGGER IF NOT EXISTS `t r` /* on */ AFTER UPDATE ON `t` FOR EACH ROW SET @a=1"
        ),
        (
            "CREATE TRIGGER tr BEFORE DELETE ON t FOR EACH ROW SELECT 1 INTO @x FROM a.b",
            "CREATE TRIGGER tr BEFORE DELETE ON t FOR EACH ROW SELECT 1 INTO @x FROM a.b"
        ),
    ])
    func aTriggerLosesTheQualifiersOfItsHeader(_ before: String, _ after: String) {
        let text = SchemaQualifier.trigger(Array(before.utf8), dialect: ScriptDialect(), characterSet: "utf8mb4")
        #expect(String(decoding: text, as: UTF8.self) == after)
    }
}
