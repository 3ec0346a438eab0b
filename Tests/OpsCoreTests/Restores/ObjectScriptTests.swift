import Testing

@testable import OpsCore

@Suite struct ObjectScriptTests {
    /// The body is read in the mode that the script sets for it, and what follows in the one before.
    @Test func theModeThatAScriptSetsDecidesWhereStringsEnd() throws {
        let script = """
            SET @sysndd_mode = @@sql_mode, sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
            CREATE DEFINER="a"@"b" VIEW v AS SELECT '\\';
            SET sql_mode = @sysndd_mode;
            CREATE DEFINER=`c`@`d` VIEW w AS SELECT '\\';';
            """
        let statements = try ObjectScript.statements(of: Array(script.utf8))
        #expect(statements.count == 4)
        #expect(try RestoreDefiners.clauses(of: Array(script.utf8)).map(\.account) == ["a@b", "c@d"])
        let bytes = Array(script.utf8)
        for clause in try RestoreDefiners.clauses(of: bytes) {
            #expect(String(decoding: bytes[clause.range].prefix(8), as: UTF8.self) == "DEFINER=")
        }
    }
}
