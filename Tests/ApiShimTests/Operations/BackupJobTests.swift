import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import Testing

@testable import ApiShim

@Suite struct BackupJobTests {
    @Test func aBackupIsMadeWatchedVerifiedAndRemembered() async throws {
        try await OperationFixture.with { fixture in
            let session = try await DatabaseConnection(fixture.settings.database)
            try await session.execute("CREATE TABLE t (i INT PRIMARY KEY) SELECT seq AS i FROM seq_1_to_100")
            let token = try await fixture.token()
            try await fixture.serving { client in
                let accepted = try await client.call(.post, "/api/backup/create", token: token)
                #expect(accepted.status == 202)
                #expect(Set(try accepted.json.keys) == ["job_id", "status", "estimated_seconds", "status_url"])
                #expect(try accepted.value("status") as? String == "accepted")
                let id = try #require(accepted.value("job_id") as? String)
                #expect(accepted.headers["location"] == "/api/jobs/\(id)/status")
                #expect(accepted.headers["retry-after"] == "5")

                let events = try await client.call(.get, "/api/jobs/\(id)/events")
                #expect(events.headers["content-type"] == "text/event-stream")
                #expect(events.text.contains("event: end\ndata: {"))
                let done = try await client.end(ofJob: id, token: token)
                #expect(done.status == 200)
                #expect(try done.value("status") as? String == "completed")
                #expect(try done.value("error") is NSNull)
                #expect(try done.value("completed_at") as? String != nil)
                // The row of the audit is in it as well, where it was written in time.
                #expect([100, 101].contains(try done.value("result", "rows") as? Int), "\(done.text)")
                let file = try #require(done.value("result", "file") as? String)
                let name = URL(filePath: file).lastPathComponent
                #expect(FileManager.default.fileExists(atPath: "\(fixture.folder)/\(name)"))
                #expect(!FileManager.default.fileExists(atPath: "\(fixture.folder)/.partial-\(name)"))

                // What the file is called is nobody else's business.
                let summary = try await client.call(.get, "/api/jobs/\(id)/status/")
                #expect(summary.status == 200)
                #expect(!summary.text.contains(name))

                let verification = try await client.call(.post, "/api/backup/verify/\(name)", token: token)
                #expect(verification.status == 202)
                let verified = try await client.end(
                    ofJob: #require(verification.value("job_id") as? String), token: token)
                #expect(try verified.value("status") as? String == "completed")
                #expect(try verified.value("result", "ok") as? Bool == true)

                let history = try await client.call(.get, "/api/jobs/history?limit=5", token: token)
                let rows = try #require(history.value("data") as? [[String: Any]])
                #expect(rows.map { $0["operation"] as? String } == ["backup_verify", "backup_create"])
                #expect(rows.first?["error_message"] is NSNull)
                for name in ["job_id", "status", "submitted_at", "completed_at", "duration_seconds"] {
                    #expect(rows.first?[name] != nil, "\(name)")
                }
                #expect(try history.value("meta", "count") as? Int == 2)
                #expect(try history.value("meta", "limit") as? Int == 5)
            }
        }
    }

    @Test func aDamagedBackupFailsItsVerification() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("cut.sql", "-- MySQL dump 10.13\nINSERT INTO t VALUES (1")
            let token = try await fixture.token()
            try await fixture.serving { client in
                let accepted = try await client.call(.post, "/api/backup/verify/cut.sql", token: token)
                #expect(accepted.status == 202)
                let id = try #require(accepted.value("job_id") as? String)
                let failed = try await client.end(ofJob: id, token: token)
                #expect(try failed.value("status") as? String == "failed")
                #expect(try failed.value("error", "code") as? String == "BACKUP_DAMAGED")
                #expect((try failed.value("error", "message") as? String)?.contains("cut.sql") == true)
                #expect(try failed.json["result"] == nil)
                let missing = try await client.call(.post, "/api/backup/verify/missing.sql", token: token)
                #expect(missing.status == 404)
                #expect(missing.error == "BACKUP_NOT_FOUND")
            }
        }
    }

    @Test func aSecondOperationIsToldWhatIsInItsWay() async throws {
        try await OperationFixture.with { fixture in
            let token = try await fixture.token()
            let holder = LeaseOwner(operation: "backup_restore", jobID: "6f9619ff-8b86-d011-b42d-00c04fc964ff")
            try await fixture.serving { client in
                let restoring = try await Lease.with(fixture.settings.database, owner: holder) { _ in
                    try await client.call(.post, "/api/backup/create", token: token)
                }
                #expect(restoring.status == 409)
                #expect(restoring.error == "RESTORE_IN_PROGRESS")
                #expect(try restoring.value("existing_job_id") as? String == holder.jobID)
                try fixture.write("a.sql")
                let verifying = try await Lease.with(fixture.settings.database, owner: holder) { _ in
                    try await client.call(.post, "/api/backup/verify/a.sql", token: token)
                }
                #expect(verifying.status == 409)
                #expect(verifying.error == "RESTORE_IN_PROGRESS")
                #expect(try verifying.value("existing_job_id") as? String == holder.jobID)
                // One of the command line has no job.
                let owner = LeaseOwner(operation: "backup")
                let backingUp = try await Lease.with(fixture.settings.database, owner: owner) { _ in
                    try await client.call(.post, "/api/backup/create", token: token)
                }
                #expect(backingUp.status == 409)
                #expect(backingUp.error == "BACKUP_IN_PROGRESS")
                #expect(try backingUp.value("existing_job_id") is NSNull)
            }
        }
    }

    @Test func aDoubleClickMakesOneJob() async throws {
        try await OperationFixture.with { fixture in
            let token = try await fixture.token()
            let folder = try BackupFolder(fixture.folder)
            try await fixture.serving { client in
                // Keeps the first backup from ending before the second is asked for.
                let answers = try await folder.withLock(operation: "delete") {
                    async let first = client.call(.post, "/api/backup/create", token: token)
                    async let second = client.call(.post, "/api/backup/create", token: token)
                    return try await [first, second]
                }
                #expect(answers.map(\.status).sorted() == [202, 409])
                let id = try #require(answers.first { $0.status == 202 }?.value("job_id") as? String)
                #expect(try answers.first { $0.status == 409 }?.value("existing_job_id") as? String == id)
                #expect(try await client.end(ofJob: id, token: token).value("status") as? String == "completed")
            }
        }
    }
}
