import Foundation

/// The statements of a script that makes one object, read without a server.
enum ObjectScript {
    /// One statement, with its place in the script and the dialect in which it is read.
    struct Statement {
        let text: [UInt8]
        let range: Range<Int>
        let dialect: ScriptDialect
    }

    /// - Throws: ``ScriptError``.
    static func statements(of script: [UInt8]) throws -> [Statement] {
        var lexer = ScriptLexer(bytes: script)
        var found: [Statement] = []
        while let item = try lexer.next() {
            guard case .statement(let statement) = item else { continue }
            found.append(
                Statement(
                    text: Array(script[statement.byteRange]), range: statement.byteRange, dialect: lexer.dialect))
            if let dialect = dialect(setBy: statement.sql) { lexer.dialect = dialect }
        }
        return found
    }

    /// The dialect behind a SET of the SQL mode, which such scripts write out, or put back from a variable; nil for every
    /// other statement.
    private static func dialect(setBy statement: String) -> ScriptDialect? {
        let text = statement.uppercased()
        guard text.hasPrefix("SET "), let assignment = text.range(of: "SQL_MODE = ", options: .backwards) else {
            return nil
        }
        let value = text[assignment.upperBound...]
        return ScriptDialect(
            ansiQuotes: ["ANSI", "ORACLE", "DB2", "MSSQL", "POSTGRESQL", "MAXDB"].contains { value.contains($0) },
            noBackslashEscapes: value.contains("NO_BACKSLASH_ESCAPES"))
    }
}
