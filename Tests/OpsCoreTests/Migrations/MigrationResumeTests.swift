import Testing

@testable import OpsCore

/// From where a file goes on.
@Suite struct MigrationResumeTests {
    private let script: MigrationScript

    init() throws {
        let file = try MigrationFile(name: "001_a.sql", directory: "/m")
        script = MigrationScript(
            file: file, statements: ["one", "two", "three"].map(Self.statement),
            directives: try MigrationDirectives([], path: "/m/001_a.sql"), checksum: "")
    }

    private static func statement(_ checksum: String) -> MigrationScript.Statement {
        .init(
            line: 1, column: 1, kind: .ddl, handling: .schema([]), checksum: checksum, variables: [],
            isCertainlyOne: true, dependsOnSession: false)
    }

    private func entry(
        _ ordinal: Int, _ state: MigrationJournal.State, _ checksum: String, watched: MigrationJournal.Watched? = nil,
        fingerprint: String? = nil
    ) -> MigrationJournal.Entry {
        .init(ordinal: ordinal, state: state, checksum: checksum, watched: watched, fingerprint: fingerprint)
    }

    private let table = MigrationJournal.Watched(
        database: "d", objects: [NamedObject(kind: .table, schema: "d", name: "t")])

    @Test func withoutRowsItBeginsAtTheStart() throws {
        #expect(try MigrationResume(script, []) == .fresh)
    }

    @Test func itGoesOnBehindWhatIsDone() throws {
        let resume = try MigrationResume(script, [entry(1, .done, "one"), entry(2, .failed, "two")])
        #expect(resume.done == 1)
        #expect(resume.intent == nil)
        #expect(resume.hasOldRows)
    }

    @Test func aDoneStatementThatIsAnotherOneNowIsRefused() throws {
        let error = #expect(throws: MigrationError.self) { try MigrationResume(script, [entry(1, .done, "other")]) }
        #expect(error?.code == "MIGRATION_CHANGED")
        #expect(try MigrationResume(script, [entry(1, .done, "other")], restart: true).done == 0)
    }

    @Test func anIntentIsSettledByItsFingerprint() throws {
        let rows = [entry(1, .done, "one"), entry(2, .intent, "two", watched: table, fingerprint: "before")]
        var same = try MigrationResume(script, rows)
        try same.settle(script, fingerprint: "before", server: "s")
        #expect(same.done == 1)
        var changed = try MigrationResume(script, rows)
        try changed.settle(script, fingerprint: "after", server: "another run")
        #expect(changed.done == 2)
    }

    @Test func aChangeThatIsNotAtomicIsUncertainAfterTheServerEnded() throws {
        let watched = MigrationJournal.Watched(database: "d", objects: nil, server: "first run")
        let rows = [entry(1, .intent, "one", watched: watched, fingerprint: "before")]
        var alive = try MigrationResume(script, rows)
        try alive.settle(script, fingerprint: "after", server: "first run")
        #expect(alive.done == 1)
        var restarted = try MigrationResume(script, rows)
        let error = #expect(throws: MigrationError.self) {
            try restarted.settle(script, fingerprint: "after", server: "second run")
        }
        #expect(error?.code == "MIGRATION_UNCERTAIN")
    }

    @Test func anIntentThatNothingWatchesIsUncertain() throws {
        var resume = try MigrationResume(script, [entry(1, .intent, "one")])
        let error = #expect(throws: MigrationError.self) { try resume.settle(script, fingerprint: nil, server: "s") }
        #expect(error?.hint?.contains("--mark-done 001_a.sql:1") == true)
    }

    @Test func aFileThatWasAppliedBeforeRunsAsAWhole() throws {
        let resume = try MigrationResume(script, [entry(0, .applied, ""), entry(1, .done, "one")])
        #expect(resume.done == 0)
        #expect(resume.hasOldRows)
    }
}
