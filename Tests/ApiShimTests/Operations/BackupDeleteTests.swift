import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OpsCore
import Testing

@testable import ApiShim

@Suite struct BackupDeleteTests {
    private static let confirmation = #"{"confirm": "DELETE"}"#

    @Test func aBackupIsDeletedWithTheWordAndTheLinkFollows() async throws {
        try await OperationFixture.with { fixture in
            let name = "manual_2026-03-01_03-00-00.sql"
            let size = try fixture.write(name)
            let token = try await fixture.token()
            try await fixture.serving { client in
                let answer = try await client.call(
                    .delete, "/api/backup/delete/\(name)", token: token, json: Self.confirmation)
                #expect(answer.status == 200)
                #expect(Set(try answer.json.keys) == ["success", "message", "deleted_file", "deleted_size_bytes"])
                #expect(try answer.value("success") as? Bool == true)
                #expect(try answer.value("deleted_file") as? String == name)
                #expect(try answer.value("deleted_size_bytes") as? Int == size)
                #expect(!FileManager.default.fileExists(atPath: "\(fixture.folder)/\(name)"))
            }
        }
    }

    /// A later check is only reached when all before it are passed.
    @Test func theChecksComeInTheContractsOrder() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("a.sql")
            try FileManager.default.createSymbolicLink(
                atPath: fixture.folder + "/link.sql", withDestinationPath: "a.sql")
            let token = try await fixture.token()
            try await fixture.serving { client in
                let cases: [(String, String?, Int, String)] = [
                    ("..%2Fa.sql", nil, 400, "INVALID_FILENAME"),
                    ("latest.db.sql.gz", nil, 400, "CANNOT_DELETE_SYMLINK"),
                    ("missing.sql", nil, 400, "CONFIRMATION_REQUIRED"),
                    ("a.sql", #"{"confirm": "delete"}"#, 400, "CONFIRMATION_REQUIRED"),
                    ("a.sql", "{}", 400, "CONFIRMATION_REQUIRED"), ("a.sql", "", 400, "CONFIRMATION_REQUIRED"),
                    ("missing.sql", Self.confirmation, 404, "BACKUP_NOT_FOUND"),
                    ("link.sql", Self.confirmation, 400, "CANNOT_DELETE_SYMLINK"),
                ]
                for (name, body, status, code) in cases {
                    let answer = try await client.call(
                        .delete, "/api/backup/delete/\(name)", token: token, json: body)
                    #expect(answer.status == status, "\(name)")
                    #expect(answer.error == code, "\(name)")
                }
                #expect(FileManager.default.fileExists(atPath: fixture.folder + "/a.sql"))
            }
        }
    }

    /// Links of other databases lie in the same folder.
    @Test func everyLinkOfTheFolderFollows() async throws {
        try await OperationFixture.with { fixture in
            let token = try await fixture.token()
            try await fixture.serving { client in
                var names: [String] = []
                for _ in 1...2 {
                    let done = try await client.job("/api/backup/create", token: token)
                    names.append(URL(filePath: try #require(done.value("result", "file") as? String)).lastPathComponent)
                }
                let link = "\(fixture.folder)/latest.\(fixture.settings.database.database).sql.gz"
                let other = "\(fixture.folder)/latest.other.sql.gz"
                try FileManager.default.createSymbolicLink(atPath: other, withDestinationPath: names[1])
                func target(_ link: String) -> String? {
                    try? FileManager.default.destinationOfSymbolicLink(atPath: link)
                }
                #expect(target(link) == names[1])
                let deleted = try await client.call(
                    .delete, "/api/backup/delete/\(names[1])", token: token, json: Self.confirmation)
                #expect(deleted.status == 200)
                #expect(target(link) == names[0])
                #expect(target(other) == nil, "it led to a file that is gone")
            }
        }
    }

    /// Nobody has made a backup yet, or the folder is not mounted.
    @Test func aFolderThatIsNotThereHoldsNoBackup() async throws {
        try await OperationFixture.with { fixture in
            try FileManager.default.removeItem(atPath: fixture.folder)
            let token = try await fixture.token()
            let restore = #"{"filename": "a.sql", "confirm": "RESTORE"}"#
            let calls: [(HTTPRequest.Method, String, String?, Int, String)] = [
                (.get, "download/a.sql", nil, 404, "BACKUP_NOT_FOUND"),
                (.delete, "delete/a.sql", nil, 400, "CONFIRMATION_REQUIRED"),
                (.delete, "delete/a.sql", Self.confirmation, 404, "BACKUP_NOT_FOUND"),
                (.post, "verify/a.sql", nil, 404, "BACKUP_NOT_FOUND"),
                (.post, "restore", #"{"filename": "a.sql"}"#, 404, "BACKUP_NOT_FOUND"),
                (.post, "restore", restore, 404, "BACKUP_NOT_FOUND"),
            ]
            try await fixture.serving { client in
                for (method, path, body, status, code) in calls {
                    let answer = try await client.call(method, "/api/backup/\(path)", token: token, json: body)
                    #expect(answer.status == status, "\(method) \(path)")
                    #expect(answer.error == code, "\(method) \(path)")
                    #expect(!answer.text.contains(fixture.folder))
                }
                #expect(!FileManager.default.fileExists(atPath: fixture.folder))
            }
        }
    }

    @Test func nothingIsDeletedWhileAnotherOperationHasTheFolder() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("a.sql")
            let token = try await fixture.token()
            let folder = try BackupFolder(fixture.folder)
            try await fixture.serving { client in
                let answer = try await folder.withLock(operation: "restore") {
                    try await client.call(.delete, "/api/backup/delete/a.sql", token: token, json: Self.confirmation)
                }
                #expect(answer.status == 409)
                #expect(answer.error == "BACKUP_IN_PROGRESS")
                #expect(try answer.value("existing_job_id") is NSNull)
                // A job has the lease beside the lock, which tells what it is.
                let holder = LeaseOwner(operation: "backup_restore", jobID: "6f9619ff-8b86-d011-b42d-00c04fc964ff")
                let restoring = try await Lease.with(fixture.settings.database, owner: holder) { _ in
                    try await folder.withLock(operation: "restore") {
                        try await client.call(
                            .delete, "/api/backup/delete/a.sql", token: token, json: Self.confirmation)
                    }
                }
                #expect(restoring.status == 409)
                #expect(restoring.error == "RESTORE_IN_PROGRESS")
                #expect(try restoring.value("existing_job_id") as? String == holder.jobID)
                #expect(FileManager.default.fileExists(atPath: fixture.folder + "/a.sql"))
            }
        }
    }

    @Test func aBodyThatIsNotWantedIsRefused() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("a.sql")
            let token = try await fixture.token()
            try await fixture.serving { client in
                let path = "/api/backup/delete/a.sql"
                let malformed = try await client.call(.delete, path, token: token, json: "{")
                #expect(malformed.status == 400)
                #expect(malformed.isProblem)
                let text = try await client.execute(
                    uri: path, method: .delete,
                    headers: [.authorization: "Bearer \(token)", .contentType: "text/plain"],
                    body: ByteBuffer(string: Self.confirmation)
                ) { Answer($0) }
                #expect(text.status == 415)
                let long = "{\"confirm\": \"\(String(repeating: "x", count: 70_000))\"}"
                let huge = try await client.call(.delete, path, token: token, json: long)
                #expect(huge.status == 413)
            }
        }
    }
}
