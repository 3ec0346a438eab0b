extension LexerScript {
    /// One script for each thing that is easy to get wrong.
    static let handmade: [LexerScript] =
        bothWays.enumerated().map { LexerScript("handmade \($0.offset)", $0.element) }
        + onlyWithoutComments.enumerated().map {
            LexerScript("handmade without comments \($0.offset)", $0.element, modes: [.noComments])
        }
        + onlyWithComments.enumerated().map {
            LexerScript("handmade with comments \($0.offset)", $0.element, modes: [.comments])
        } + [
            LexerScript("latin1", Array("SELECT '".utf8) + [0xE9, 0x5C, 0x27, 0xFF] + Array("' ; SELECT 2;".utf8)),
            LexerScript("long", "SELECT '" + String(repeating: "x;''\\'\n", count: 100_000) + "'; SELECT 2;"),
            LexerScript("many", String(repeating: "SELECT 1;", count: 300)),
        ]

    private static let bothWays = [
        "SELECT 1", "SELECT 1;", ";;;SELECT 1;; ;\n;", "SELECT 1;SELECT 2; SELECT 3",
        "\u{FEFF}SELECT 1;\n\u{FEFF}SELECT 2;",
        "SELECT 'a;b', \"c;d\", `e;f`;SELECT 2", "SELECT 'it''s', \"a\"\"b\", `c``d`;SELECT 2",
        "SELECT 'a\\';b';SELECT \"\\\\\";SELECT 3",
        "SELECT `a\\`;SELECT 2;", "SELECT 'a\nb';\r\nSELECT 'c\r\nd',\r\n1;\r\n", "SELECT 1,\r2;\rSELECT 3\r",
        "SELECT 'a\\\nb' \\\n+ 1;",
        "SELECT 'a\\\r\nb';SELECT 2 \\\r\n;", "SELECT \\N, 1\\gSELECT 2\\G SELECT 3;", "SELECT 1\\cSELECT 2;",
        "SELECT 5--2, 4/2, 3*1;",
        "SELECT 1 --\n+2;SELECT 1 --x\n+2;", "-- c; 'x\nSELECT 1;# d; \"y\nSELECT 2;", "SELECT 1 # c;\n+ 2 -- d;\n+ 3;",
        "DELIMITER //\nSELECT 1; SELECT 2//\nDELIMITER ;\nSELECT 3;", "delimiter $$ -- why\nSELECT 1$$SELECT 2$$",
        "  DELIMITER ;;\nSELECT 1;;",
        "DELIMITER 'a b'\nSELECT 1a bSELECT 2a b", "DELIMITER \"it''s\"\nSELECT 1 it''s",
        "DELIMITER 'it''s'\nSELECT 1 it's SELECT 2 it's",
        "DELIMITER \\/\nSELECT 1/SELECT 2/", "DELIMITER #\nSELECT 1 # SELECT 2 #",
        "DELIMITER --\nSELECT 1 -- SELECT 2 --",
        "DELIMITER /*\nSELECT 1 /* SELECT 2 /*", "DELIMITER '\"'\nSELECT 1 \" SELECT 2 \"",
        "DELIMITER go\nSELECT 1 go\nSELECT 2\ngo\n",
        "DELIMITER a\nSELECT 1a\nSELECT 2 AS A a", "DELIMITER //\r\nSELECT 1//\r\nDELIMITER ;\r\nSELECT 2;\r\n",
        "DELIMITER //\nSELECT '//', `//`, \"//\"//\n", "DELIMITER ;;\nSELECT 1;;;SELECT 2;;",
        "SELECT 1; DELIMITER //;\nSELECT 2//",
        "\\d //\nSELECT 1//\nSELECT 2 \\d ;\n+ 3;", "DELIMITER $$\tx\nSELECT 1$$\tx SELECT 2$$\tx\n",
        "DELIMITER //\nCREATE PROCEDURE lexer.a()\nBEGIN\n  -- c;\n  SELECT 1; # d;\n  /* e; */ SELECT 2;\nEND//\nDELIMITER ;\nSELECT 1;",
        "USE lexer\nSELECT 1;use `a b`;SELECT 2;", "USE \"lexer\";USE 'we`ird'\nuse ünï ;\nSELECT 1;",
        "  use\tlexer\nSELECT 1;",
        ";USE\nlexer;SELECT 1;", "use `a;b`;SELECT 1;", "DELIMITER 'a b'\nuse `a b`\n+ 1a b",
        "USE lexer SELECT;\nSELECT 1;", "\\u lexer\nSELECT 1;", "SELECT `use lexer`;", "user;used lexer;",
        "/*!40101 SET @a = 1 */;/*!50000 SELECT 1; */;", "/*M!100100 SELECT 1 */;/*M! SELECT 2; */;",
        "SELECT /*!50000 1, */ 2;",
        "/*!50000 SELECT '*/;' */;SELECT 2;", "/*!50000 SELECT 1\n, 2 */;SELECT 2;",
        "/*M!999999\\- enable the sandbox mode */\n-- d\nSELECT 1;",
        "/*!999999\\- enable the sandbox mode */\nSELECT 1;",
        "SET sql_mode='ANSI_QUOTES';SELECT \"a\\\";SELECT 2;SET sql_mode='';SELECT \"\\\";\";",
        "SET sql_mode='NO_BACKSLASH_ESCAPES';SELECT 'a\\';SELECT \"b\\\";SET sql_mode='';SELECT '\\';';",
        "SET sql_mode='NO_BACKSLASH_ESCAPES';SELECT 'a\\\nb' AS `\\`;SELECT 2 \\\n;",
        "SET sql_mode='NO_BACKSLASH_ESCAPES';SELECT 1 \\gSELECT 2;",
        "SET @m='NO_BACKSLASH_ESCAPES';PREPARE s FROM 'SET sql_mode=@m';EXECUTE s;SET sql_mode=@m;SELECT 'a\\';SELECT 2;",
        "\u{1};SELECT 2\u{1};\u{7F};SELECT 3\u{2}", "SELECT 'über', '日本;語', `naïve;`, '😀\\';';SELECT 2;",
        "SELECT 1 \u{A0};SELECT 2\u{A0}",
        "SELECT\u{B}1\u{C};\u{B}SELECT 2;", "quit now;status quo;SELECT 1;", "SELECT 1\ngo\n;",
        "SELECT '\ndelimiter \n';SELECT 2;",
        "INSERT INTO lexer.t VALUES (1,'a\\\\'),(2,'b\\'c'),(3,\"\\\"\"),(4,'\\\\\\'');SELECT 2;",
        "SELECT 1 -- at the end", "SELECT 1 # at the end",
        "SELECT 'never closed", "SELECT `never closed;", "SELECT 1;\nSELECT \"never closed\n;",
        "SELECT 1 /* never closed", "DELIMITER //\nSELECT 1",
    ]

    /// Where the client, told to keep comments, overlooks a command after one.
    private static let onlyWithoutComments = [
        "  -- c\nDELIMITER //\nSELECT 1//", "/* c */\nDELIMITER //\nSELECT 1//",
        "SELECT 1; /* c */\nDELIMITER //\nSELECT 2//", "/* c */ USE lexer;SELECT 1;",
        "/* c */ -- d\nUSE lexer\nSELECT 1;", "--x;\nSELECT 1; --y;\nSELECT 2;  --z", "/* c */--x;\nSELECT 1;",
        "USE lexer -- c;\n;SELECT 1;",
        "SELECT 1;/* c\n d */\n\nDELIMITER //\nSELECT 2//", "/* a */ /* b */ ; /* c */ SELECT 1 /* d */ ; /* e */",
        "SELECT/**/1;SELECT 1/*a*/+/*b*/2;", "SELECT 1--\n+2;SELECT 1 -- c\n;", "/* never closed",
        "SELECT 1; /* never closed",
    ]

    /// Where the client, told to drop comments, drops more than those.
    private static let onlyWithComments = [
        "/*!50000 SELECT 1 /* x; */ */;SELECT 2;", "/*!50000 SELECT 1 /* x */ 2; */ 3; */ SELECT 4;",
        "/* see /*! */ SELECT 1; */ SELECT 2;",
        "/*! x */* y; */ SELECT 3;", "/* a /*/ SELECT 1; */ SELECT 2;", "/*!50000\nSELECT 1 /* x */ */;SELECT 2;",
        "SELECT 1 /* a /* b */ , 2;",
        "SELECT 1; -- c; 'x\n/* d; */ SELECT 2 /* e; */ ; # f\n",
    ]
}
