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
        var handling: StepHandling
        /// ``StatementAtomicity``.
        var isAtomic = false
        /// ``StatementChecksum``.
        var checksum: String
        /// Names of the user variables in it.
        var variables: Set<String>
        /// To a server that takes several statements at once it may be several, or none.
        var isCertainlyOne: Bool
        /// ``StatementNames``.
        var dependsOnSession: Bool
    }

    let file: MigrationFile
    let statements: [Statement]
    let directives: MigrationDirectives
    /// SHA-256 of the file's bytes, hexadecimal.
    let checksum: String
    /// The whole file, where it is so small that there is no need to read it again when it runs.
    private let text: [UInt8]?

    private static let largestText = 16 << 10

    /// The checksum of the statements: two files with the same do the same.
    var sqlChecksum: String { StatementChecksum.of(statements: statements.map(\.checksum)) }

    /// True where the whole file runs in one transaction: it only changes rows.
    var isOneTransaction: Bool {
        !directives.isWithoutTransaction && statements.allSatisfy { $0.handling == .transactional }
    }

    /// True where nothing that it does outlives its statements in the session.
    var leavesSessionClean: Bool {
        statements.allSatisfy { statement in
            switch statement.handling {
            case .transactional:
                statement.kind == .dml && statement.variables.isEmpty && !statement.dependsOnSession
            case .schema(let objects): objects != nil && statement.variables.isEmpty
            default: false
            }
        }
    }

    /// True where the session may take several statements at once while the file runs: nothing changes how it reads them,
    /// and each is one for sure.
    var allowsBatches: Bool { leavesSessionClean && statements.allSatisfy(\.isCertainlyOne) }

    init(file: MigrationFile, statements: [Statement], directives: MigrationDirectives, checksum: String) {
        text = nil
        self.file = file
        self.statements = statements
        self.directives = directives
        self.checksum = checksum
    }

    /// - Throws: ``MigrationError`` for an empty file or a client's command; ``ScriptError`` with line and column for
    ///   text that is not UTF-8, or a literal, comment or delimiter block that does not end.
    init(checking file: MigrationFile, dialect: ScriptDialect) throws {
        var statements: [Statement] = []
        var temporary: Set<String> = []
        text = try Self.smallText(of: file)
        var lexer = try Self.lexer(of: file, text, dialect)
        while let statement = try Self.nextStatement(&lexer, of: file) {
            statements.append(Statement(statement, lexer.dialect, temporary: &temporary))
        }
        guard !statements.isEmpty else { throw MigrationError.emptyFile(file.path) }
        self.file = file
        self.statements = statements
        directives = try MigrationDirectives(lexer.header, path: file.path)
        checksum = try text.map { StatementChecksum.hexadecimal(SHA256.hash(data: $0)) } ?? Self.checksum(of: file)
    }

    /// Reads the statements again.
    func lexer(_ dialect: ScriptDialect) throws -> ScriptLexer { try Self.lexer(of: file, text, dialect) }

    private static func lexer(
        of file: MigrationFile, _ text: [UInt8]?, _ dialect: ScriptDialect
    ) throws -> ScriptLexer {
        let source: any ByteSource = try text.map { MemoryByteSource($0) } ?? FileByteSource(path: file.path)
        return ScriptLexer(source: source, path: file.path, dialect: dialect, requireUTF8: true)
    }

    private static func smallText(of file: MigrationFile) throws -> [UInt8]? {
        let source = try FileByteSource(path: file.path)
        let text = try [UInt8](unsafeUninitializedCapacity: largestText) { buffer, count in
            let room = UnsafeMutableRawBufferPointer(buffer)
            while count < largestText {
                let size = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
                if size == 0 { break }
                count += size
            }
        }
        return text.count < largestText ? text : nil
    }

    /// Hands over the statements in order. `body` may change the dialect that the next one is read under.
    /// - Returns: the comments before the first statement.
    @discardableResult
    static func forEachStatement(
        of file: MigrationFile, dialect: ScriptDialect,
        _ body: (ScriptStatement, inout ScriptDialect) throws -> Void
    ) throws -> [ScriptComment] {
        var lexer = try ScriptLexer(path: file.path, dialect: dialect, requireUTF8: true)
        while let statement = try nextStatement(&lexer, of: file) { try body(statement, &lexer.dialect) }
        return lexer.header
    }

    /// - Throws: ``MigrationError`` for a client's command.
    static func nextStatement(_ lexer: inout ScriptLexer, of file: MigrationFile) throws -> ScriptStatement? {
        switch try lexer.next() {
        case nil: return nil
        case .statement(let statement): return statement
        case .clientCommand(let command):
            throw MigrationError.clientCommand(
                command.name, path: file.path, line: command.line, column: command.column)
        }
    }

    /// SHA-256 of the file's bytes.
    static func checksum(of file: MigrationFile) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: file.path) else {
            throw MigrationError("MIGRATION_UNREADABLE", "cannot read \(file.path)")
        }
        defer { try? handle.close() }
        var hash = SHA256()
        while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { hash.update(data: chunk) }
        return StatementChecksum.hexadecimal(hash.finalize())
    }
}

extension MigrationScript.Statement {
    /// - Parameter temporary: names of the temporary tables that the file has made so far; what touches only them is state
    ///   of the session too.
    init(_ statement: ScriptStatement, _ dialect: ScriptDialect, temporary: inout Set<String>) {
        let names = StatementNames(statement.text, dialect: dialect)
        line = statement.line
        column = statement.column
        kind = StatementKind(of: statement.text, dialect: dialect)
        checksum = StatementChecksum.of(statement.text, dialect: dialect)
        variables = names.variables
        isCertainlyOne = !names.hasSemicolon && !names.mayBeEmpty
        dependsOnSession = names.dependsOnSession
        handling = StepHandling(of: statement.text, kind: kind, dialect: dialect)
        if let name = names.temporaryTable { temporary.insert(name) }
        switch handling {
        case .transactional where names.changedTable.map(temporary.contains) == true: handling = .session
        case .schema(let objects?) where objects.allSatisfy({ $0.kind == .table && temporary.contains($0.name) }):
            handling = .session
        default: break
        }
        if case .schema(let objects) = handling {
            isAtomic = StatementAtomicity.isAtomic(statement.text, naming: objects, dialect: dialect)
        }
    }
}
