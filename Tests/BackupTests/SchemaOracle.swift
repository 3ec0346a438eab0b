import Foundation
import OpsCore
import Subprocess
import TestSupport

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The servers' own tools: the plain client that restores, and the dump tool that tells whether it came back.
struct SchemaOracle {
    let target: TestTarget

    private var isMySQL: Bool { target.isMySQL }

    /// A tool that could not do its work.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    // MARK: - The corpus

    /// The toolkit's tables of the moment, and views that no server can make.
    static let notRestored = [
        "TABLE sysndd_ctl_lease", "TABLE sysndd_ctl_jobs", "VIEW v_broken", "VIEW v_broken_2",
    ]

    /// The files of the corpus that this server understands, in order.
    var corpus: [String] {
        ["common", "latin1"] + (isMySQL ? ["mysql"] : ["mariadb", "mariadb-latin1"])
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    /// Runs the corpus in the database; comments in bodies reach the server.
    func loadCorpus(into settings: DatabaseSettings) async throws {
        let connection = try await DatabaseConnection(settings)
        for name in corpus {
            let path = Self.folder.appending(path: "Corpus/\(name).sql").path
            try await connection.run { session in
                var lexer = try ScriptLexer(path: path)
                while let item = try lexer.next() {
                    guard case .statement(let statement) = item else { continue }
                    do {
                        try statement.text.withUnsafeBytes { _ = try session.execute(bytes: $0) }
                    } catch {
                        throw Failure(description: "\(name).sql:\(statement.line): \(error)")
                    }
                    lexer.dialect = ScriptDialect(
                        ansiQuotes: session.ansiQuotes, noBackslashEscapes: session.noBackslashEscapes)
                }
            }
        }
    }

    // MARK: - Tools

    /// `client < script`, in the client's default mode.
    func restore(_ script: [UInt8], into settings: DatabaseSettings) async throws {
        let options = ["--default-character-set=utf8mb4", settings.database]
        let result = try await run(isMySQL ? "mysql" : "mariadb", options, as: settings, input: script)
        guard result.error.isEmpty else { throw Failure(description: result.error) }
    }

    /// What the server's dump tool says of a database, without the lines that name the moment and the host.
    func dump(_ settings: DatabaseSettings, _ options: [String] = ["--no-data"]) async throws -> String {
        // Bodies are in the character set of their own, so a dump is not UTF-8 as a whole.
        String(decoding: try await dumpBytes(settings, options), as: UTF8.self)
    }

    /// The same as it is.
    func dumpBytes(_ settings: DatabaseSettings, _ options: [String]) async throws -> [UInt8] {
        // A view that cannot be used ends a dump without --force, and its LOCK TABLES always.
        let wanted = ["--routines", "--triggers", "--events", "--force", "--single-transaction", "--skip-dump-date"]
        let own = isMySQL ? ["--set-gtid-purged=OFF"] : []
        let result = try await run(
            isMySQL ? "mysqldump" : "mariadb-dump", own + options + wanted + [settings.database], as: settings)
        guard result.output.containsText("-- Dump completed") else { throw Failure(description: result.error) }
        return result.output
    }

    /// Started by scripts/engines, which has the tools of the server's own release.
    private var isEngine: Bool { ["mariadb-11.8", "mysql-9.7"].contains(target.description) }

    private static let engines = folder.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "scripts/engines").path

    private static func connection(_ settings: DatabaseSettings) throws -> [String] {
        let place =
            settings.socket.map { ["--socket=\($0)"] }
            ?? ["--protocol=tcp", "--host=\(settings.host)", "--port=\(settings.port)"]
        return ["--no-defaults", "--user=\(settings.user)"] + place
    }

    private func run(
        _ tool: String, _ options: [String], as settings: DatabaseSettings, input: [UInt8] = []
    ) async throws -> (output: [UInt8], error: String) {
        guard !isEngine else {
            return try await run(Self.engines, ["exec", target.description, "--", tool] + options, input)
        }
        let arguments = try Self.connection(settings) + options
        return try await run(tool, arguments, input, ["MYSQL_PWD": settings.password?.exposed ?? ""])
    }

    private func run(
        _ program: String, _ arguments: [String], _ input: [UInt8], _ environment: [Environment.Key: String] = [:]
    ) async throws -> (output: [UInt8], error: String) {
        let executable: Executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
        // From a file: Subprocess ends the whole process when a child closes its end of a pipe early.
        let result = try await TestFolder.with { folder in
            let path = folder + "/input"
            try Data(input).write(to: URL(filePath: path))
            return try await Subprocess.run(
                executable, arguments: Arguments(arguments), environment: .inherit.updating(environment),
                input: .fileDescriptor(try .open(path, .readOnly), closeAfterSpawningProcess: true),
                output: .bytes(limit: 1 << 28), error: .string(limit: 1 << 20))
        }
        return (result.standardOutput, result.standardError)
    }
}

extension DatabaseConnection {
    func schema() async throws -> SchemaDump { try await run { try SchemaDump(reading: $0) } }

    /// Runs statements as they stand.
    func run(_ statements: String...) async throws {
        for statement in statements { try await execute(SQLQuery(unquoted: statement)) }
    }
}

extension DatabaseSettings {
    /// An empty database under the same name.
    func recreate() async throws {
        let root = try await DatabaseConnection(self, selectingDatabase: false)
        try await root.execute("DROP DATABASE \(identifier: database)")
        try await root.execute("CREATE DATABASE \(identifier: database) CHARACTER SET utf8mb4")
    }
}

extension SchemaDump {
    /// The whole schema as one script.
    var script: [UInt8] {
        Array(SchemaHeader.begin.utf8) + objects.flatMap(\.sql) + Array(SchemaHeader.end.utf8)
    }
}

extension [UInt8] {
    func containsText(_ text: String) -> Bool { firstRange(of: text.utf8) != nil }
}
