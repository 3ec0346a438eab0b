import Foundation
import OpsCore
import TestSupport
import Testing

/// What is wrong before any file is looked at.
extension MigrateFailureTests {
    @Test func theServersStateDecidesTheExitCode() async throws {
        var database = try await TestTarget.embedded.settings()
        database.database = "not_there"
        try await TestFolder.with(files: ["001_a.sql": "DO 0;"]) { folder in
            let missing = try await Tool(database: database).run("migrate", "--dir", folder)
            #expect(missing.exitCode == 78)
            #expect(missing.errorOutput.contains("CREATE DATABASE `not_there`"))

            var wrong = database
            wrong.password = Secret("wrong-secret-42")
            let denied = try await Tool(database: wrong).run("migrate", "--dir", folder)
            #expect(denied.exitCode == 77)
            #expect(!(denied.errorOutput + denied.output).contains("wrong-secret-42"))

            let away = Tool(environment: ["DATABASE_URL": "mysql://u:p@127.0.0.1:1/db"])
            #expect(try await away.run("migrate", "--dir", folder).exitCode == 69)
            let clock = ContinuousClock()
            let start = clock.now
            #expect(try await away.run("migrate", "--dir", folder, "--wait", "2").exitCode == 69)
            #expect(clock.now - start > .seconds(1))
        }
    }

    @Test func badSettingsAndBadFlagsAreToldApart() async throws {
        let url = try await Tool(environment: ["DATABASE_URL": "mysql://u:geheim@host:notaport/db"]).run("migrate")
        #expect(url.exitCode == 78)
        #expect(url.errorOutput.contains("DATABASE_URL"))
        #expect(!url.errorOutput.contains("geheim"))

        let both = try await Tool(environment: ["MYSQL_PASSWORD": "geheim", "MYSQL_PASSWORD_FILE": "/x"]).run("migrate")
        #expect(both.exitCode == 78)
        #expect(both.errorOutput.contains("MYSQL_PASSWORD_FILE"))
        #expect(!both.errorOutput.contains("geheim"))

        #expect(try await Tool().run("migrate", "--bogus").exitCode == 64)
        #expect(try await Tool().run("bogus").exitCode == 64)
        #expect(try await Tool().run("migrate", "--lock-timeout", "-1").exitCode == 64)
        #expect(try await Tool().run("--help").exitCode == 0)
    }

    @Test func wrongUsageIsToldAsJSONToWhoeverAskedForJSON() async throws {
        let outcome = try await Tool().run("migrate", "--bogus", "--format", "json")
        #expect(outcome.exitCode == 64)
        #expect(try await Tool().run("migrate", "--format=json", "--bogus").output == outcome.output)
        let error = try #require(try outcome.json()["error"] as? [String: Any])
        #expect(error["code"] as? String == "WRONG_USAGE")
        #expect((error["message"] as? String)?.contains("--bogus") == true)
        #expect((error["hint"] as? String)?.contains("Usage: sysndd-ctl migrate") == true)
        #expect(outcome.errorOutput == "")
    }
}
