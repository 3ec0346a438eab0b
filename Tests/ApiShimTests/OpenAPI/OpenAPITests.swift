import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOPosix
import OpsCore
import Testing

@testable import ApiShim

/// The document is walked: what it says is asked for, and what is answered is compared with what it says.
@Suite struct OpenAPITests {
    private static func makeAccounts(_ database: DatabaseSettings) async throws {
        try await DatabaseConnection(database).execute(
            """
            CREATE TABLE user (
                user_id INT AUTO_INCREMENT PRIMARY KEY, user_name VARCHAR(50) UNIQUE, password VARCHAR(255) NULL,
                email VARCHAR(50) UNIQUE, orcid VARCHAR(50) UNIQUE, abbreviation VARCHAR(50), first_name VARCHAR(100),
                family_name VARCHAR(100), user_role CHAR(15) NOT NULL DEFAULT 'Viewer', comment VARCHAR(250),
                terms_agreed TINYINT, approved TINYINT DEFAULT 0, rereview_request TINYINT,
                created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, password_reset_date TIMESTAMP NULL,
                session_epoch INT NOT NULL DEFAULT 0
            )
            """)
    }

    @Test func theDocumentIsServedAsItIs() async throws {
        try await OperationFixture.with { fixture in
            try await fixture.serving { client in
                let answer = try await client.get("/api/openapi.json")
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
                #expect(try answer.value("openapi") as? String == "3.1.0")
                #expect(try answer.value("info", "version") as? String == ToolVersion.current)
                #expect(answer.text.utf8.elementsEqual(PackageResources.openapi_json))
            }
        }
    }

    @Test func everyRouteIsDocumentedAndEveryDocumentedRouteIsThere() async throws {
        try await OperationFixture.with { fixture in
            var options = ApiShim.Options(settings: fixture.settings, logger: Logger(label: "test"))
            options.settings.mail.host = nil
            let (router, _) = try await ApiShim.wire(options)
            let routes = RouterWalk.routes(of: router)
            #expect(routes.count > 20)
            let documented = Set(try OpenAPIOperation.all.map(\.name))
            let pages = routes.filter { !$0.contains("/admin/") && $0 != "GET /admin" || $0.contains("/api/") }
            #expect(pages.subtracting(documented) == [])
            #expect(documented.subtracting(pages) == [])
        }
    }

    @Test func everyOperationAnswersAsDocumentedWithAndWithoutAToken() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("a.sql")
            try await Self.makeAccounts(fixture.settings.database)
            let administrator = try await fixture.token()
            let viewer = try await fixture.token(.viewer)
            let operations = try OpenAPIOperation.all
            try await fixture.serving { client in
                for operation in operations {
                    for token in [nil, viewer, "forged.token.here", administrator] {
                        for file in ["a.sql", "missing.sql", "%2e%2e%2fa.sql"] {
                            try operation.check(
                                try await client.call(operation.method, operation.filled(file), token: token))
                        }
                    }
                    guard let role = operation.role else { continue }
                    #expect(
                        try await client.call(operation.method, operation.filled("a.sql")).status
                            == (operation.method == .get ? 403 : 401), "\(operation.name)")
                    guard role > .viewer else { continue }
                    #expect(
                        try await client.call(operation.method, operation.filled("a.sql"), token: viewer).status == 403,
                        "\(operation.name)")
                }
            }
        }
    }

    @Test func bodiesOfEveryKindAreAnsweredAsDocumented() async throws {
        try await OperationFixture.with { fixture in
            let administrator = try await fixture.token()
            try await Self.makeAccounts(fixture.settings.database)
            let operations = try OpenAPIOperation.all.filter { $0.content["requestBody"] != nil }
            #expect(operations.count > 5)
            try await fixture.serving { client in
                for operation in operations {
                    for body in ["{", "[]", "{}", "null", String(repeating: " ", count: 70_000)] {
                        let answer = try await client.call(
                            operation.method, operation.filled("missing.sql"), token: administrator, json: body)
                        try operation.check(answer)
                        #expect(answer.status >= 400, "\(operation.name)")
                        #expect(answer.status != 500, "\(operation.name)")
                    }
                }
            }
        }
    }

    /// What no route can use, whatever else is wrong with it.
    @Test func whatIsTooLongIsAnsweredAsDocumentedEverywhere() async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.settings.auth.attemptMaximum = 1000
            let token = try await fixture.token()
            let operations = try OpenAPIOperation.all
            let query = "?q=" + String(repeating: "a", count: 9 * 1024)
            let body = String(repeating: " ", count: 70_000)
            try await fixture.serving { client in
                for operation in operations {
                    let path = operation.filled("a.sql")
                    let long = try await client.call(operation.method, path + query, token: token)
                    #expect(long.status == 414, "\(operation.name)")
                    try operation.check(long)
                    let large = try await client.call(operation.method, path, token: token, json: body)
                    #expect(large.status == 413, "\(operation.name)")
                    try operation.check(large)
                }
            }
        }
    }

    @Test func withoutAKeyEveryOperationAnswersAsDocumented() async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.settings.auth = AuthSettings()
            let operations = try OpenAPIOperation.all
            try await fixture.serving { client in
                for operation in operations {
                    let answer = try await client.call(operation.method, operation.filled("a.sql"))
                    try operation.check(answer)
                    #expect(RoutePath(operation.path).needsNoKey || answer.status == 503, "\(operation.name)")
                }
            }
        }
    }

    /// The answers of success that have fields of their own.
    @Test func goodAnswersAreAsDocumented() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("a.sql")
            let token = try await fixture.token()
            let operations = try OpenAPIOperation.all
            func operation(_ name: String) throws -> OpenAPIOperation {
                try #require(operations.first { $0.name == name })
            }
            let verify = try operation("POST /api/backup/verify/{file}")
            let status = try operation("GET /api/jobs/{id}/status")
            let history = try operation("GET /api/jobs/history")
            let delete = try operation("DELETE /api/backup/delete/{file}")
            let audit = try operation("GET /api/admin/audit")
            let list = try operation("GET /api/backup/list")
            let download = try operation("GET /api/backup/download/{file}")
            try await fixture.serving { client in
                let accepted = try await client.call(.post, "/api/backup/verify/a.sql", token: token)
                #expect(accepted.status == 202)
                try verify.check(accepted)
                let id = try #require(accepted.value("job_id") as? String)
                try status.check(try await client.call(.get, "/api/jobs/\(id)/status"))
                let done = try await client.end(ofJob: id, token: token)
                #expect(done.status == 200)
                try status.check(done)
                try status.check(try await client.call(.get, "/api/jobs/\(id)/status"))
                try history.check(try await client.call(.get, "/api/jobs/history", token: token))
                try list.check(try await client.call(.get, "/api/backup/list", token: token))
                let path = "/api/backup/download/a.sql"
                for range in [nil, "bytes=0-3", "bytes=99999-"] {
                    let fields: HTTPFields = range.map { [.range: $0] } ?? [:]
                    try download.check(try await client.call(.get, path, token: token, headers: fields))
                }
                let tag = try #require(try await client.call(.get, path, token: token).headers["etag"])
                let known = try await client.call(.get, path, token: token, headers: [.ifNoneMatch: tag])
                #expect(known.status == 304)
                try download.check(known)
                let deleted = try await client.call(
                    .delete, "/api/backup/delete/a.sql", token: token, json: #"{"confirm": "DELETE"}"#)
                #expect(deleted.status == 200)
                try delete.check(deleted)
                try audit.check(try await client.call(.get, "/api/admin/audit", token: token))
            }
        }
    }
}
