import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct JobRouteTests {
    @Test func anUnknownJobIsNotFound() async throws {
        try await OperationFixture.with { fixture in
            let token = try await fixture.token()
            try await fixture.serving { client in
                for id in ["6f9619ff-8b86-d011-b42d-00c04fc964ff", "1", "%27%20OR%201=1", "latest"] {
                    for path in ["status", "events"] {
                        let answer = try await client.call(.get, "/api/jobs/\(id)/\(path)")
                        #expect(answer.status == 404, "\(id)")
                        #expect(answer.error == "JOB_NOT_FOUND")
                    }
                }
                let history = try await client.call(.get, "/api/jobs/history", token: token)
                #expect(try history.value("meta", "count") as? Int == 0)
                #expect(try history.value("meta", "limit") as? Int == 20)
                for limit in ["0", "101", "x", ""] {
                    let answer = try await client.call(.get, "/api/jobs/history?limit=\(limit)", token: token)
                    #expect(answer.status == 400, "\(limit)")
                }
            }
        }
    }

    /// A killed shim leaves the row of its job and no lease.
    @Test func theJobOfAKilledShimIsFailedForWhoeverLooks() async throws {
        try await OperationFixture.with { fixture in
            let token = try await fixture.token()
            let id = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
            try fixture.write("a.sql")
            try await fixture.serving { client in
                // The first job makes the table.
                let first = try await client.call(.post, "/api/backup/verify/a.sql", token: token)
                _ = try await client.end(ofJob: #require(first.value("job_id") as? String), token: token)
                try await DatabaseConnection(fixture.settings.database).execute(
                    """
                    INSERT INTO sysndd_ctl_jobs (id, operation, status, step, submitted_by, submitted_at, heartbeat_at)
                    VALUES (\(id), 'backup_create', 'running', 'rows', 'ada', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
                    """)
                let summary = try await client.call(.get, "/api/jobs/\(id)/status")
                #expect(try summary.value("status") as? String == "failed")
                #expect(try summary.value("error", "code") as? String == "LEASE_EXPIRED")
                let history = try await client.call(.get, "/api/jobs/history?limit=1", token: token)
                let row = try #require((history.value("data") as? [[String: Any]])?.first)
                #expect(row["status"] as? String == "failed")
                #expect(row["error_message"] as? String != nil)
            }
        }
    }
}
