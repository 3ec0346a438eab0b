import Testing

@testable import OpsCore

@Suite struct SchemaClientTextTests {
    private func text(
        _ statement: String, dialect: ScriptDialect = ScriptDialect(), flavour: ServerInfo.Flavour = .mariadb
    ) -> SchemaClientText {
        SchemaClientText(Array(statement.utf8), dialect: dialect, flavour: flavour)
    }

    private func string(_ text: SchemaClientText) -> String { String(decoding: text.bytes, as: UTF8.self) }

    @Test func aStatementWithoutCommentsStaysAsItIs() {
        let statement =
            "CREATE PROCEDURE `p`()\nBEGIN SELECT '-- # /* */', \"#\", `--`; SELECT a-b; /*!50000 SELECT 1 */; END"
        #expect(string(text(statement)) == statement)
        #expect(text(statement).isExact)
    }

    @Test(arguments: [
        ("a /* it's \"x\" */ b", "a /*!999999 ` *//* it's \"x\" */*!999999 ` */ b".replacing("*/*!", with: "*//*!")),
        ("a -- it's\nb", "a /*!999999 ` */-- it's\n/*!999999 ` */b"),
        ("a # x`\nb", "a /*!999999 ` */# x`\nb"),
        // The backticks of the comment close and open again what the client is in.
        ("a -- it's \"quoted\" `all` ways\nb", "a /*!999999 ` */-- it's \"quoted\" `all` ways\n/*!999999 ` */b"),
        // An odd one leaves the client outside of quotes.
        ("a -- \"'` odd '' \"\"\nb", "a /*!999999 ` */-- \"'` odd '' \"\"\nb"),
        ("a -- at the end", "a /*!999999 ` */-- at the end\n/*!999999 ` */"),
        ("a 'line \\\nnext' b", "a /*!999999 ` */'line \\\nnext'/*!999999 ` */ b"),
        ("a 'line \\\\\nnext' b", "a 'line \\\\\nnext' b"),
    ])
    func whatTheClientWouldDropIsPutBetweenQuotes(_ statement: String, _ expected: String) {
        #expect(string(text(statement)) == expected)
        #expect(text(statement).isExact)
    }

    @Test(arguments: ["a -- '# \"# `#\nb", "a\r\nb"])
    func whatCannotBeSavedIsSaid(_ statement: String) {
        #expect(!text(statement).isExact)
        #expect(string(text(statement)) == statement)
    }

    @Test func theModeOfTheObjectDecidesWhereAStringEnds() {
        let statement = #"SELECT '\' -- it's a comment"# + "\nFROM t"
        let plain = string(text(statement, dialect: ScriptDialect(noBackslashEscapes: true)))
        #expect(plain == #"SELECT '\' /*!999999 ` */-- it's a comment"# + "\n/*!999999 ` */FROM t")
        #expect(string(text(statement)) == statement)
    }

    @Test func theMySQLClientDropsABackslashAlsoInBackticks() {
        #expect(!text("a 'line \\\nnext' b", flavour: .mysql).isExact)
        #expect(text("a 'line \\\nnext' b", dialect: ScriptDialect(noBackslashEscapes: true), flavour: .mysql).isExact)
    }

    @Test(arguments: [("a;b", ";;"), ("a;;b", "//"), ("a;;b//", "$$"), ("a;;b//$$", "$$1$$"), ("$$1$$;;//", "$$2$$")])
    func theDelimiterDoesNotOccurInTheStatement(_ statement: String, _ delimiter: String) {
        #expect(text(statement).delimiter == delimiter)
    }

    @Test func theLexerOfThisPackageSendsTheStatementAsOne() throws {
        let statement = "CREATE PROCEDURE `p`()\nBEGIN\n  -- it's ;; here\n  SELECT '//'; /* `x` ' \" */\nEND"
        var script = SchemaScript(.procedure, "p")
        script.add(program: text(statement))
        script.add("SET @after = 1")
        var lexer = ScriptLexer(bytes: script.bytes)
        var statements: [String] = []
        while let item = try lexer.next() {
            if case .statement(let statement) = item { statements.append(statement.sql) }
        }
        #expect(statements.count == 2)
        let marks = try Regex(#"/\*!999999 [`'"] \*/"#)
        #expect(statements.first?.replacing(marks, with: "") == statement)
        #expect(statements.last == "SET @after = 1")
    }
}
