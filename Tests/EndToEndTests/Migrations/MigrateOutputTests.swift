import Foundation
import OpsCore
import TestSupport
import Testing

/// What `migrate` says where files and ledger do not fit, word for word, and with which exit code it ends.
@Suite struct MigrateOutputTests {
    /// The tool on a database and a folder.
    private struct Site: Sendable {
        let database: DatabaseSettings
        let folder: String

        /// - Parameters:
        ///   - output: what is expected on standard output, with `TIME` for a time; nil for anything.
        ///   - errors: the same of standard error.
        func migrate(
            _ arguments: String..., code: Int32, output: String? = nil, errors: String? = nil,
            at location: SourceLocation = #_sourceLocation
        ) async throws {
            let outcome = try await Tool(database: database).run(["migrate"] + arguments + ["--dir", folder])
            #expect(outcome.exitCode == code, "\(outcome.errorOutput)", sourceLocation: location)
            let told = outcome.output.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "TIME")
            if let output { #expect(told == output, sourceLocation: location) }
            if let errors { #expect(outcome.errorOutput == errors, sourceLocation: location) }
        }

        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
        }

        func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder + "/" + name) }
    }

    private static func with(_ files: [String: String], _ body: (Site) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: files) { try await body(Site(database: database, folder: $0)) }
        }
    }

    private static let a = "CREATE TABLE a (i INT);\n"
    private static let b = "CREATE TABLE b (i INT);\n"

    // MARK: - Order

    @Test func aGapIsNothingSpecial() async throws {
        try await Self.with(["001_a.sql": Self.a, "005_b.sql": Self.b]) { site in
            try await site.migrate(code: 0)
            try await site.migrate(
                "status", "--exit-code", code: 0,
                output: """
                    applied   001_a.sql  TIME
                    applied   005_b.sql  TIME
                    2 applied, 0 pending, 0 failed

                    """, errors: "")
        }
    }

    @Test func aNumberBelowTheNewestIsRefused() async throws {
        try await Self.with(["005_b.sql": Self.b]) { site in
            try await site.migrate(code: 0)
            try site.write("001_a.sql", Self.a)
            let refusal = """
                sysndd-ctl: pending below the newest applied migration 005_b.sql: 001_a.sql
                renumber above it, or run them with --allow-out-of-order

                """
            try await site.migrate(code: 65, output: "", errors: refusal)
            try await site.migrate("plan", code: 65, output: "", errors: refusal)
            try await site.migrate(
                "status", "--exit-code", code: 2,
                output: """
                    pending   001_a.sql
                    applied   005_b.sql  TIME
                    1 applied, 1 pending, 0 failed
                    out of order: 001_a.sql

                    """)
            try await site.migrate("--allow-out-of-order", code: 0)
        }
    }

    // MARK: - Drift

    private static let drift = """
        put each back as it was and make the change in a new file; where the database already is as the file says now: \
        sysndd-ctl migrate repair --accept-drift FILE

        """

    @Test(arguments: [
        (a + b + "DO 0;\n", "statement 3 on line 3 is new"),
        (a, "statement 2, which stood on line 2, is gone"),
        (b + a, "statement 1 on line 1 is another one now"),
    ])
    func theFirstChangedStatementIsNamed(_ text: String, _ difference: String) async throws {
        try await Self.with(["001_a.sql": Self.a + Self.b]) { site in
            try await site.migrate(code: 0)
            try site.write("001_a.sql", text)
            try await site.migrate(
                code: 65, output: "",
                errors: "sysndd-ctl: applied files were changed since: 001_a.sql: \(difference)\n\(Self.drift)")
            try await site.migrate(
                "status", "--exit-code", code: 3,
                output: """
                    applied   001_a.sql  TIME
                    1 applied, 0 pending, 0 failed
                    semantic drift: 001_a.sql

                    """)
            try await site.migrate("repair", "--accept-drift", "001_a.sql", "--yes", code: 0)
            try await site.migrate("status", "--exit-code", code: 0)
        }
    }

    @Test func anAppliedFileThatCannotBeReadAnyMoreHasDrifted() async throws {
        try await Self.with(["001_a.sql": Self.a]) { site in
            try await site.migrate(code: 0)
            try site.write("001_a.sql", "CREATE TABLE a (i INT COMMENT 'open);\n")
            let outcome = try await Tool(database: site.database).run("migrate", "--dir", site.folder)
            #expect(outcome.exitCode == 65)
            #expect(outcome.errorOutput.contains("001_a.sql: it cannot be read any more: "))
            try await site.migrate("status", "--exit-code", code: 3)
        }
    }

    @Test func anAppliedPostConditionThatNoLongerHoldsIsTold() async throws {
        try await Self.with(["001_a.sql": "-- sysndd: verify SELECT COUNT(*) = 0 FROM a\n" + Self.a]) { site in
            try await site.migrate(code: 0)
            try await DatabaseConnection(site.database).execute("INSERT INTO a VALUES (1)")
            try await site.migrate(
                "status", "--exit-code", code: 3,
                output: """
                    applied   001_a.sql  TIME
                    1 applied, 0 pending, 0 failed
                    post-condition fails: 001_a.sql:1  it returned 0

                    """)
            try await site.migrate(
                "verify", code: 1,
                output: """
                    FAILS  001_a.sql:1  it returned 0
                           SELECT COUNT(*) = 0 FROM a
                    0 of 1 post-conditions hold

                    """)
            // It is no reason to stop.
            try await site.migrate(code: 0, output: "nothing to do: the database is up to date\n", errors: "")
        }
    }

    // MARK: - Names

    @Test func aMissingFileIsToldAndTwoOfItsContentAreNoRename() async throws {
        try await Self.with(["001_a.sql": "DO 1;\n", "002_b.sql": Self.b]) { site in
            try await site.migrate(code: 0)
            try site.remove("001_a.sql")
            try await site.migrate(
                "status", "--exit-code", code: 0,
                output: """
                    applied   002_b.sql  TIME
                    missing   001_a.sql  TIME
                    2 applied, 0 pending, 0 failed
                    not in the folder: 001_a.sql

                    """)
            try site.write("003_c.sql", "DO 1;\n")
            try site.write("004_d.sql", "DO 1;\n")
            try await site.migrate(
                "status", "--exit-code", code: 2,
                output: """
                    applied   002_b.sql  TIME
                    pending   003_c.sql
                    pending   004_d.sql
                    missing   001_a.sql  TIME
                    2 applied, 2 pending, 0 failed
                    not in the folder: 001_a.sql

                    """)
        }
    }

    @Test func aRenamedFileIsToldBeforeWhatIsPending() async throws {
        try await Self.with(["001_a.sql": Self.a]) { site in
            try await site.migrate(code: 0)
            try site.remove("001_a.sql")
            try site.write("011_a.sql", Self.a)
            try await site.migrate(
                code: 0, output: "nothing to do: the database is up to date\n",
                errors: "renamed: 001_a.sql is 011_a.sql now\n")
            try await site.migrate(
                "status", "--exit-code", code: 0, output: "applied   011_a.sql  TIME\n1 applied, 0 pending, 0 failed\n")
        }
    }

    // MARK: - Baseline

    @Test func whatABaselineRefuses() async throws {
        let stopping = Self.b + "INSERT INTO nowhere VALUES (1);\n"
        try await Self.with(["001_a.sql": Self.a, "002_b.sql": stopping]) { site in
            try await site.migrate(
                "baseline", "--to", "2", code: 1, output: "",
                errors: """
                    sysndd-ctl: the database \(site.database.database) holds no table, so no migration was applied to it
                    apply them with: sysndd-ctl migrate

                    """)
            try await site.migrate(code: 1)
            try await site.migrate(
                "baseline", "--to", "7", code: 64, output: "",
                errors: "sysndd-ctl: no migration has the number 7 that --to names\n")
            try await site.migrate(
                "baseline", "--to", "2", code: 1, output: "",
                errors: """
                    sysndd-ctl: 002_b.sql was begun and stopped; it cannot be taken for applied
                    finish it with sysndd-ctl migrate, or forget it with sysndd-ctl migrate repair --clear-failed 002_b.sql

                    """)
            try await site.migrate(
                "baseline", "--to", "1", code: 0, output: "0 adopted, 1 applied before\n", errors: "")
        }
    }

    // MARK: - Repair

    @Test func whatARepairRefuses() async throws {
        let stopping = Self.b + "INSERT INTO nowhere VALUES (1);\n"
        try await Self.with(["001_a.sql": Self.a, "002_b.sql": stopping]) { site in
            try await site.migrate(code: 1)
            try await site.migrate(
                "repair", "--accept-drift", "002_b.sql", "--yes", code: 64, output: "",
                errors: "sysndd-ctl: 002_b.sql is not applied\n")
            for request in [["--clear-failed", "001_a.sql"], ["--mark-done", "001_a.sql:1"]] {
                try await site.migrate(
                    "repair", request[0], request[1], "--yes", code: 64, output: "",
                    errors: "sysndd-ctl: 001_a.sql is applied as a whole\n")
            }
            try await site.migrate(
                "repair", "--clear-failed", "9_x.sql", "--yes", code: 64, output: "",
                errors: "sysndd-ctl: \(site.folder) holds no file 9_x.sql\n")
            try await site.migrate(
                "repair", "--mark-done", "002_b.sql:3", "--yes", code: 64, output: "",
                errors: """
                    sysndd-ctl: statement 3 of 002_b.sql is not the next one: 1 of 2 are done
                    statements are done one after the other; see sysndd-ctl migrate status

                    """)
            try await site.migrate(
                "repair", "--mark-done", "002_b.sql:2", "--yes", code: 0,
                output: "statement 2 of 2 of 002_b.sql counts as done\n", errors: "")
            try await site.migrate(code: 0)
        }
    }

    @Test func aRepairIsNotDoneUnasked() async throws {
        try await Self.with(["001_a.sql": Self.a]) { site in
            let outcome = try await Tool(database: site.database).run(
                "migrate", "repair", "--clear-failed", "001_a.sql", "--dir", site.folder)
            #expect(outcome.exitCode == 64)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errorOutput.hasSuffix("needs the word REPAIR\ntype it when asked, or give --yes\n"))
        }
    }
}
