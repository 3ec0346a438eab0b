import Testing

@testable import OpsCore

@Suite struct RowWriterTests {
    @Test(arguments: [
        (TableColumnDefinition.Format.number, "-12.50", "-12.50"),
        (.double, "1e-20", "1e-20"),
        (.double, "-0", "-0e0"),
        (.double, "-0.00", "-0.00e0"),
        (.double, "-0.5", "-0.5"),
        (.float, "0", "0"),
        (.quoted, "0000-00-00", "'0000-00-00'"),
        (.text, "", "''"),
        (.text, "it's a \\ and\r\n\0\u{1A}\t\"ü🧬\"", #"'it\'s a \\ and\r\n\0\Z"# + "\t\"ü🧬\"'"),
        (.binary, "", "X''"),
        (.binary, "\0Az", "X'00417A'"),
        (.encodedText("sjis"), "a", "_sjis X'61'"),
    ])
    func aValueBecomesALiteral(format: TableColumnDefinition.Format, value: String, literal: String) throws {
        #expect(try RowRecorder.tuple([format], [Array(value.utf8)]) == "(\(literal))")
        #expect(try RowRecorder.tuple([format], [nil]) == "(NULL)")
    }

    @Test func aByteIsEscapedWhereverItStands() throws {
        for length in 0..<20 {
            for position in 0..<length {
                for byte in UInt8(0)...127 {
                    var value = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                    value[position] = byte
                    let escaped: [UInt8: String] = [
                        0: "\\0", 10: "\\n", 13: "\\r", 26: "\\Z", 39: "\\'", 92: "\\\\",
                    ]
                    let middle = escaped[byte] ?? String(UnicodeScalar(byte))
                    let before = String(repeating: "x", count: position)
                    let after = String(repeating: "x", count: length - position - 1)
                    #expect(try RowRecorder.tuple([.text], [value]) == "('\(before)\(middle)\(after)')")
                }
            }
        }
    }

    @Test func bytesAbove127AreNeverTakenForOthers() throws {
        let value = String(repeating: "ü§Ü🧬", count: 9)
        #expect(try RowRecorder.tuple([.text], [Array(value.utf8)]) == "('\(value)')")
    }

    @Test func manyRowsShareAStatementUntilItIsLongEnough() throws {
        var recorder = RowRecorder([.number, .text], limits: .init(statement: 200))
        for number in 1...20 { try recorder.add("\(number)", "abcdefgh") }
        try recorder.finish()
        #expect(recorder.statements.count > 2)
        for statement in recorder.statements {
            #expect(statement.hasPrefix("INSERT INTO `t` VALUES\n("))
            #expect(statement.hasSuffix("');\n"))
            #expect(statement.utf8.count <= 200)
        }
        let rows = recorder.statements.flatMap { $0.split(separator: "\n").dropFirst() }
        #expect(rows.map { String($0.dropLast()) } == (1...20).map { "(\($0),'abcdefgh')" })
    }

    @Test func aRowThatIsLongerThanAStatementIsAloneInOne() throws {
        var recorder = RowRecorder([.number, .text], limits: .init(statement: 200))
        let long = String(repeating: "y", count: 5000)
        for (number, text) in ["a", long, "b"].enumerated() { try recorder.add("\(number)", text) }
        try recorder.finish()
        #expect(recorder.statements.count == 3)
        #expect(recorder.statements[1] == "INSERT INTO `t` VALUES\n(1,'\(long)');\n")
    }

    @Test func manyBytesAreNotDoubled() throws {
        var recorder = RowRecorder([.binary, .binary])
        let long = [UInt8](repeating: UInt8(ascii: "z"), count: 255) + [39]
        try recorder.add([long, [UInt8](repeating: 39, count: 255)])
        try recorder.finish()
        let (text, digits) = (String(repeating: "z", count: 255), String(repeating: "27", count: 255))
        #expect(recorder.statements == ["INSERT INTO `t` VALUES\n(_binary '\(text)\\'',X'\(digits)');\n"])
    }

    @Test func aRowWithoutColumnsIsARowAllTheSame() throws {
        var recorder = RowRecorder([])
        try recorder.add([])
        try recorder.add([])
        try recorder.finish()
        #expect(recorder.statements == ["INSERT INTO `t` VALUES\n(),\n();\n"])
    }

    @Test func noRowsMakeNoStatement() throws {
        var recorder = RowRecorder([.number])
        try recorder.finish()
        #expect(recorder.statements.isEmpty)
    }
}
