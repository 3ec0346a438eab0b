import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The commands `account` and `token`.
@Suite struct AccountCommandTests {
    static let migrations = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "migrations").path

    private func withTool(_ body: (Tool, DatabaseSettings) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            // Migrations of one server wait for each other, so on a busy machine for long.
            _ = try await Migrator(database: database, directory: Self.migrations)
                .up(MigrationOptions(lockTimeout: .seconds(600)))
            try await body(Tool(database: database), database)
        }
    }

    private func stored(_ name: String, _ database: DatabaseSettings) async throws -> DatabaseRow {
        let connection = try await DatabaseConnection(database)
        return try #require(try await connection.query("SELECT * FROM `user` WHERE user_name = \(name)").first)
    }

    @Test func aGeneratedPasswordIsPrintedOnceAndIsTheOneThatIsStored() async throws {
        try await withTool { tool, database in
            let added = try await tool.run(
                "account", "add", "admin", "--role", "administrator", "--email", "admin@example.org", "--format",
                "json")
            #expect(added.exitCode == 0, "\(added.errorOutput)")
            let password = try #require(try added.json()["password"] as? String)
            #expect(!added.errorOutput.contains(password))
            let row = try await stored("admin", database)
            #expect(row.text("user_role") == "Administrator")
            #expect(row.int("approved") == 1)
            let hash = Secret(try #require(row.text("password")))
            #expect(PasswordHash.verify(Secret(password), against: hash))

            let changed = try await tool.run("account", "set-password", "admin", "--generate")
            #expect(changed.exitCode == 0)
            #expect(!changed.output.contains(password))
            let again = try await stored("admin", database)
            #expect(again.int("session_epoch") == 1)
            #expect(!PasswordHash.verify(Secret(password), against: Secret(again.text("password") ?? "")))
            let shown = try #require(changed.output.firstMatch(of: /password: (\S+)/)?.1)
            #expect(PasswordHash.verify(Secret(String(shown)), against: Secret(again.text("password") ?? "")))

            let list = try await tool.run("account", "list", "--format", "json")
            let accounts = try #require(try list.json()["accounts"] as? [[String: Any]])
            #expect(accounts.map { $0["user_name"] as? String } == ["system", "admin"])
            #expect(accounts.map { $0["has_password"] as? Bool } == [false, true])
            #expect(!list.output.contains("$7$"))
        }
    }

    @Test func aRoleIsChangedAndTheSessionsOfTheAccountEnd() async throws {
        try await withTool { tool, database in
            #expect(try await tool.run("account", "add", "curator1", "--role", "Viewer").exitCode == 0)
            #expect(try await tool.run("account", "set-role", "curator1", "Curator").exitCode == 0)
            let row = try await stored("curator1", database)
            #expect(row.text("user_role") == "Curator")
            #expect(row.int("session_epoch") == 1)
        }
    }

    @Test func whatCannotBeDoneSaysWhy() async throws {
        try await withTool { tool, _ in
            let unknown = try await tool.run("account", "set-role", "nobody", "Curator", "--format", "json")
            #expect(unknown.exitCode == 1)
            #expect((try unknown.json()["error"] as? [String: Any])?["code"] as? String == "ACCOUNT_UNKNOWN")
            #expect(try await tool.run("account", "set-password", "nobody", "--generate").exitCode == 1)
            #expect(try await tool.run("account", "add", "four", "--role", "Viewer").exitCode == 64)
            #expect(try await tool.run("account", "add", "viewer", "--role", "Root").exitCode == 64)
            #expect(try await tool.run("account", "add", "viewer", "--role", "Viewer", "--email", "x").exitCode == 64)
            #expect(try await tool.run("account", "add", "viewer", "--role", "Viewer").exitCode == 0)
            let duplicate = try await tool.run("account", "add", "VIEWER", "--role", "Viewer")
            #expect(duplicate.exitCode == 1)
            #expect(duplicate.errorOutput.contains("another account's"))
        }
    }

    @Test func aTokenIsSignedWithTheKeyOfTheSettings() async throws {
        let key = "a key of the tests, 32 bytes long"
        let tool = Tool(environment: ["JWT_SECRET": key])
        let outcome = try await tool.run("token", "--role", "Curator", "--expires", "15m")
        #expect(outcome.exitCode == 0, "\(outcome.errorOutput)")
        let token = outcome.output.trimmingCharacters(in: .newlines)
        let claims = try await AccessToken(AuthSettings(jwtSecret: Secret(key))).verify(token)
        #expect(claims.userRole == .curator)
        #expect(abs(claims.exp - claims.iat - 900) < 0.001)

        #expect(try await tool.run("token", "--role", "Curator", "--expires", "soon").exitCode == 64)
        #expect(try await Tool().run("token", "--role", "Curator").exitCode == 78)
        let short = try await Tool(environment: ["JWT_SECRET": "much too short"]).run("token", "--role", "Curator")
        #expect(short.exitCode == 78)
        #expect(!short.errorOutput.contains("much too short"))
    }
}
