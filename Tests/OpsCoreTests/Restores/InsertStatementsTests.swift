import Testing

@testable import OpsCore

@Suite struct InsertStatementsTests {
    private func statements(_ text: String) throws -> [String] {
        var found: [String] = []
        try Array(text.utf8).withUnsafeBytes { bytes in
            try InsertStatements.forEach(in: bytes) { found.append(String(decoding: $0, as: UTF8.self)) }
        }
        return found
    }

    @Test func eachStatementIsHandedOverWithoutItsEnd() throws {
        let first = "INSERT INTO `t` (`a`, `b`) VALUES\n(1,'x;'),\n(2,';,')"
        let second = "INSERT INTO `t` (`a`, `b`) VALUES\n(3,NULL)"
        #expect(try statements("\(first);\n\(second);\n") == [first, second])
        #expect(try statements("") == [])
    }

    /// A name may hold whatever ends a statement elsewhere.
    @Test func namesAreRead() throws {
        let one = "INSERT INTO `t;\nVALUES\n` (`a``;\n`, `V`) VALUES\n(1,2)"
        #expect(try statements("\(one);\n") == [one])
    }

    @Test func aTableWithoutColumnsHasRows() throws {
        #expect(try statements("INSERT INTO `t` () VALUES\n(),\n();\n") == ["INSERT INTO `t` () VALUES\n(),\n()"])
    }

    @Test(arguments: [
        "DROP TABLE t;\n", "INSERT INTO `t` (`a`) VALUES\n(1)", "INSERT INTO `t` (`a`) VALUES\n(1),\n",
        "INSERT INTO `t` (`a`) VALUES (1);\n", "INSERT INTO `t", "INSERT INTO `t` (`a`) VALUES\n\n;\n(1)",
        "INSERT INTO `t` (`a`) VALUES\n(1);\n;\n",
    ])
    func anyOtherFormIsRefused(_ text: String) {
        #expect(throws: InsertStatements.Malformed.self) { _ = try statements(text) }
    }

    /// What the writer of a backup makes of every byte is split where it ends its statements.
    @Test func theWriterAndTheReaderAgree() throws {
        let values = (0...255).map { Array(repeating: UInt8($0), count: 3) } + [Array(";\n'),\n(".utf8)]
        var written: [String] = []
        var all: [UInt8] = []
        let writer = RowWriter(
            prefix: "INSERT INTO `t` (`a`) VALUES\n", columns: [RowColumn(.text)], limits: .init(statement: 100))
        let sink: RowWriter.Sink = {
            written.append(String(decoding: $0.dropLast(2), as: UTF8.self))
            all += $0
        }
        for value in values { try writer.add([value], to: sink) }
        try writer.finish(sink)
        #expect(written.count > 10)
        var found: [String] = []
        try all.withUnsafeBytes { bytes in
            try InsertStatements.forEach(in: bytes) { found.append(String(decoding: $0, as: UTF8.self)) }
        }
        #expect(found == written)
    }
}
