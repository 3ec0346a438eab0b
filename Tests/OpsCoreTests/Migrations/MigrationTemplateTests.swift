import Foundation
import TestSupport
import Testing

@testable import OpsCore

@Suite struct MigrationTemplateTests {
    @Test func theNextNumberFollowsTheNewestFile() async throws {
        try await TestFolder.with(files: ["007_a.sql": "DO 0;"]) { folder in
            let made = try MigrationTemplate(name: "Add gene-notes", directory: folder).write()
            #expect(made.file == folder + "/008_add_gene_notes.sql")
            #expect(made.version == 8)
            let text = try String(contentsOfFile: made.file, encoding: .utf8)
            #expect(text.contains("-- sysndd: verify SELECT"))
        }
    }

    @Test func theFirstFileHasNumberZeroAndItsFolderIsMade() async throws {
        try await TestFolder.with { folder in
            let made = try MigrationTemplate(name: "start", directory: folder + "/migrations").write()
            #expect(made.file.hasSuffix("/migrations/000_start.sql"))
        }
    }

    @Test(arguments: ["", "../x", "a/b", "a;b", "ü", "a\nb"])
    func aNameThatIsNoFileNameIsRefused(_ name: String) async throws {
        try await TestFolder.with { folder in
            let error = #expect(throws: MigrationError.self) { try MigrationTemplate(name: name, directory: folder) }
            #expect(error?.exitStatus == .usage)
        }
    }

    @Test func theTemplateItselfCanBeReadAndItsStatementsAreGuarded() async throws {
        try await TestFolder.with { folder in
            _ = try MigrationTemplate(name: "x", directory: folder).write()
            let file = try #require(try MigrationSet(directory: folder).files.first)
            let script = try MigrationScript(checking: file, dialect: ScriptDialect())
            #expect(script.statements.count == 4)
        }
    }
}
