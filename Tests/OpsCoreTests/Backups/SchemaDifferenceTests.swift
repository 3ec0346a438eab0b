import Testing

@testable import OpsCore

@Suite struct SchemaDifferenceTests {
    private func dump(_ type: String = "int", definition: String = "CREATE", createdAt: String?) -> SchemaDump {
        let column = TableColumnDefinition(
            name: "id", dataType: "int", columnType: type, characterSet: nil, isNullable: false, isGenerated: false,
            isInvisible: false, format: .number)
        let table = TableDefinition(
            name: "t", engine: "InnoDB", isTransactional: true, columns: [column], key: nil, estimatedRows: 0,
            dataLength: 0, isPartitioned: false, isSystemVersioned: false, comment: "", createdAt: createdAt)
        return SchemaDump(
            server: ServerInfo(versionText: "10.11.8-MariaDB", isGalera: false), database: "d",
            collation: "utf8mb4_bin",
            tables: [table], objects: [SchemaObject(.table, "t", sql: [], definition: Array(definition.utf8))],
            notices: [])
    }

    @Test func whatDiffersIsTold() {
        let before = dump(createdAt: "2024-01-01 00:00:00")
        func aspects(_ now: SchemaDump) -> [SchemaDifference.Aspect?] { now.alterations(since: before).map(\.aspect) }
        #expect(aspects(before) == [])
        #expect(aspects(dump(definition: "CREATE a", createdAt: nil)) == [.definition])
        #expect(aspects(dump("int unsigned", createdAt: nil)) == [.columns])
        #expect(aspects(dump(createdAt: "2024-01-01 00:00:01")) == [.creationTime])
    }

    /// As MariaDB shows a table with a unique key on a hash while another session opens it anew.
    @Test func aTimeThatIsNotToldIsNoAlteration() {
        let (known, unknown) = (dump(createdAt: "2024-01-01 00:00:00"), dump(createdAt: nil))
        #expect(unknown.alterations(since: known) == [])
        #expect(known.alterations(since: unknown) == [])
    }
}
