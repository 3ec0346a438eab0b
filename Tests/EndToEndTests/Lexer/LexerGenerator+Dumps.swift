/// Scripts with the structure of dumps and migrations.
extension LexerGenerator {
    /// A script of whole statements, each of them odd.
    static func dump(seed: Int) -> LexerScript {
        var generator = LexerGenerator(seed: seed)
        if generator.chance(20) { generator.script = "\u{FEFF}" }
        if generator.chance(30) {
            generator.script += "/*M!999999\\- enable the sandbox mode */ \n-- dump\nSELECT 0;\n"
        }
        for _ in 0..<(3 + generator.below(12)) { generator.addChunk() }
        if generator.delimiter == ";", generator.chance(50) { generator.script += "SELECT 'the last one'" }
        var text = generator.script
        if generator.chance(25) {
            text = text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
        }
        return LexerScript("dump \(seed)", text, modes: generator.modes)
    }

    private mutating func addChunk() {
        switch below(12) {
        case 0:
            addCommand(
                "DELIMITER ", setting: pick([";", "//", "$$", ";;", "|", "END_OF_IT", "'a b'", "\"it's\"", "`#`"]))
        case 1:
            addCommand(pick(["USE lexer", "use `a b`", "Use \"lexer\"", "  use 'we`ird' ", "use ünï"]), setting: nil)
        case 2: addStatement(["SET sql_mode=", pick(["''", "'ANSI_QUOTES'", "'NO_BACKSLASH_ESCAPES'"])])
        case 3: addComment()
        case 4: script += "\(delimiter)\(pick([" ", "\n"]))"
        case 5: addProcedure()
        default: addStatement(statement())
        }
    }

    private mutating func addCommand(_ command: String, setting value: String?) {
        if !script.isEmpty, !script.hasSuffix("\n") { script += "\n" }
        if !isCommandSeen { modes = [.noComments] }
        let argument = value ?? ""
        script += command + argument + pick(["\n", "\n", " -- why\n"])
        if let value { delimiter = Self.unquoted(value) }
    }

    private static func unquoted(_ value: String) -> String {
        guard let first = value.first, "'\"`".contains(first) else { return value }
        return String(value.dropFirst().dropLast())
    }

    private mutating func addComment() {
        if !script.isEmpty, !script.hasSuffix("\n") { script += "\n" }
        let comment = pick([
            "-- a; 'comment\n", "# another \" one; // $$\n", "/* a; `block\n of */\n", "   -- indented\n", "--\n",
        ])
        if comment.hasPrefix("/*") || comment.hasPrefix(" ") { isCommandSeen = false }
        script += comment
    }

    private mutating func addStatement(_ parts: [String]) {
        script += parts.joined() + pick(["", " ", "\n", " -- end\n"])
        let isSentByLetter = chance(10) && delimiter == ";"
        script += isSentByLetter ? pick(["\\g", "\\G"]) : delimiter
        let tail = pick(["\n", "\n", "\n", " ", "", "\n\n", " -- tail; 'x\n", " /* tail; */\n"])
        isCommandSeen = !tail.contains("/*") && !(isSentByLetter && tail.hasPrefix(" "))
        script += tail
    }

    private mutating func addProcedure() {
        let body = ["BEGIN\n", "  -- a comment; with 'quotes\n", "  SELECT ", literal(), ";\n"]
        let more = ["  SET @x = 1; /* and; one */\n", "  # the end; \"\n", "END"]
        let end = delimiter == ";" ? "//" : delimiter
        if delimiter == ";" { addCommand("DELIMITER ", setting: end) }
        addStatement(["CREATE PROCEDURE lexer.p\(below(1_000_000))()\n"] + body + more)
    }

    private mutating func statement() -> [String] {
        var parts = [
            pick([
                "SELECT ", "select\n", "INSERT INTO lexer.t VALUES (", "/*!40101 SET @a = ", "/*M!100100 SELECT ",
                "CALL ",
            ])
        ]
        for _ in 0...below(8) {
            parts.append(literal())
            parts.append(pick([", ", ",\n", " + ", " /* c; 'x */ , ", " -- c; \"x\n, ", "\n# c; `x\n, "]))
        }
        let isInComment = parts[0].hasPrefix("/*")
        if isInComment { parts = parts.map { $0.contains("/* ") ? ", " : $0 } }
        return parts + ["1", isInComment ? " */" : parts[0].hasPrefix("INSERT") ? ")" : ""]
    }

    /// Literals that read alike in every `sql_mode`, so that a script stays in step, and a few that do not.
    private mutating func literal() -> String {
        let alike = [
            "1", "'x'", "\"x;y\"", "`n;m`", "'it''s;'", "\"a\"\"b;\"", "`c``d`", "'-- no'", "'/* no */'", "\"# no\"",
            "'日本;語'",
            "\\N", "0x41", "'two\nlines;'", "'tab\there'", "_utf8mb4'é'", "@v", "'//'", "'$$'", "'|'", "a.b", "5-2",
            "4/2", "3 -1",
            "''", "\"\"", "'\"'", "\"'\"", "'`'", "`\\`",
        ]
        return chance(90)
            ? pick(alike) : pick(["'it\\'s;'", "'\\\\'", "\"a\\\"b;\"", "'line \\\nend'", "'\\n;'", "'\\Z\\0'"])
    }
}
