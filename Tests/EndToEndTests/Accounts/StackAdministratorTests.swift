import Foundation
import TestSupport
import Testing

@testable import DevStack
@testable import OpsCore

/// The administrator of a private stack: whoever may read its folder can sign in at once.
@Suite(.serialized) struct StackAdministratorTests {
    private func up(_ tool: Tool) async throws -> [String: Any] {
        let outcome = try await tool.run(
            "dev", "up", "--dir", AccountCommandTests.migrations, "--format", "json")
        #expect(outcome.exitCode == 0, "\(outcome.errorOutput)")
        return try outcome.json()
    }

    private func signIn(_ report: [String: Any]) async throws -> Int {
        let file = try #require(report["administrator_password_file"] as? String)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let password = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines)
        let name = try #require(report["administrator"] as? String)
        var call = HTTPCall(
            method: "POST", url: try #require(report["url"] as? String) + "/api/auth/authenticate")
        call.headers["Content-Type"] = "application/json"
        call.body = try JSONEncoder().encode(["user_name": name, "password": password])
        let answer = try await call.send(within: .seconds(60))
        guard answer.status == 200 else { return answer.status }
        let token = try #require(JSONDecoder().decode([String].self, from: answer.body).first)
        var list = HTTPCall(url: try #require(report["url"] as? String) + "/api/auth/signin")
        list.headers["Authorization"] = "Bearer \(token)"
        let claims = try await list.send()
        #expect(claims.text.contains(#""user_role":["Administrator"]"#))
        return claims.status
    }

    @Test func theAdministratorOfTheReportCanSignInAndKeepsItsPassword() async throws {
        try await TestFolder.with { folder in
            let tool = Tool(folder: folder)
            do {
                let first = try await up(tool)
                #expect(try await signIn(first) == 200)
                let second = try await up(tool)
                #expect(try await signIn(second) == 200)
                // Without its file nobody knows the password any more, so there is a new one.
                try FileManager.default.removeItem(
                    atPath: try #require(second["administrator_password_file"] as? String))
                #expect(try await signIn(up(tool)) == 200)
                let token = try await tool.run("token", "--role", "Administrator", "--env-file", ".sysndd/env")
                #expect(token.exitCode == 0, "\(token.errorOutput)")
            } catch {
                _ = try await tool.run("dev", "reset")
                throw error
            }
            #expect(try await tool.run("dev", "reset").exitCode == 0)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder + "/.sysndd").filter { $0.contains("admin") }
                    == [])
        }
    }
}
