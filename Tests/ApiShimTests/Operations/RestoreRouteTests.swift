import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct RestoreRouteTests {
    private static func order(_ name: String, _ word: String? = "RESTORE") -> String {
        let confirmation = word.map { ", \"confirm\": \"\($0)\"" } ?? ""
        return "{\"filename\": \"\(name)\"\(confirmation)}"
    }

    @Test func refusalsComeInTheContractsOrder() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("a.sql")
            try FileManager.default.createSymbolicLink(
                atPath: fixture.folder + "/link.sql", withDestinationPath: fixture.folder + "/a.sql")
            let token = try await fixture.token()
            let curator = try await fixture.token(.curator)
            let holder = LeaseOwner(operation: "backup_restore", jobID: "6f9619ff-8b86-d011-b42d-00c04fc964ff")
            let long = String(repeating: "a", count: 300) + ".sql"
            let cases: [(body: String?, status: Int, code: String)] = [
                (nil, 400, "MISSING_FILENAME"), ("", 400, "MISSING_FILENAME"), ("{}", 400, "MISSING_FILENAME"),
                (#"{"confirm": "RESTORE"}"#, 400, "MISSING_FILENAME"), (Self.order(""), 400, "MISSING_FILENAME"),
                (Self.order("../a.sql", nil), 400, "INVALID_FILENAME"),
                (Self.order("/etc/passwd"), 400, "INVALID_FILENAME"), (Self.order(long), 400, "INVALID_FILENAME"),
                (Self.order(#"a\u0000.sql"#), 400, "INVALID_FILENAME"),
                (Self.order(#"..\\a.sql"#), 400, "INVALID_FILENAME"), (Self.order("latest"), 400, "INVALID_FILENAME"),
                (Self.order("missing.sql", nil), 404, "BACKUP_NOT_FOUND"),
                (Self.order("link.sql"), 404, "BACKUP_NOT_FOUND"),
                (Self.order("%2e%2e%2fa.sql"), 404, "BACKUP_NOT_FOUND"),
                (Self.order("a.sql", nil), 400, "CONFIRMATION_REQUIRED"),
                (Self.order("a.sql", "restore"), 400, "CONFIRMATION_REQUIRED"),
                (Self.order("a.sql"), 409, "RESTORE_IN_PROGRESS"),
            ]
            try await fixture.serving { client in
                let path = "/api/backup/restore"
                #expect(try await client.call(.post, path, json: Self.order("a.sql")).status == 401)
                #expect(try await client.call(.post, path, token: curator, json: Self.order("a.sql")).status == 403)
                try await Lease.with(fixture.settings.database, owner: holder) { _ in
                    for one in cases {
                        let answer = try await client.call(.post, path, token: token, json: one.body)
                        #expect(answer.status == one.status, "\(one)")
                        #expect(answer.error == one.code, "\(one)")
                        #expect(!answer.text.contains(fixture.folder))
                    }
                    let busy = try await client.call(.post, path, token: token, json: Self.order("a.sql"))
                    #expect(try busy.value("existing_job_id") as? String == holder.jobID)
                }
                let undo = try await client.call(.post, "/api/backup/undo", token: token)
                #expect(undo.status == 409)
                #expect(undo.error == "RESTORE_NOTHING_KEPT")
                // Nothing of all this became a job.
                let history = try await client.call(.get, "/api/jobs/history", token: token)
                #expect(try history.value("meta", "count") as? Int == 0)
            }
        }
    }

    @Test func aRestoreIsWatchedRememberedAndUndone() async throws {
        try await OperationFixture.withOwnServer { fixture in
            let session = try await DatabaseConnection(fixture.settings.database)
            try await session.execute("CREATE TABLE t (i INT PRIMARY KEY) SELECT seq AS i FROM seq_1_to_100")
            let count: @Sendable () async throws -> Int? = {
                try await session.query("SELECT COUNT(*) FROM t").first?.int(0)
            }
            let token = try await fixture.token()
            try await fixture.serving { client in
                let backup = try await client.job("/api/backup/create", token: token)
                let file = try #require(backup.value("result", "file") as? String)
                let name = URL(filePath: file).lastPathComponent
                try await session.execute("DELETE FROM t WHERE i > 10")

                let restored = try await client.job("/api/backup/restore", token: token, json: Self.order(name))
                #expect(try restored.value("status") as? String == "completed", "\(restored.text)")
                #expect(try restored.value("operation") as? String == "backup_restore")
                #expect(try restored.value("result", "mode") as? String == "shadow")
                #expect((try restored.value("result", "safety_backup") as? String)?.contains("pre-restore_") == true)
                #expect(try await count() == 100)
                // The restore exchanged the tables, and neither its own job nor those before it are gone.
                let history = try await client.call(.get, "/api/jobs/history", token: token)
                let rows = try #require(history.value("data") as? [[String: Any]])
                #expect(rows.map { $0["operation"] as? String } == ["backup_restore", "backup_create"])
                let audit = try await client.call(.get, "/api/admin/audit", token: token)
                let actions = try #require(audit.value("data") as? [[String: Any]]).map { $0["action"] as? String }
                #expect(actions.contains("POST /api/backup/create") && actions.contains("POST /api/backup/restore"))

                let kept = try await client.call(.get, "/api/admin/restores", token: token)
                #expect(try kept.value("database") as? String == fixture.settings.database.database)
                let item = try #require((kept.value("restores") as? [[String: Any]])?.first)
                #expect(item["state"] as? String == "done")

                let holder = LeaseOwner(operation: "backup_create", jobID: "6f9619ff-8b86-d011-b42d-00c04fc964ff")
                let busy = try await Lease.with(fixture.settings.database, owner: holder) { _ in
                    try await client.call(.post, "/api/backup/undo", token: token)
                }
                #expect(busy.status == 409)
                #expect(busy.error == "BACKUP_IN_PROGRESS")
                #expect(try busy.value("existing_job_id") as? String == holder.jobID)

                let undone = try await client.job("/api/backup/undo", token: token)
                #expect(try undone.value("status") as? String == "completed", "\(undone.text)")
                #expect(try await count() == 10)
                let again = try await client.call(.post, "/api/backup/undo", token: token)
                #expect(again.status == 409)
                #expect(again.error == "RESTORE_NOTHING_KEPT")
            }
        }
    }

    @Test func aDamagedBackupTouchesNothing() async throws {
        try await OperationFixture.withOwnServer { fixture in
            let session = try await DatabaseConnection(fixture.settings.database)
            try await session.execute("CREATE TABLE t (i INT PRIMARY KEY) SELECT seq AS i FROM seq_1_to_1000")
            let token = try await fixture.token()
            try await fixture.serving { client in
                let backup = try await client.job("/api/backup/create", token: token)
                let file = try #require(backup.value("result", "file") as? String)
                let handle = try FileHandle(forUpdating: URL(filePath: file))
                let half = try handle.seekToEnd() / 2
                try handle.seek(toOffset: half)
                try handle.write(contentsOf: Data(repeating: 0xff, count: 16))
                try handle.close()
                let name = URL(filePath: file).lastPathComponent
                let failed = try await client.job("/api/backup/restore", token: token, json: Self.order(name))
                #expect(try failed.value("status") as? String == "failed")
                #expect(try failed.value("error", "code") as? String == "BACKUP_DAMAGED")
                #expect(try await session.query("SELECT COUNT(*) FROM t").first?.int(0) == 1000)
            }
        }
    }
}
