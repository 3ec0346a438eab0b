import Testing

@testable import OpsCore

@Suite struct MigrationSetTests {
    private func names(_ names: [String]) throws -> [String] {
        try MigrationSet(directory: "m", names: names).files.map(\.name)
    }

    private func code(_ names: [String]) -> String? {
        do {
            _ = try MigrationSet(directory: "m", names: names)
            return nil
        } catch {
            return (error as? MigrationError)?.code
        }
    }

    @Test func filesAreOrderedByNumberNotByText() throws {
        #expect(
            try names(["010_c.sql", "9_b.sql", "1000_d.sql", "001_a.sql"])
                == ["001_a.sql", "9_b.sql", "010_c.sql", "1000_d.sql"])
    }

    @Test func gapsAreNormalAndOtherFilesAreLeftAlone() throws {
        #expect(
            try names(["000_a.sql", "033_b.sql", "README.md", ".hidden.sql", "notes.txt"]) == [
                "000_a.sql", "033_b.sql",
            ])
    }

    @Test func twoFilesWithOneNumberAreAnErrorThatNamesBoth() throws {
        let error = #expect(throws: MigrationError.self) {
            try MigrationSet(directory: "m", names: ["002_a.sql", "2_b.sql", "001_x.sql"])
        }
        #expect(error?.code == "MIGRATION_NUMBER_DUPLICATE")
        #expect(error?.message.contains("002_a.sql and 2_b.sql") == true)
        #expect(error?.exitStatus == .badInput)
    }

    @Test func namesWithoutANumberAreAnError() {
        #expect(code(["add_table.sql"]) == "MIGRATION_NAME_INVALID")
        #expect(code(["001.sql"]) == "MIGRATION_NAME_INVALID")
        #expect(code(["001_.sql"]) == "MIGRATION_NAME_INVALID")
        #expect(code(["-1_a.sql"]) == "MIGRATION_NAME_INVALID")
        #expect(code(["٣_a.sql"]) == "MIGRATION_NAME_INVALID")
        #expect(code(["99999999999999999999999_a.sql"]) == "MIGRATION_NUMBER_INVALID")
    }

    @Test func anEmptyFolderAndAMissingOneAreErrors() {
        #expect(code([]) == "MIGRATIONS_FOLDER_EMPTY")
        #expect(code(["README.md"]) == "MIGRATIONS_FOLDER_EMPTY")
        let missing = #expect(throws: MigrationError.self) { try MigrationSet(directory: "/nowhere/at/all") }
        #expect(missing?.code == "MIGRATIONS_FOLDER_MISSING")
    }
}
