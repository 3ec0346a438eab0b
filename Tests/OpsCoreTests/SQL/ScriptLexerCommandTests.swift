import OpsCore
import Testing

@Suite("Client commands in a script")
struct ScriptLexerCommandTests {
    static let cases: [(script: String, expected: [String])] = [
        // DELIMITER
        ("delimiter //\nselect 1; select 2//\ndelimiter ;\nx;", ["select 1; select 2", "x"]),
        ("DeLiMiTeR $$ -- why\nselect 1$$select 2$$", ["select 1", "select 2"]),
        ("  delimiter\t;;\r\nselect 1;;\r\ndelimiter ;\r\nx;\r\n", ["select 1", "x"]),
        ("delimiter 'a b'\nselect 1a bselect 2;a b", ["select 1", "select 2;"]),
        ("delimiter \"it''s\"\nx it''s y it''s", ["x", "y"]), ("delimiter 'it''s'\nx it's y it's", ["x", "y"]),
        ("delimiter \\/\nselect 1/", ["select 1"]), ("delimiter /*\nselect 1 /* x /*", ["select 1", "x"]),
        ("delimiter #\nselect 1 # x #", ["select 1", "x"]), ("delimiter --\nselect 1 -- x --", ["select 1", "x"]),
        ("delimiter go\nselect 1 go\nselect 2\ngo\nselect GO go", ["select 1", "select 2", "select GO"]),
        ("select 1; delimiter //;\nselect 2//", ["select 1", "select 2"]),
        ("select 1 as\ndelimiter_id, 2;", ["select 1 as\ndelimiter_id, 2"]),
        ("delimiter_x;", ["delimiter_x"]),
        ("\\d //\nselect 1;//\nselect 2 \\d ;\n+3;", ["select 1;", "select 2 \n+3"]),
        ("delimiter //\nselect '//', `//`, \"//\" /* // */ -- //\n//", ["select '//', `//`, \"//\""]),
        ("delimiter ;;\nselect 1;;;x;;", ["select 1", ";x"]), ("-- c\n  -- c\n/* c */\ndelimiter //\nx//", ["x"]),
        // USE
        (
            "use a\nUSE `b c`;use 'd';\n use  e  ;\\u f\nx;",
            ["USE `a`", "USE `b c`", "USE `d`", "USE `e`", "USE `f`", "x"]
        ),
        (";use\na;", ["use\na"]), ("use\na;", ["<use>", "a"]), ("use /* c */ a;", ["use /* c */ a"]),
        ("use a -- c;\n;x", ["USE `a`", "x"]),
        ("use;", ["<use>"]), ("use `a;b`;x;", ["use `a;b`", "x"]), ("user;", ["user"]),
        // others
        ("source a.sql\nselect 1;source b.sql;", ["<source a.sql>", "select 1", "<source b.sql>"]),
        ("\\! rm -rf x\nselect 1;\\. y\n", ["<\\! rm -rf x>", "select 1", "<\\. y>"]),
        ("quit\nexit;\nSTATUS\nhelp me\n?\n", ["<quit>", "<exit>", "<status>", "<help me>", "<?>"]),
        ("quit now;status quo;x", ["quit now", "status quo", "x"]), ("go\nclear;go;x;\nclear\ny", ["go", "x", "y"]),
        ("select 1 \\C utf8mb4 ; + 2;x", ["<\\C utf8mb4>", "select 1  + 2", "x"]),
        ("\\w\ndelimiter //\nx//", ["<\\w>", "x"]),
        ("/*! \\C latin1 */;x;", ["<\\C latin1>", "/*! */", "x"]), ("system;", ["<system>"]),
        ("sandbox\n\\-select 1;", ["select 1"]), ("select 1\nquit\n;", ["select 1\nquit"]),
        ("source\\g x;use a\\g", ["source", "x", "use a"]),
        ("connect a b;charset utf8;", ["<connect a b>", "<charset utf8>"]),
    ]

    @Test("finds them where the client does", arguments: cases.indices)
    func finds(_ index: Int) throws {
        #expect(try split(Self.cases[index].script) == Self.cases[index].expected)
    }

    @Test("finds them whatever the boundaries of the chunks", arguments: cases.indices)
    func chunks(_ index: Int) throws {
        let script = Self.cases[index].script
        let whole = try items(of: script)
        for size in 1...9 { #expect(try items(of: script, chunkSize: size) == whole) }
    }

    @Test("says where a command stands")
    func places() throws {
        let found = try items(of: "select 1;\n  source x\n;select 2 \\! ls\n;")
        let commands = found.compactMap { if case .clientCommand(let command) = $0 { command } else { nil } }
        #expect(commands.map { [$0.line, $0.column] } == [[2, 3], [3, 11]])
    }
}
