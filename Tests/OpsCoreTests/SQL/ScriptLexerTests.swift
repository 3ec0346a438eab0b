import OpsCore
import Testing

@Suite("Splitting a script")
struct ScriptLexerTests {
    /// Script and what comes out of it.
    static let cases: [(script: String, expected: [String])] = [
        ("", []), (";;; ;\n;", []), ("select 1", ["select 1"]), ("select 1;", ["select 1"]),
        ("  select 1 ;\n\n select 2\n;select 3;", ["select 1", "select 2", "select 3"]),
        // strings and names
        ("select 'a;b', \"c;d\", `e;f`;x", ["select 'a;b', \"c;d\", `e;f`", "x"]),
        ("select 'it''s;', \"a\"\"b;\", `c``d;`;x", ["select 'it''s;', \"a\"\"b;\", `c``d;`", "x"]),
        (#"select 'a\';b', "c\";d";x"#, [#"select 'a\';b', "c\";d""#, "x"]),
        (#"select 'a\\';select "b\\";x"#, [#"select 'a\\'"#, #"select "b\\""#, "x"]),
        (#"select `a\`;x"#, [#"select `a\`"#, "x"]),
        ("select '-- x', '# y', '/* z';x", ["select '-- x', '# y', '/* z'", "x"]),
        ("select 'two\nlines';", ["select 'two\nlines'"]),
        ("select 'über', '日本;語', `naïve;`;x", ["select 'über', '日本;語', `naïve;`", "x"]),
        // line comments
        ("-- only; a comment\n# and; another", []), ("select 1 -- a;b\n+2;x", ["select 1 -- a;b\n+2", "x"]),
        ("select 1 # a;b 'c\n+2;x", ["select 1 # a;b 'c\n+2", "x"]), ("select 5--2;", ["select 5--2"]),
        ("--no space;\nselect 1;", ["select 1"]), ("select 1; --no space;\nx", ["select 1", "x"]),
        ("select 1 --\n+2;", ["select 1 --\n+2"]), ("select 1; -- trailing; words\nx", ["select 1", "x"]),
        ("select 1 -- trailing\n;x", ["select 1", "x"]), ("select 1 -- at the end", ["select 1"]),
        // block comments
        ("/* a; 'b */ select 1 /* c; */ + 2 /* d */;", ["select 1 /* c; */ + 2"]), ("/* a */;/* b */", []),
        ("/* not /* nested */ select 1;", ["select 1"]), ("/**/select 1;/***/x", ["select 1", "x"]),
        ("/* a /*/ b; */ x", ["x"]), ("select 1/**/+2;", ["select 1/**/+2"]), ("select 4/2, 3*5;", ["select 4/2, 3*5"]),
        // code in comments
        ("/*!40101 SET NAMES utf8 */;", ["/*!40101 SET NAMES utf8 */"]),
        ("/*M!100100 SELECT 1 */;", ["/*M!100100 SELECT 1 */"]),
        ("/*!50000 select 1; */;", ["/*!50000 select 1", "*/"]),
        ("/*!50000 select 1 /* a; */ */;x", ["/*!50000 select 1 /* a; */ */", "x"]),
        ("/* see /*! */ a; */ x", ["x"]), ("a /*! ; /* x */ ; b */ ; c", ["a /*!", "c"]),
        ("/*!5 x */* y; */ z;", ["/*!5 x */* y; */ z"]),
        ("/*M!999999\\- enable the sandbox mode */ \n-- dump\nselect 1;", ["select 1"]),
        ("/*!999999\\- enable the sandbox mode */\ndelimiter //\nselect 1//", ["select 1"]),
        // line ends and the like
        ("\u{FEFF}select 1;", ["select 1"]), ("x;\u{FEFF}y;", ["x", "\u{FEFF}y"]),
        ("select 'a\r\nb',\r\n1\r\n;\r\nx\r\n", ["select 'a\nb',\n1", "x"]),
        ("select 1,\r2;\rx", ["select 1,\r2", "x"]), ("select 'a\\\nb' \\\n+1;", ["select 'a\nb' \n+1"]),
        ("select 'a\\\r\nb';", ["select 'a\nb'"]), ("\u{1};x\u{1};\u{7F};y\u{2}", ["x", "y"]),
        ("a\u{B}\u{C}b;", ["a\u{B}\u{C}b"]), ("select \\N;", ["select \\N"]),
        // \g, \G, \c
        ("select 1\\gselect 2\\Gselect 3\\cselect 4\\g\\g;", ["select 1", "select 2", "select 4"]),
    ]

    @Test("splits as the client does", arguments: cases.indices)
    func splits(_ index: Int) throws {
        #expect(try split(Self.cases[index].script) == Self.cases[index].expected)
    }

    @Test("splits alike whatever the boundaries of the chunks", arguments: cases.indices)
    func chunks(_ index: Int) throws {
        let script = Self.cases[index].script
        let whole = try items(of: script)
        for size in 1...9 { #expect(try items(of: script, chunkSize: size) == whole) }
    }

    @Test("NO_BACKSLASH_ESCAPES and ANSI_QUOTES decide where strings end")
    func dialects() throws {
        let script = #"select 'a\';x"#
        #expect(try split(script, dialect: ScriptDialect(noBackslashEscapes: true)) == [#"select 'a\'"#, "x"])
        let quoted = #"select "a\";x"#
        #expect(try split(quoted, dialect: ScriptDialect(ansiQuotes: true)) == [#"select "a\""#, "x"])
        #expect(try split(quoted, dialect: ScriptDialect(noBackslashEscapes: true)) == [#"select "a\""#, "x"])
        #expect(ScriptDialect(serverStatus: 512 | 2) == ScriptDialect(noBackslashEscapes: true))
        #expect(ScriptDialect(serverStatus: 32768) == ScriptDialect(ansiQuotes: true))
    }

    @Test("a change of the dialect holds from the next statement on")
    func dialectBetweenStatements() throws {
        var lexer = ScriptLexer(bytes: Array(#"set a;select 'b\';set c;select 'd\';'"#.utf8))
        var seen: [String] = []
        while let item = try lexer.next() {
            seen.append(item.shown)
            lexer.dialect.noBackslashEscapes = item.shown == "set a"
            if seen.count == 2 { lexer.dialect.noBackslashEscapes = false }
        }
        #expect(seen == ["set a", #"select 'b\'"#, "set c", #"select 'd\';'"#])
    }

    @Test("says where a statement stands")
    func locations() throws {
        let script = "\u{FEFF}-- c\n  select 1;  é;\r\nselect\n'x\ny' -- c\n; last "
        let found = try statements(of: script)
        #expect(found.map(\.sql) == ["select 1", "é", "select\n'x\ny'", "last"])
        #expect(found.map(\.index) == [1, 2, 3, 4])
        #expect(found.map(\.line) == [2, 2, 3, 6])
        #expect(found.map(\.column) == [3, 14, 1, 3])
        #expect(found.map(\.endLine) == [2, 2, 6, 6])
        let bytes = Array(script.utf8)
        let ranges = found.map { String(decoding: bytes[$0.byteRange], as: UTF8.self) }
        #expect(ranges == ["select 1", "é", "select\n'x\ny' -- c\n", "last "])
    }

    @Test("offers the comments before the first statement")
    func header() throws {
        let script =
            "\n-- sysndd: verify SELECT 1;\r\n#two\n  /* three\n four */ -- five\nselect 1; -- six\n-- seven\nselect 2"
        for size in [1, 2, 100] {
            var lexer = ScriptLexer(source: MemoryByteSource(Array(script.utf8), chunkSize: size))
            while try lexer.next() != nil {}
            #expect(lexer.header.map(\.text) == ["sysndd: verify SELECT 1;", "two", "three\n four", "five"])
            #expect(lexer.header.map(\.line) == [2, 3, 4, 5])
            #expect(lexer.header.map(\.column) == [1, 1, 3, 10])
        }
    }

    @Test("a long statement arrives whole, in memory that fits it")
    func longStatement() throws {
        let value = String(repeating: "x;'' \\' /* -- \r\n", count: 200_000)
        let found = try statements(of: "select 1;insert into t values ('\(value)');select 2")
        #expect(found.count == 3)
        #expect(found[1].text.count == value.utf8.count - 200_000 + 25)
        #expect(found[2].line == 200_001)
    }

    @Test("lends the text without a copy")
    func borrowed() throws {
        var lexer = ScriptLexer(bytes: Array("select 1; use `a``b`; source x;".utf8))
        var seen: [String] = []
        while let shown = try lexer.withNext({ item in
            switch item {
            case .statement(let text, let location): "\(location.index) \(String(decoding: text, as: UTF8.self))"
            case .clientCommand(let command): command.name
            }
        }) { seen.append(shown) }
        #expect(seen == ["1 select 1", "2 USE `a``b`", "source"])
    }
}
