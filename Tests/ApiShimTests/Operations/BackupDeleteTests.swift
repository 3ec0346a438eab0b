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
                    ("a.sql", "{}", 400, "CONFIRMATION_REQUIRED"),
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
