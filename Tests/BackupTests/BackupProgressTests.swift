import Foundation
import Subprocess
import TestSupport
import Testing

@testable import OpsCore

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// What is shown of a backup while it is made.
@Suite struct BackupProgressTests {
    private func withTool(_ body: (BackupScope, Tool) async throws -> Void) async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE gene (id INT PRIMARY KEY)", "INSERT INTO gene VALUES (1), (2)")
            try await body(scope, Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder]))
        }
    }

    /// Runs the tool on a terminal and returns everything that it was sent.
    private func onTerminal(_ tool: Tool, _ arguments: String, _ more: [String: String] = [:]) async throws -> String {
        var variables: [Environment.Key: String] = ["PATH": "/usr/bin:/bin", "TERM": "xterm", "HOME": tool.folder]
        for (name, value) in tool.environment.merging(more, uniquingKeysWith: { $1 }) {
            variables[Environment.Key(stringLiteral: name)] = value
        }
        let result = try await Subprocess.run(
            .path("/usr/bin/script"),
            arguments: ["--quiet", "--return", "--command", "\(Tool.path) \(arguments)", "/dev/null"],
            environment: .custom(variables), input: .none, output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 16))
        #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)")
        return result.standardOutput
    }

    @Test func elsewhereThereIsOnePlainLineAStep() async throws {
        try await withTool { _, tool in
            let made = try await tool.run("backup", "--format", "json")
            #expect(
                made.errorOutput.split(separator: "\n") == [
                    "reading the schema", "opening the snapshot of 1 tables", "reading rows",
                    "writing views, routines, triggers and events", "verifying the file",
                ])
            #expect(try made.json()["rows"] as? Int == 2)
        }
    }

    @Test func quietIsQuiet() async throws {
        try await withTool { _, tool in
            let made = try await tool.run("backup", "--quiet")
            #expect(made.errorOutput == "")
            let text = try await onTerminal(tool, "backup --quiet")
            #expect(!text.contains("reading"))
        }
    }

    @Test func aTerminalHasOneLineThatIsTakenAwayAtTheEnd() async throws {
        try await withTool { _, tool in
            let text = try await onTerminal(tool, "backup")
            #expect(text.contains("\r\u{1B}[1mreading rows\u{1B}[0m"))
            // All steps on one line, then nothing of them is left in front of the result.
            let lines = text.split(separator: "\r\n")
            #expect(lines.count == 1)
            let result = try #require(lines.first?.split(separator: "\r").last)
            #expect(result.contains("1 tables, 2 rows"))
            #expect(!result.contains("verifying"))
        }
    }

    @Test(arguments: [["NO_COLOR": "1"], [:]])
    func colourIsLeftOutWhereItIsNotWanted(_ environment: [String: String]) async throws {
        try await withTool { _, tool in
            let flag = environment.isEmpty ? " --no-color" : ""
            let text = try await onTerminal(tool, "backup\(flag)", environment)
            #expect(text.contains("reading rows"))
            #expect(!text.contains("\u{1B}"))
        }
    }

    @Test func aTerminalThatCannotMoveItsCursorGetsPlainLines() async throws {
        try await withTool { _, tool in
            let text = try await onTerminal(tool, "backup", ["TERM": "dumb"])
            #expect(text.contains("reading rows\r\n"))
        }
    }
}
