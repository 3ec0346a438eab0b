import Testing

@testable import OpsCore

@Suite struct RowChecksumTests {
    private static let documented = (one: "82f943d6170ea2d7", two: "3f59cb64b2ee4785")

    private func checksum(_ rows: [String], limits: RowWriter.Limits = RowWriter.Limits()) throws -> RowChecksum {
        var recorder = RowRecorder([.text], limits: limits)
        for row in rows { try recorder.add(row) }
        try recorder.finish()
        return recorder.writer.takeChecksum()
    }

    /// Anyone can compute it from the text of an archive; these values are those of an independent computation.
    @Test func itIsThatOfTheDocumentation() throws {
        #expect(try checksum([]).text == "0000000000000000")
        #expect(try checksum(["a"]).text == Self.documented.one)
        #expect(try checksum(["a", "it's"]).text == Self.documented.two)
    }

    @Test func theOrderOfRowsAndTheirPartsDoNotMatter() throws {
        let rows = (0..<500).map { "row \($0)" }
        let all = try checksum(rows)
        #expect(try checksum(rows.reversed()) == all)
        #expect(try checksum(rows, limits: .init(statement: 60)) == all)
        var parts = try checksum(Array(rows[..<123]))
        parts.add(try checksum(Array(rows[123...])))
        #expect(parts == all)
        #expect(all.rows == 500)
    }

    @Test func aMissingADoubleAndAChangedRowAreSeen() throws {
        let rows = (0..<50).map { "row \($0)" }
        let all = try checksum(rows)
        #expect(try checksum(Array(rows.dropLast())) != all)
        #expect(try checksum(rows + ["row 7"]).value != all.value)
        #expect(try checksum(rows + ["row 7", "row 7"]).value != all.value)
        // Two values that were exchanged between two rows, bit by bit.
        #expect(try checksum(["ab", "cd"]).value != checksum(["ad", "cb"]).value)
    }
}
