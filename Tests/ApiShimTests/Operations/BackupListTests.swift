import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import ApiShim

@Suite struct BackupListTests {
    @Test func anEntryAndThePageHaveTheContractsNames() async throws {
        try await OperationFixture.with { fixture in
            let size = try fixture.write("manual_2026-03-01_03-00-00.sql.gz")
            try FileManager.default.createSymbolicLink(
                atPath: fixture.folder + "/linked.sql", withDestinationPath: "manual_2026-03-01_03-00-00.sql.gz")
            try fixture.write(".partial-x.sql.gz")
            try fixture.write("notes.txt")
            let token = try await fixture.token()
            try await fixture.serving { client in
                for path in ["/api/backup/list", "/api/backup/list/"] {
                    let answer = try await client.call(.get, path, token: token)
                    #expect(answer.status == 200)
                    #expect(
                        Set(try answer.json.keys) == [
                            "data", "total", "page", "page_size", "limit", "offset", "links", "meta",
                        ])
                    let data = try #require(answer.value("data") as? [[String: Any]])
                    #expect(data.count == 1)
                    #expect(data.first?["filename"] as? String == "manual_2026-03-01_03-00-00.sql.gz")
                    #expect(data.first?["size_bytes"] as? Int == size)
                    #expect((data.first?["created_at"] as? String)?.hasSuffix("Z") == true)
                    #expect(data.first?["kind"] as? String == "manual")
                    #expect(data.first?["verified_at"] is NSNull)
                    for name in ["table_count", "complete", "proven_at"] {
                        #expect(data.first?[name] != nil, "\(name)")
                    }
                    #expect(try answer.value("meta", "total_count") as? Int == 1)
                    #expect(try answer.value("meta", "total_size_bytes") as? Int == size)
                    #expect(try answer.value("links", "next") is NSNull)
                }
            }
        }
    }

    @Test func pagesAndWindowsFollowEachOther() async throws {
        try await OperationFixture.with { fixture in
            let names = (10..<35).map { "manual_2026-03-01_03-00-\($0).sql.gz" }
            for name in names { try fixture.write(name) }
            let token = try await fixture.token()
            try await fixture.serving { client in
                func files(_ path: String) async throws -> (files: [String], next: String?) {
                    let answer = try await client.call(.get, path, token: token)
                    #expect(answer.status == 200, "\(path)")
                    let data = try #require(answer.value("data") as? [[String: Any]])
                    return (data.compactMap { $0["filename"] as? String }, try answer.value("links", "next") as? String)
                }
                let first = try await files("/api/backup/list")
                #expect(first.files == Array(names.reversed().prefix(20)))
                let next = try #require(first.next)
                #expect(next == "/api/backup/list?page=2&sort=newest")
                let second = try await files(next)
                #expect(second.files == Array(names.reversed().dropFirst(20)))
                #expect(second.next == nil)
                #expect(try await files("/api/backup/list?sort=oldest&limit=3&offset=1").files == Array(names[1...3]))
                #expect(try await files("/api/backup/list?limit=9999").files.count == 25)
                #expect(try await files("/api/backup/list?page=99").files.isEmpty)
            }
        }
    }

    @Test func wrongParametersAreRefused() async throws {
        try await OperationFixture.with { fixture in
            let token = try await fixture.token()
            try await fixture.serving { client in
                let sort = try await client.call(.get, "/api/backup/list?sort=size", token: token)
                #expect(sort.status == 400)
                #expect(sort.error == "INVALID_SORT_PARAMETER")
                for query in ["page=0", "limit=0", "limit=x", "offset=-1", "page=99999999999999999999"] {
                    let answer = try await client.call(.get, "/api/backup/list?\(query)", token: token)
                    #expect(answer.status == 400, "\(query)")
                    #expect(answer.isProblem)
                }
            }
        }
    }

    @Test func aFolderThatCannotBeListedIsToldWithoutItsPath() async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.settings.backups.directory += "/no/such/folder"
            let token = try await fixture.token()
            try await fixture.serving { client in
                let answer = try await client.call(.get, "/api/backup/list", token: token)
                #expect(answer.status == 500)
                #expect(answer.error == "BACKUP_LIST_FAILED")
                #expect(!answer.text.contains("such"))
            }
        }
    }

    @Test(arguments: [
        ("GET", "/api/backup/list"), ("POST", "/api/backup/create"), ("GET", "/api/backup/download/a.sql"),
        ("DELETE", "/api/backup/delete/a.sql"), ("POST", "/api/backup/verify/a.sql"), ("GET", "/api/jobs/history"),
        ("GET", "/api/admin/audit"), ("GET", "/api/admin/migrations"), ("GET", "/api/admin/migrations/plan"),
    ])
    func onlyAnAdministratorGetsThrough(_ method: String, _ path: String) async throws {
        try await OperationFixture.with { fixture in
            let curator = try await fixture.token(.curator)
            try await fixture.serving { client in
                let method = try #require(HTTPRequest.Method(rawValue: method))
                #expect(try await client.call(method, path).status == (method == .get ? 403 : 401))
                #expect(try await client.call(method, path, token: curator).status == 403)
                #expect(try await client.call(method, path, token: "a.b.c").status == 401)
            }
        }
    }
}
