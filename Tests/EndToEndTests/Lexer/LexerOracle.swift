import DevStack
import Foundation
import OpsCore
import Subprocess

/// A server that logs every statement it receives, and the two ways to send it a script.
struct LexerOracle {
    private let server: TestServer
    private let settings: DatabaseSettings

    /// What became of a script in our hands, beside the statements that reached the server.
    struct Reading: Sendable {
        /// The dialect of each statement.
        var dialects: [ScriptDialect] = []
        var error: ScriptError?
    }

    static func start() async throws -> LexerOracle {
        let server = try await TestServer.start(
            settings: ["general-log": "1", "log-output": "FILE", "general-log-file": "general.log"])
        let oracle = LexerOracle(server: server, settings: server.endpoint.rootSettings)
        let connection = try await oracle.connect()
        for name in ["lexer", "a b", "we`ird", "ünï"] {
            try await connection.execute("CREATE DATABASE \(identifier: name)")
        }
        return oracle
    }

    func stop() async throws { try await server.stop() }

    private func connect() async throws -> DatabaseConnection {
        try await DatabaseConnection(settings, selectingDatabase: false)
    }

    /// Everything that has been logged.
    func log() async throws -> LexerGeneralLog {
        let folder = try await connect().query("SELECT @@datadir").first?.text(0) ?? ""
        return LexerGeneralLog(Array(try Data(contentsOf: URL(filePath: folder + "/general.log"))))
    }

    /// Feeds a script to the real client, which goes on after errors and must not touch files.
    func runClient(_ script: LexerScript, mode: LexerScript.Mode, name: String) async throws {
        let options = [
            "--no-defaults", "--socket=\(server.endpoint.socketPath)", "--user=\(settings.user)", "--force",
            "--sandbox",
            "--default-character-set=utf8mb4", "--init-command=\(LexerGeneralLog.marker(name))",
            mode == .comments ? "--comments" : "--skip-comments",
        ]
        let password = settings.password?.exposed ?? ""
        _ = try await Subprocess.run(
            .name("mariadb"), arguments: Arguments(options), environment: .inherit.updating(["MYSQL_PWD": password]),
            input: .array(script.bytes), output: .discarded, error: .discarded)
    }

    /// Splits a script with the lexer and sends what comes out, going on after errors of the server.
    func runLexer(_ script: LexerScript, name: String) async throws -> Reading {
        let bytes = script.bytes
        return try await connect().run { session in
            let marker = Array(LexerGeneralLog.marker(name).utf8)
            try marker.withUnsafeBytes { _ = try session.execute(bytes: $0) }
            var lexer = ScriptLexer(bytes: bytes)
            var reading = Reading()
            do {
                while let item = try lexer.next() {
                    guard case .statement(let statement) = item else { continue }
                    reading.dialects.append(lexer.dialect)
                    try statement.text.withUnsafeBytes { text in
                        do {
                            try session.execute(bytes: text)
                        } catch let error as DatabaseError where !error.isConnectionLost {}
                    }
                    lexer.dialect = ScriptDialect(
                        ansiQuotes: session.ansiQuotes, noBackslashEscapes: session.noBackslashEscapes)
                }
            } catch let error as ScriptError {
                reading.error = error
            }
            return reading
        }
    }
}
