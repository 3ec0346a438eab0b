import Testing

@testable import OpsCore

@Suite struct DotEnvFileTests {
    private func values(_ text: String) throws -> [String: String] {
        try DotEnvFile(parsing: text, file: ".env").entries.mapValues(\.value)
    }

    private func problems(_ text: String) -> [String] {
        do throws(SettingsError) {
            _ = try DotEnvFile(parsing: text, file: "my.env")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test(
        arguments: [
            ("A=b", "b"), ("A=", ""), ("A=b c ", "b c"), ("  A = b", "b"), ("export A=b", "b"), ("export\tA='b'", "b"),
            ("A=b # note", "b"), ("A=b\t# note", "b"), ("A=b#c", "b#c"), ("A=#b", "#b"), ("A= # note", ""),
            ("A=b=c", "b=c"), ("A=it's", "it's"), ("A=$HOME", "$HOME"), ("A=ä€😀", "ä€😀"),
        ])
    func unquotedValue(line: String, value: String) throws {
        #expect(try values(line) == ["A": value])
    }

    @Test(
        arguments: [
            (#"A='b # c'"#, "b # c"), (#"A='b\n"$x'"#, #"b\n"$x"#), (#"A='' # note"#, ""), (#"A="b # c""#, "b # c"),
            (#"A="b\nc""#, "b\nc"), (#"A="\"\\\$\t\r""#, "\"\\$\t\r"), (#"A="\d\'""#, #"\d\'"#),
            (#"A="$x ${y}""#, "$x ${y}"), (#"A = " b ""#, " b "), ("A='b\nc'", "b\nc"), ("A=\"b\n\nc\"", "b\n\nc"),
        ])
    func quotedValue(line: String, value: String) throws {
        #expect(try values(line) == ["A": value])
    }

    @Test func blankLinesCommentsByteOrderMarkAndCRLFArePassedOver() throws {
        #expect(
            try values("\u{feff}A=1\r\n\r\n  # note = x\r\nB='2'\r\n\t\nC=\"3\r\n4\"") == [
                "A": "1", "B": "2", "C": "3\n4",
            ])
    }

    @Test func variableNamedExportIsAVariable() throws {
        #expect(try values("export=1") == ["export": "1"])
    }

    @Test func lastOneOfTwoHolds() throws {
        #expect(try values("A=1\nA=2") == ["A": "2"])
    }

    @Test func linesAreCountedAcrossQuotedNewlines() throws {
        let entries = try DotEnvFile(parsing: "\nA='x\ny'\n# note\nB=1", file: ".env").entries
        #expect(entries["A"]?.line == 2)
        #expect(entries["B"]?.line == 5)
    }

    @Test(arguments: ["hunter2", "A hunter2", "export A", "1A=hunter2", "A-B=hunter2", "=hunter2", "A: hunter2"])
    func lineThatIsNoAssignmentIsNamedWithoutItsContent(line: String) {
        #expect(
            problems("OK=1\n\(line)\nB=2") == [
                "my.env:2: not an assignment; write KEY=value, or # before a comment"
            ])
    }

    @Test(arguments: ["A='hunter2\nB=2", "A=\"hunter2\\\"\nB=2\n"])
    func openQuoteIsNamedByTheLineWhereItOpens(text: String) {
        #expect(
            problems("\n" + text) == [
                "my.env:2: the quote that opens here is never closed; "
                    + "close it, or put the value in quotes of the other kind"
            ])
    }

    @Test func textAfterAQuoteIsAnError() {
        #expect(
            problems("A='hunter2'x") == [
                "my.env:1: text after the closing quote; put the whole value in quotes, or a # before a comment"
            ])
    }

    @Test func everyMalformedLineIsReported() {
        #expect(problems("x\nA=1\ny\n").map { $0.prefix(9) } == ["my.env:1:", "my.env:3:"])
    }
}
