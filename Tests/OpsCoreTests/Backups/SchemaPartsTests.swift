import Testing

@testable import OpsCore

@Suite struct SchemaPartsTests {
    @Test func viewsComeAfterWhatTheyUse() {
        func node(_ name: String, _ needs: [String], _ functions: [String] = []) -> ObjectOrder.Node<String> {
            ObjectOrder.Node(
                name: Array(name.utf8), value: name, needs: Set(needs.map { Array($0.utf8) }),
                mayNeed: Set(functions.map { Array($0.utf8) }))
        }
        func words(_ words: [String: [String]]) -> [[UInt8]: Set<[UInt8]>] {
            Dictionary(uniqueKeysWithValues: words.map { (Array($0.utf8), Set($1.map { Array($0.utf8) })) })
        }
        #expect(
            ObjectOrder.sorted([node("a", ["b", "t"]), node("b", ["c"]), node("c", [])], through: [:]) == [
                "c", "b", "a",
            ])
        #expect(
            ObjectOrder.sorted([node("a", [], ["f"]), node("b", [])], through: words(["f": ["g"], "g": ["b"]])) == [
                "b", "a",
            ])
        // A function that names its own view, and one whose words go round in a circle with what is sure.
        #expect(
            ObjectOrder.sorted([node("a", ["a"], ["f"]), node("b", [])], through: words(["f": ["a", "f"]])) == [
                "a", "b",
            ])
        #expect(
            ObjectOrder.sorted([node("a", ["b"]), node("b", [], ["f"])], through: words(["f": ["a"]])) == ["b", "a"])
    }

    @Test func theAutoIncrementOfTheTableIsFoundAndNoOther() {
        let text =
            "CREATE TABLE `AUTO_INCREMENT=7` (\n  `a` int AUTO_INCREMENT COMMENT 'x AUTO_INCREMENT=8'\n) ENGINE=InnoDB AUTO_INCREMENT=18446744073709551615 DEFAULT CHARSET=utf8mb4"
        #expect(SchemaCounter.value(in: Array(text.utf8)) == .max)
        let removed = String(decoding: SchemaCounter.removed(from: Array(text.utf8)), as: UTF8.self)
        #expect(removed == text.replacing(" AUTO_INCREMENT=18446744073709551615", with: ""))
        #expect(SchemaCounter.value(in: Array("CREATE TABLE `t` (`a` int COMMENT 'AUTO_INCREMENT=8')".utf8)) == nil)
    }

    @Test func foreignKeysGetTheirBackticksBack() {
        let wrong =
            "CREATE TABLE `c``2` (\n  `x``y` int,\n  CONSTRAINT `f`k` FOREIGN KEY (`x`y`, `z`) REFERENCES `p``1` (`c`d`, `e`) ON DELETE CASCADE\n)"
        let right =
            "CREATE TABLE `c``2` (\n  `x``y` int,\n  CONSTRAINT `f``k` FOREIGN KEY (`x``y`, `z`) REFERENCES `p``1` (`c``d`, `e`) ON DELETE CASCADE\n)"
        #expect(String(decoding: SchemaForeignKeyNames.repaired(Array(wrong.utf8)), as: UTF8.self) == right)
        #expect(String(decoding: SchemaForeignKeyNames.repaired(Array(right.utf8)), as: UTF8.self) == right)
    }

    @Test func privilegesOnTheWholeDatabaseAreRead() {
        func missing(_ grants: [String], _ flavour: String = "8.4.0", database: String = "my_db") -> [String] {
            SchemaPrivileges(grants: grants, account: "u@%", database: database)
                .missing(on: ServerInfo(versionText: flavour, isGalera: false))
        }
        #expect(missing(["GRANT ALL PRIVILEGES ON *.* TO `u`@`%` WITH GRANT OPTION"]) == [])
        #expect(missing(["GRANT ALL PRIVILEGES ON `my\\_db`.* TO `u`@`%`"]) == [])
        #expect(
            missing(["GRANT SELECT, TRIGGER, EVENT ON `my_d%`.* TO `u`@`%`", "GRANT SHOW_ROUTINE ON *.* TO `u`@`%`"])
                == [])
        #expect(
            missing(["GRANT SELECT, TRIGGER, EVENT, EXECUTE ON `other`.* TO `u`@`%`"]) == [
                "SELECT", "TRIGGER", "EVENT", "SHOW_ROUTINE",
            ])
        #expect(
            missing(["GRANT SELECT ON `my\\_db`.`t` TO `u`@`%`", "GRANT EVENT, TRIGGER, EXECUTE ON *.* TO `u`@`%`"])
                == ["SELECT"])
        #expect(
            missing(["GRANT SELECT, TRIGGER, EVENT ON *.* TO `u`@`%`", "REVOKE SELECT ON `my_db`.* FROM `u`@`%`"]) == [
                "SELECT"
            ])
        #expect(
            missing(["GRANT SELECT, TRIGGER, EVENT ON `my_db`.* TO `u`@`%`"], "10.11.6-MariaDB") == [
                "SELECT on mysql.proc"
            ])
        #expect(
            missing(
                ["GRANT SELECT, TRIGGER, EVENT ON `my_db`.* TO `u`@`%`", "GRANT SELECT ON `mysql`.`proc` TO `u`@`%`"],
                "10.11.6-MariaDB") == [])
        #expect(
            missing(["GRANT SELECT, TRIGGER, EVENT, SHOW CREATE ROUTINE ON `my_db`.* TO `u`@`%`"], "11.8.2-MariaDB")
                == [])
        #expect(
            missing(["GRANT SELECT, TRIGGER, EVENT, EXECUTE ON `my\\_db`.* TO `u`@`%`"], database: "myXdb") == [
                "SELECT", "TRIGGER", "EVENT", "SHOW_ROUTINE",
            ])
    }

    @Test(
        arguments: [
            ("bigint", nil, TableColumnDefinition.Format.number), ("float", nil, .float), ("double", nil, .double),
            ("json", nil, .text),
            ("longtext", "utf8mb4", .text), ("enum", "latin1", .text), ("varchar", "sjis", .encodedText("sjis")),
            ("set", "greek", .encodedText("greek")),
            ("bit", nil, .binary), ("vector", nil, .binary), ("geomcollection", nil, .binary),
            ("varbinary", nil, .binary), ("timestamp", nil, .quoted),
            ("uuid", nil, .quoted),
        ] as [(String, String?, TableColumnDefinition.Format)])
    func eachTypeHasItsForm(_ type: String, _ characterSet: String?, _ format: TableColumnDefinition.Format) {
        #expect(TableColumnDefinition.Format(dataType: type, characterSet: characterSet) == format)
    }

    @Test func anUnknownTypeIsNotGuessed() {
        #expect(TableColumnDefinition.Format(dataType: "hologram", characterSet: nil) == nil)
    }

    @Test func aCommentLineStaysOneLine() {
        #expect(SchemaScript(.table, "a\nb\r\0").bytes == Array("\n-- table `a\u{FFFD}b\u{FFFD}\u{FFFD}`\n".utf8))
    }
}
