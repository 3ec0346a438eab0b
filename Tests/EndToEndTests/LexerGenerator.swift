import OpsCore

/// Makes scripts that are as nasty as they can be while the client still has one clear reading of them. The same seed
/// makes the same script.
struct LexerGenerator {
    private var state: UInt64
    private var script = ""
    private var delimiter = ";"
    /// A block comment, or one that does not start its line, makes the client overlook a command on the next line when
    /// it is told to keep comments.
    private var isCommandSeen = true
    private var modes = LexerScript.Mode.allCases

    /// Three kinds for each seed.
    static func scripts(seeds: Int) -> [LexerScript] {
        (1...seeds).flatMap { [dump(seed: $0), soup(seed: $0, mode: .comments), soup(seed: $0, mode: .noComments)] }
    }

    private init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

    /// SplitMix64.
    private mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private mutating func below(_ limit: Int) -> Int { Int(random() % UInt64(limit)) }
    private mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
    private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

// MARK: - Fragments in any order

extension LexerGenerator {
    /// A script of fragments thrown together. For `.noComments` with client commands, for `.comments` with `/*!`.
    static func soup(seed: Int, mode: LexerScript.Mode) -> LexerScript {
        var generator = LexerGenerator(seed: seed &* 7919 &+ (mode == .comments ? 1 : 2))
        let sqlMode = generator.pick(["", "", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES"])
        var text = sqlMode.isEmpty ? "" : "SET sql_mode='\(sqlMode)';\n"
        if generator.chance(30) { text += "DELIMITER \(generator.pick(["//", "$$", ";;", "|", "GO"]))\n" }
        let fragments = common + (mode == .comments ? commentsOnly : commands)
        for _ in 0..<(10 + generator.below(60)) { text += generator.pick(fragments) }
        let dialect = ScriptDialect(
            ansiQuotes: sqlMode.contains("ANSI"), noBackslashEscapes: sqlMode.contains("NO_BACKSLASH"))
        return LexerScript("soup \(mode) \(seed)", closed(text, dialect), modes: [mode])
    }

    /// Most scripts shall be read to their end, so what is open is closed if one mark does it.
    private static func closed(_ text: String, _ dialect: ScriptDialect) -> String {
        let marks = ["", "*/ ", "'", "\"", "`", ";", "//", "$$", ";;", "|", "GO"]
        let endings = marks + marks.dropFirst().flatMap { mark in marks.dropFirst(5).map { mark + $0 } }
        return endings.lazy.map { text + $0 }.first { canBeRead($0, dialect) } ?? text
    }

    private static func canBeRead(_ script: String, _ dialect: ScriptDialect) -> Bool {
        var lexer = ScriptLexer(bytes: Array(script.utf8), dialect: dialect)
        do {
            while try lexer.next() != nil {}
            return true
        } catch {
            return false
        }
    }

    private static let common = [
        "'", "\"", "`", "''", "'\\\\'", "'\\''", "\"\\\"\"", "+\\N", "-- ", "-- \n", "#", "/*", "*/ ", "*/ ", "/* x */ ",
        "/*/ ", ";", ";", ";", "//", "$$", ";;", "|", "\n", "\n", "\r\n", " ", "\t", "SELECT", " 1 ", "X", "xé", "_日本", "a😀", "+", ",",
        "(1)", "'a;b'", "\"c;d\"", "`e;f`", "'-- '", "\"/*\"", "`*/ `", "\\g ", "\\G ", "\\c", "\\\n", "\\\r\n", "INSERT", "\u{1}", "\r",
        "=@A", "GO", "'it''s'", "'\\\\'", "'line\nfeed'", "SELECT 1;\n", "SELECT 'x' ;\n", "\\- ",
    ]
    /// The line feed, because a `/*!` changes the meaning of comments up to the end of its line, also after a delimiter.
    private static let commentsOnly = ["/*!\n", "/*!50000\n", "/*M!", "/*!40101 SELECT 2 */ ", "*/ "]
    /// The space before the line end is there because the client loses the line end of such a line in a statement.
    private static let commands = [
        "\nDELIMITER // \n", "\nDELIMITER ; \n", "\n  delimiter $$ \n", "\nUSE lexer \n", "\nUSE `a b` \n", "--X", "5-2",
        "\n-- y\n", "\n  # z\n",
    ]
}

// MARK: - Scripts with the structure of dumps and migrations

extension LexerGenerator {
    /// A script of whole statements, each of them odd.
    static func dump(seed: Int) -> LexerScript {
        var generator = LexerGenerator(seed: seed)
        if generator.chance(20) { generator.script = "\u{FEFF}" }
        if generator.chance(30) { generator.script += "/*M!999999\\- enable the sandbox mode */ \n-- dump\nSELECT 0;\n" }
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
        case 0: addCommand("DELIMITER ", setting: pick([";", "//", "$$", ";;", "|", "END_OF_IT", "'a b'", "\"it's\"", "`#`"]))
        case 1: addCommand(pick(["USE lexer", "use `a b`", "Use \"lexer\"", "  use 'we`ird' ", "use ünï"]), setting: nil)
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
        let comment = pick(["-- a; 'comment\n", "# another \" one; // $$\n", "/* a; `block\n of */\n", "   -- indented\n", "--\n"])
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
        var parts = [pick(["SELECT ", "select\n", "INSERT INTO lexer.t VALUES (", "/*!40101 SET @a = ", "/*M!100100 SELECT ", "CALL "])]
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
            "1", "'x'", "\"x;y\"", "`n;m`", "'it''s;'", "\"a\"\"b;\"", "`c``d`", "'-- no'", "'/* no */'", "\"# no\"", "'日本;語'",
            "\\N", "0x41", "'two\nlines;'", "'tab\there'", "_utf8mb4'é'", "@v", "'//'", "'$$'", "'|'", "a.b", "5-2", "4/2", "3 -1",
            "''", "\"\"", "'\"'", "\"'\"", "'`'", "`\\`",
        ]
        return chance(90) ? pick(alike) : pick(["'it\\'s;'", "'\\\\'", "\"a\\\"b;\"", "'line \\\nend'", "'\\n;'", "'\\Z\\0'"])
    }
}
