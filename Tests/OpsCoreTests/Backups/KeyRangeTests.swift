import Testing

@testable import OpsCore

@Suite struct KeyRangeTests {
    private let id = KeyRangeColumn(name: "id", kind: .integer)
    private let name = KeyRangeColumn(name: "na`me", kind: .text(characterSet: "latin1"))

    @Test func theWholeTableNeedsNoCondition() {
        #expect(KeyRange.all.condition(on: [id]) == nil)
        #expect(KeyRange.all.label == nil)
    }

    @Test func aRangeHoldsItsFirstKeyAndNotItsLast() {
        let range = KeyRange(lower: ["-5"], upper: ["18446744073709551615"])
        #expect(range.condition(on: [id]) == "(`id` >= -5) AND (`id` < 18446744073709551615)")
        #expect(range.label == "-5..18446744073709551615")
        #expect(KeyRange(lower: nil, upper: ["3"]).condition(on: [id]) == "(`id` < 3)")
    }

    @Test func severalColumnsAreComparedOneAfterAnother() {
        let range = KeyRange(lower: ["1", "_latin1 X'E9'"], upper: nil)
        #expect(
            range.condition(on: [id, name])
                == "(`id` > 1 OR (`id` = 1 AND (`na``me` >= _latin1 X'E9')))")
        let upper = KeyRange(lower: nil, upper: ["1", "_latin1 X'E9'"])
        #expect(
            upper.condition(on: [id, name]) == "(`id` < 1 OR (`id` = 1 AND (`na``me` < _latin1 X'E9')))")
    }

    @Test(arguments: [
        ("enum", "enum('a','b')", "utf8mb4", false), ("float", "float", nil, false), ("bit", "bit(3)", nil, false),
        ("bigint", "bigint(20) unsigned", nil, true), ("varchar", "varchar(9)", "utf8mb3", true),
        ("varbinary", "varbinary(9)", nil, true), ("decimal", "decimal(9,2)", nil, true), ("uuid", "uuid", nil, true),
    ])
    func aKeyServesAsFarAsItsColumnsCompareInTheirOrder(type: String, full: String, set: String?, serves: Bool) throws {
        let format = try #require(TableColumnDefinition.Format(dataType: type, characterSet: set))
        let column = TableColumnDefinition(
            name: "k", dataType: type, columnType: full, characterSet: set, isNullable: false, isGenerated: false,
            isInvisible: false, format: format)
        let whole = TableColumnDefinition(
            name: "id", dataType: "int", columnType: "int(11)", characterSet: nil, isNullable: false,
            isGenerated: false, isInvisible: false, format: .number)
        #expect((KeyRangeKey(TableKeyDefinition(name: "PRIMARY", columns: [column])) != nil) == serves)
        let both = KeyRangeKey(TableKeyDefinition(name: "PRIMARY", columns: [whole, column]))
        #expect(both?.columns.map(\.name) == (serves ? ["id", "k"] : ["id"]))
    }
}
