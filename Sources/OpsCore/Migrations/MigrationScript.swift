import Crypto
import Foundation

/// The content of one migration file, read through once without a database: it proves that the file can be split into
/// statements before anything of it runs.
struct MigrationScript: Sendable {
    /// One statement, without its text.
    struct Statement: Sendable, Equatable {
        var line: Int
        var column: Int
        var kind: StatementKind
    }

    let file: MigrationFile
    let statements: [Statement]
    /// SHA-256 of the file's bytes, hexadecimal.
    let checksum: String

    /// Position of the first statement of the run of DML that ends the file; as many as there are statements where the last
    /// one is something else. That run is committed together with the file's row in the ledger.
    var finalDML: Int { (statements.lastIndex { $0.kind != .dml } ?? -1) + 1 }

    /// - Throws: ``MigrationError`` for an empty file or a client's command; ``ScriptError`` with line and column for
    ///   text that is not UTF-8, or a literal, comment or delimiter block that does not end.
    init(checking file: MigrationFile, dialect: ScriptDialect) throws {
        var statements: [Statement] = []
        try Self.forEachStatement(of: file, dialect: dialect) { statement, _ in
            statements.append(
                Statement(line: statement.line, column: statement.column, kind: StatementKind(of: statement.text)))
        }
        guard !statements.isEmpty else { throw MigrationError.emptyFile(file.path) }
        self.file = file
        self.statements = statements
        checksum = try Self.checksum(of: file)
    }

    /// Hands over the statements in order. `body` may change the dialect that the next one is read under.
    static func forEachStatement(
        of file: MigrationFile, dialect: ScriptDialect,
        _ body: (ScriptStatement, inout ScriptDialect) throws -> Void
    ) throws {
        var lexer = try ScriptLexer(path: file.path, dialect: dialect, requireUTF8: true)
        while let item = try lexer.next() {
            switch item {
            case .statement(let statement): try body(statement, &lexer.dialect)
            case .clientCommand(let command):
                throw MigrationError.clientCommand(
                    command.name, path: file.path, line: command.line, column: command.column)
            }
        }
    }

    private static func checksum(of file: MigrationFile) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: file.path) else {
            throw MigrationError("MIGRATION_UNREADABLE", "cannot read \(file.path)")
        }
        defer { try? handle.close() }
        var hash = SHA256()
        while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { hash.update(data: chunk) }
        return hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
