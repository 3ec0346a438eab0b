import Testing

@testable import OpsCore

@Suite struct MigrationDirectivesTests {
    private func read(_ lines: String...) throws -> MigrationDirectives {
        let comments = lines.enumerated().map { ScriptComment(text: $1, line: $0 + 1, column: 1) }
        return try MigrationDirectives(comments, path: "m/001_a.sql")
    }

    @Test func allAreUnderstood() throws {
        let directives = try read(
            "an ordinary comment", "sysndd: verify SELECT 1;", "sysndd: verify SELECT 2",
            "sysndd: renamed-from 008_a.sql",
            "sysndd: lock-wait-timeout 5", "sysndd: no-transaction")
        #expect(directives.verifications.map(\.query) == ["SELECT 1", "SELECT 2"])
        #expect(directives.verifications.map(\.line) == [2, 3])
        #expect(directives.formerNames == ["008_a.sql"])
        #expect(directives.lockWaitTimeout == 5)
        #expect(directives.isWithoutTransaction)
    }

    @Test(arguments: [
        "sysndd: verfy SELECT 1", "sysndd: verify", "sysndd: lock-wait-timeout soon", "sysndd: lock-wait-timeout 0",
        "sysndd: no-transaction please", "sysndd:",
    ])
    func anythingElseIsAnError(_ line: String) throws {
        let error = #expect(throws: MigrationError.self) { try read("fine", line) }
        #expect(error?.code == "MIGRATION_DIRECTIVE_UNKNOWN")
        #expect(error?.message.hasPrefix("m/001_a.sql:2: ") == true)
    }
}
