import Foundation
import TestSupport
import Testing

/// What became of `migrate up` is told to the webhook.
@Suite struct MigrateNoticeTests {
    @Test func failureAndRecoveryAreToldAndNothingIsWhenNothingWasDone() async throws {
        let server = try LocalHTTPServer([.status(200), .status(404)])
        defer { server.stop() }
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["000_a.sql": "ALTER TABLE nowhere ADD COLUMN i INT;"]) { folder in
                let tool = Tool(
                    database: database,
                    environment: ["NOTIFY_WEBHOOK_URL": server.url("/secret"), "BACKUP_DIR": folder])
                let failed = try await tool.run("migrate", "up", "--dir", folder)
                #expect(failed.exitCode == 1)
                try Data("CREATE TABLE a (i INT);".utf8).write(to: URL(filePath: folder + "/000_a.sql"))
                // That the webhook refuses it does not change the outcome.
                let good = try await tool.run("migrate", "up", "--dir", folder)
                #expect(good.exitCode == 0, "\(good.errorOutput)")
                #expect(good.errorOutput.contains("the webhook did not take the notice of the recovery"))
                #expect(!(good.errorOutput + failed.errorOutput).contains("secret"))
                #expect(try await tool.run("migrate", "up", "--dir", folder).exitCode == 0)
                let told = try server.requests.map {
                    try #require(try JSONSerialization.jsonObject(with: Data($0.body.utf8)) as? [String: Any])
                }
                #expect(told.map { $0["event"] as? String } == ["failure", "recovery"])
                #expect(told.map { $0["operation"] as? String } == ["migrate", "migrate"])
            }
        }
    }
}
