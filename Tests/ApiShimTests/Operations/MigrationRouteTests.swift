import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct MigrationRouteTests {
    private static let path = "/api/admin/migrations/apply"
    private static let order = #"{"confirm": "MIGRATE"}"#

    private func write(_ name: String, _ text: String, _ fixture: OperationFixture) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(fixture.settings.migrations.directory)/\(name)"))
    }

    @Test func pendingFilesArePlannedAndAppliedAsAJob() async throws {
        try await OperationFixture.with { fixture in
            try write("000_a.sql", "CREATE TABLE a (i INT);", fixture)
            try write("001_b.sql", "CREATE TABLE b (i INT); INSERT INTO b VALUES (1);", fixture)
            let token = try await fixture.token()
            try await fixture.serving { client in
                for body in [nil, "", "{}", #"{"confirm": "migrate"}"#] {
                    let refused = try await client.call(.post, Self.path, token: token, json: body)
                    #expect(refused.status == 400)
                    #expect(refused.error == "CONFIRMATION_REQUIRED")
                }
                #expect(try await client.call(.post, Self.path, json: Self.order).status == 401)
                let plan = try await client.call(.get, "/api/admin/migrations/plan", token: token)
                #expect((try plan.value("pending") as? [Any])?.count == 2)
                let done = try await client.job(Self.path, token: token, json: Self.order)
                #expect(try done.value("status") as? String == "completed", "\(done.text)")
                #expect(try done.value("operation") as? String == "migrate")
                #expect(try done.value("result", "total_applied") as? Int == 2)
                let state = try await client.call(.get, "/api/admin/migrations", token: token)
                #expect(try state.value("applied") as? Int == 2)
                #expect(try state.value("pending") as? Int == 0)
                let again = try await client.job(Self.path, token: token, json: Self.order)
                #expect(try again.value("result", "fast_path") as? Bool == true)
            }
        }
    }

    @Test func aFileThatFailsFailsTheJobAndSaysWhere() async throws {
        try await OperationFixture.with { fixture in
            try write("000_a.sql", "CREATE TABLE a (i INT);\nALTER TABLE nowhere ADD COLUMN i INT;", fixture)
            let token = try await fixture.token()
            try await fixture.serving { client in
                let failed = try await client.job(Self.path, token: token, json: Self.order)
                #expect(try failed.value("status") as? String == "failed")
                #expect(try failed.value("error", "code") as? String == "MIGRATION_FAILED")
                #expect((try failed.value("error", "message") as? String)?.contains("000_a.sql:2:1") == true)
                let state = try await client.call(.get, "/api/admin/migrations", token: token)
                #expect(try state.value("failed") as? Int == 1)
            }
        }
    }

    @Test func itWaitsForNobody() async throws {
        try await OperationFixture.with { fixture in
            let token = try await fixture.token()
            let holder = LeaseOwner(operation: "backup_create", jobID: "6f9619ff-8b86-d011-b42d-00c04fc964ff")
            try await fixture.serving { client in
                let busy = try await Lease.with(fixture.settings.database, owner: holder) { _ in
                    try await client.call(.post, Self.path, token: token, json: Self.order)
                }
                #expect(busy.status == 409)
                #expect(busy.error == "BACKUP_IN_PROGRESS")
                #expect(try busy.value("existing_job_id") as? String == holder.jobID)
            }
        }
    }
}
