import Foundation
import OpsCore
import Testing

/// The lexer against the `mariadb` client: what reaches the server is the same.
@Suite struct LexerDifferentialTests {
    static let scripts =
        LexerScript.handmade
        + (1...150).map { LexerGenerator.dump(seed: $0) }
        + (1...120).map { LexerGenerator.soup(seed: $0, mode: .comments) }
        + (1...120).map { LexerGenerator.soup(seed: $0, mode: .noComments) }

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
        var readings: [String: LexerOracle.Reading] = [:]
        for script in Self.scripts {
            readings[script.name] = try await oracle.runLexer(script, name: script.name)
            for mode in script.modes {
                try await oracle.runClient(script, mode: mode, name: "\(script.name) \(mode)")
            }
        }
        let log = try await oracle.log()
        var compared = 0
        for script in Self.scripts {
            for mode in script.modes {
                let comparison = LexerComparison(
                    mode: mode, client: try #require(log.statements["\(script.name) \(mode)"]),
                    ours: try #require(log.statements[script.name]), reading: try #require(readings[script.name]))
                compared += comparison.ours.count
                if let difference = comparison.difference {
                    Issue.record("\(script.name), \(mode): \(difference)\n\(String(decoding: script.bytes, as: UTF8.self))")
                }
            }
        }
        // Scripts that end in errors are compared up to there; most must be read to their end.
        let failed = readings.values.count { $0.error != nil }
        #expect(Self.scripts.count >= 300)
        #expect(compared > 2000)
        #expect(failed < Self.scripts.count / 3)
    }
}
