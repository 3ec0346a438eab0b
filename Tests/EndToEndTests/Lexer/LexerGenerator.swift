import OpsCore

/// Makes scripts that are as nasty as they can be while the client still has one clear reading of them. The same seed
/// makes the same script.
struct LexerGenerator {
    private var state: UInt64
    var script = ""
    var delimiter = ";"
    /// A block comment, or one that does not start its line, makes the client overlook a command on the next line when
    /// it is told to keep comments.
    var isCommandSeen = true
    var modes = LexerScript.Mode.allCases

    /// Three kinds for each seed.
    static func scripts(seeds: Int) -> [LexerScript] {
        (1...seeds).flatMap { [dump(seed: $0), soup(seed: $0, mode: .comments), soup(seed: $0, mode: .noComments)] }
    }

    init(seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

    /// SplitMix64.
    mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(random() % UInt64(limit)) }
    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// Fragments in any order.
extension LexerGenerator {
    /// A script of fragments thrown together. For `.noComments` with client commands, for `.comments` with `/*!`.
    static func soup(seed: Int, mode: LexerScript.Mode) -> LexerScript {
        var generator = LexerGenerator(seed: seed &* 7919 &+ (mode == .comments ? 1 : 2))
        let sqlMode = generator.pick([
            "", "", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
        ])
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
        "'", "\"", "`", "''", "'\\\\'", "'\\''", "\"\\\"\"", "+\\N", "-- ", "-- \n", "#", "/*", "*/ ", "*/ ",
        "/* x */ ",
        "/*/ ", ";", ";", ";", "//", "$$", ";;", "|", "\n", "\n", "\r\n", " ", "\t", "SELECT", " 1 ", "X", "xé", "_日本",
        "a😀", "+", ",",
        "(1)", "'a;b'", "\"c;d\"", "`e;f`", "'-- '", "\"/*\"", "`*/ `", "\\g ", "\\G ", "\\c", "\\\n", "\\\r\n",
        "INSERT", "\u{1}", "\r",
        "=@A", "GO", "'it''s'", "'\\\\'", "'line\nfeed'", "SELECT 1;\n", "SELECT 'x' ;\n", "\\- ",
    ]
    /// The line feed, because a `/*!` changes the meaning of comments up to the end of its line, also after a delimiter.
    private static let commentsOnly = ["/*!\n", "/*!50000\n", "/*M!", "/*!40101 SELECT 2 */ ", "*/ "]
    /// The space before the line end is there because the client loses the line end of such a line in a statement.
    private static let commands = [
        "\nDELIMITER // \n", "\nDELIMITER ; \n", "\n  delimiter $$ \n", "\nUSE lexer \n", "\nUSE `a b` \n", "--X",
        "5-2",
        "\n-- y\n", "\n  # z\n",
    ]
}
