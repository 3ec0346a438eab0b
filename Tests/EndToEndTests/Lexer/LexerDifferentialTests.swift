import Foundation
import OpsCore
import Testing

/// The lexer against the `mariadb` client: what reaches the server is the same.
@Suite struct LexerDifferentialTests {
    /// `LEXER_SEEDS` makes more of the generated ones, for a longer run.
    static let scripts =
        LexerScript.handmade
        + LexerGenerator.scripts(
            seeds: Int(ProcessInfo.processInfo.environment["LEXER_SEEDS"] ?? "") ?? 90)

    @Test func theServerReceivesTheSameStatementsFromTheClientAndFromUs() async throws {
        let oracle = try await LexerOracle.start()
        do {
            try await compareAll(with: oracle)
        } catch {
            try? await oracle.stop()
            throw error
        }
        try await oracle.stop()
    }

    private func compareAll(with oracle: LexerOracle) async throws {
        let readings = try await sendAll(through: oracle)
        let log = try await oracle.log()
        var compared = 0
        for script in Self.scripts {
            for mode in script.modes {
                let comparison = LexerComparison(
                    mode: mode, client: try #require(log.statements["\(script.name) \(mode)"]),
                    ours: try #require(log.statements[script.name]), reading: try #require(readings[script.name]))
                compared += comparison.ours.count
                if let difference = comparison.difference {
                    Issue.record(
                        "\(script.name), \(mode): \(difference)\n\(String(decoding: script.bytes, as: UTF8.self))")
                }
            }
        }
        // Scripts that end in errors are compared up to there; most must be read to their end.
        let failed = readings.values.count { $0.error != nil }
        #expect(Self.scripts.count >= 300)
        #expect(compared > 1500)
        #expect(failed < Self.scripts.count / 3)
    }

    private func sendAll(through oracle: LexerOracle) async throws -> [String: LexerOracle.Reading] {
        try await withThrowingTaskGroup(of: (String, LexerOracle.Reading).self) { group in
            var readings: [String: LexerOracle.Reading] = [:]
            for (index, script) in Self.scripts.enumerated() {
                if index >= 4, let (name, reading) = try await group.next() { readings[name] = reading }
                group.addTask { (script.name, try await send(script, through: oracle)) }
            }
            for try await (name, reading) in group { readings[name] = reading }
            return readings
        }
    }

    private func send(_ script: LexerScript, through oracle: LexerOracle) async throws -> LexerOracle.Reading {
        for mode in script.modes { try await oracle.runClient(script, mode: mode, name: "\(script.name) \(mode)") }
        return try await oracle.runLexer(script, name: script.name)
    }
}
