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
    private struct Operation: @unchecked Sendable {
        let method: HTTPRequest.Method
        let path: String
        let content: [String: Any]
        var name: String { "\(method) \(path)" }
        var role: Role? { (content["x-role"] as? String).flatMap { Role(rawValue: $0) } }
        var responses: [String: Any] { content["responses"] as? [String: Any] ?? [:] }

        /// The path with something in the place of each parameter.
        func filled(_ file: String) -> String {
            path.replacing("{file}", with: file).replacing("{id}", with: "6f9619ff-8b86-d011-b42d-00c04fc964ff")
        }

        func schema(_ answer: Answer) -> [String: Any]? {
            let type = answer.headers["content-type"]?.split(separator: ";").first.map(String.init) ?? ""
            let content = (responses["\(answer.status)"] as? [String: Any])?["content"] as? [String: Any]
            return (content?[type] as? [String: Any]).map { $0["schema"] as? [String: Any] ?? [:] }
        }
    }

    private static var document: [String: Any] {
        get throws {
            let value = try JSONSerialization.jsonObject(with: Data(PackageResources.openapi_json))
            return try #require(value as? [String: Any])
        }
    }

    private static var operations: [Operation] {
        get throws {
            let document = try document
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            return paths.flatMap { path, methods in
                methods.compactMap { name, content in
                    HTTPRequest.Method(rawValue: name.uppercased()).map {
                        Operation(method: $0, path: path, content: content)
                    }
                }
            }.sorted { $0.name < $1.name }
        }
    }

    private static var schemas: JSONSchema {
        get throws {
            let document = try document
            let components = try #require(document["components"] as? [String: Any])
            return JSONSchema(components: try #require(components["schemas"] as? [String: Any]))
        }
    }

    /// What is answered is documented: its status, its type, and each field of it.
    private func check(_ answer: Answer, _ operation: Operation, sourceLocation: SourceLocation = #_sourceLocation)
        throws
    {
        let comment = Comment("\(operation.name) answered \(answer.status): \(answer.text.prefix(300))")
        #expect(operation.responses["\(answer.status)"] != nil, comment, sourceLocation: sourceLocation)
        guard !answer.text.isEmpty else { return }
        let schema = try #require(operation.schema(answer), comment, sourceLocation: sourceLocation)
        guard answer.headers["content-type"]?.contains("json") == true else { return }
        let value = try JSONSerialization.jsonObject(with: Data(answer.text.utf8), options: .fragmentsAllowed)
        let problems = try Self.schemas.problems(value, schema)
        #expect(problems.isEmpty, comment, sourceLocation: sourceLocation)
    }

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
            let documented = Set(try Self.operations.map(\.name))
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
            let operations = try Self.operations
            try await fixture.serving { client in
                for operation in operations {
                    for token in [nil, viewer, "forged.token.here", administrator] {
                        for file in ["a.sql", "missing.sql", "%2e%2e%2fa.sql"] {
                            try check(
                                try await client.call(operation.method, operation.filled(file), token: token), operation
                            )
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
            let operations = try Self.operations.filter { $0.content["requestBody"] != nil }
            #expect(operations.count > 5)
            try await fixture.serving { client in
                for operation in operations {
                    for body in ["{", "[]", "{}", "null", String(repeating: " ", count: 70_000)] {
                        let answer = try await client.call(
                            operation.method, operation.filled("missing.sql"), token: administrator, json: body)
                        try check(answer, operation)
                        #expect(answer.status >= 400, "\(operation.name)")
                        #expect(answer.status != 500, "\(operation.name)")
                    }
                }
            }
        }
    }

    /// The answers of success that have fields of their own.
    @Test func goodAnswersAreAsDocumented() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("a.sql")
            let token = try await fixture.token()
            let operations = try Self.operations
            func operation(_ name: String) throws -> Operation { try #require(operations.first { $0.name == name }) }
            let verify = try operation("POST /api/backup/verify/{file}")
            let status = try operation("GET /api/jobs/{id}/status")
            let history = try operation("GET /api/jobs/history")
            let delete = try operation("DELETE /api/backup/delete/{file}")
            let audit = try operation("GET /api/admin/audit")
            let list = try operation("GET /api/backup/list")
            try await fixture.serving { client in
                let accepted = try await client.call(.post, "/api/backup/verify/a.sql", token: token)
                #expect(accepted.status == 202)
                try check(accepted, verify)
                let id = try #require(accepted.value("job_id") as? String)
                try check(try await client.call(.get, "/api/jobs/\(id)/status"), status)
                let done = try await client.end(ofJob: id, token: token)
                #expect(done.status == 200)
                try check(done, status)
                try check(try await client.call(.get, "/api/jobs/\(id)/status"), status)
                try check(try await client.call(.get, "/api/jobs/history", token: token), history)
                try check(try await client.call(.get, "/api/backup/list", token: token), list)
                let deleted = try await client.call(
                    .delete, "/api/backup/delete/a.sql", token: token, json: #"{"confirm": "DELETE"}"#)
                #expect(deleted.status == 200)
                try check(deleted, delete)
                try check(try await client.call(.get, "/api/admin/audit", token: token), audit)
            }
        }
    }
}
