import OpsCore
import Testing

@Suite("Scripts that cannot be split")
struct ScriptErrorTests {
    static let cases: [(script: String, problem: ScriptError.Problem, line: Int, column: Int)] = [
        ("select 1;\n  select 'abc;\n\n", .unterminatedString, 2, 10), ("x \"abc", .unterminatedString, 1, 3),
        ("select 'a\\'", .unterminatedString, 1, 8), ("x\r\n\r\n ` abc", .unterminatedName, 3, 2),
        ("select 1 /* abc", .unterminatedComment, 1, 10), ("select 1;\n /* abc *", .unterminatedComment, 2, 2),
        ("delimiter //\nselect '//", .unterminatedString, 2, 8),
        ("x;\n delimiter //\ncreate procedure p()\nbegin\nend\n", .unfinishedDelimiterBlock, 2, 2),
        ("delimiter $$\nselect 1$$\ndelimiter //\nselect 2;\n", .unfinishedDelimiterBlock, 3, 1),
        ("x;\ndelimiter\ny;", .badDelimiter, 2, 1), ("delimiter a\\\\b\n", .badDelimiter, 1, 1),
        ("delimiter '//\n", .badDelimiter, 1, 1), ("delimiter 1234567890123456\n", .badDelimiter, 1, 1),
        ("delimiter;", .badDelimiter, 1, 1), ("\\d\n", .badDelimiter, 1, 1),
        ("x; delimiter //\nselect 1//", .misplacedDelimiter, 1, 4), ("x; delimiter //\ny;", .misplacedDelimiter, 1, 4),
        ("/* c */ delimiter //\ny;", .misplacedDelimiter, 1, 9), ("select 1;\nselect \\x;", .unknownCommand, 2, 8),
        ("select 1;\nab\0c;", .nulByte, 2, 3), ("x '\0'", .nulByte, 1, 4), ("x '\\\0'", .nulByte, 1, 5),
        ("-- \0\nx", .nulByte, 1, 4), ("x /* \0 */", .nulByte, 1, 6), ("\0", .nulByte, 1, 1),
    ]

    @Test("name the place where the trouble began, whatever the chunks", arguments: cases.indices)
    func places(_ index: Int) throws {
        let expected = Self.cases[index]
        for size in [1, 2, 3, 7, 1000] {
            let error = try #require(scriptError(of: Array(expected.script.utf8), chunkSize: size))
            #expect(error.problem == expected.problem)
            #expect([error.line, error.column] == [expected.line, expected.column])
        }
    }

    @Test("what stands before the trouble is handed out, and the error stays")
    func before() throws {
        var lexer = ScriptLexer(bytes: Array("select 1;select 'x".utf8))
        #expect(try lexer.next()?.shown == "select 1")
        for _ in 1...2 {
            do {
                _ = try lexer.next()
                Issue.record("no error")
            } catch let error as ScriptError {
                #expect(error.problem == .unterminatedString)
            }
        }
    }

    @Test("a double quote opens a name under ANSI_QUOTES")
    func ansiName() {
        let dialect = ScriptDialect(ansiQuotes: true)
        #expect(scriptError(of: Array("x \"a".utf8), dialect: dialect)?.problem == .unterminatedName)
    }

    @Test("messages carry the file, the place and the cause")
    func messages() throws {
        var lexer = ScriptLexer(source: MemoryByteSource(Array("delimiter //\nx".utf8)), path: "003_p.sql")
        do {
            _ = try lexer.next()
            Issue.record("no error")
        } catch let error as ScriptError {
            #expect(
                error.message
                    == "003_p.sql:1:1: the delimiter was set to // here; the statement of line 2 never ends with it")
            #expect(error.code == "SCRIPT_UNFINISHED_DELIMITER_BLOCK")
            #expect(error.exitStatus == .badInput)
        }
        #expect(
            scriptError(of: Array("'".utf8))?.message == "line 1, column 1: the string that opens here is never closed")
    }

    static let notUTF8: [(bytes: [UInt8], column: Int)] = [
        ([0xFF], 1), ([0x80], 1), ([0xC3], 1), ([0xC3, 0x28], 1), ([0xC0, 0x80], 1), ([0xE0, 0x80, 0x80], 1),
        ([0xED, 0xA0, 0x80], 1), ([0xF4, 0x90, 0x80, 0x80], 1), ([0xF5, 0x80, 0x80, 0x80], 1),
        ([0xC3, 0xA9, 0xE2, 0x82], 3), ([0xF0, 0x9F, 0x98, 0x80, 0xF0, 0x9F, 0x98], 5),
    ]

    @Test("bytes that are not UTF-8 are an error only where UTF-8 is demanded", arguments: notUTF8.indices)
    func invalidUTF8(_ index: Int) throws {
        let (bytes, column) = Self.notUTF8[index]
        let script = Array("select 1;\nselect 'é\n".utf8) + bytes + Array("';".utf8)
        #expect(scriptError(of: script) == nil)
        for size in [1, 2, 3, 1000] {
            let error = try #require(scriptError(of: script, requireUTF8: true, chunkSize: size))
            #expect(error.problem == .invalidUTF8)
            #expect([error.line, error.column] == [3, column])
        }
        let atEnd = Array("x\n".utf8) + bytes
        #expect(scriptError(of: atEnd, requireUTF8: true)?.column == column)
    }

    @Test("valid text of every length of character passes")
    func validUTF8() throws {
        for size in 1...5 {
            let found = try items(of: "select 'é€😀\u{10FFFF}\u{FFFF}';", requireUTF8: true, chunkSize: size)
            #expect(found.map(\.shown) == ["select 'é€😀\u{10FFFF}\u{FFFF}'"])
        }
    }

    @Test("a file that cannot be read is named")
    func unreadable() throws {
        let missing = #expect(throws: ByteSourceError.self) { try FileByteSource(path: "no/such/file.sql") }
        #expect(missing?.message == "cannot open no/such/file.sql: No such file or directory")
        let folder = #expect(throws: ByteSourceError.self) {
            let source = try FileByteSource(path: ".")
            _ = try withUnsafeTemporaryAllocation(byteCount: 8, alignment: 1) { try source.read(into: $0) }
        }
        #expect(folder?.operation == "read")
    }
}
