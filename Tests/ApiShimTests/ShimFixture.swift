import DevStack
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import NIOPosix
import OpsCore
import TestSupport

@testable import ApiShim

/// The shim on a database and a migrations folder of a test's own.
struct ShimFixture {
    let database: DatabaseSettings
    let migrations: String
    var auth = AuthSettings(jwtSecret: Secret("a key of the tests, 32 bytes long"))

    /// The same application that `serve` runs, on a free port.
    func application(startup: MigrationResult? = nil) async throws -> some ApplicationProtocol {
        var settings = try SettingsReader(environment: [:], workingDirectory: "/", homeDirectory: "/").read()
        settings.database = database
        settings.migrations.directory = migrations
        settings.server.port = 0
        settings.auth = auth
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try await ApiShim.build(
            .init(settings: settings, logger: logger, startup: startup), threads: MultiThreadedEventLoopGroup.singleton)
    }
}

/// One answer, with its JSON.
struct Answer {
    let status: Int
    let headers: [String: String]
    let text: String

    init(_ response: TestResponse) {
        status = response.status.code
        headers = Dictionary(
            response.headers.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { first, _ in first })
        text = String(buffer: response.body)
    }

    /// The body as a JSON object.
    var json: [String: Any] {
        get throws {
            let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
            guard let object = value as? [String: Any] else { throw CocoaError(.coderReadCorrupt) }
            return object
        }
    }

    /// A value inside the body, by the names on the way to it.
    func value(_ path: String...) throws -> Any? {
        try path.reduce(json as Any?) { ($0 as? [String: Any])?[$1] }
    }
}

extension TestClientProtocol {
    func get(_ path: String) async throws -> Answer {
        try await execute(uri: path, method: .get) { Answer($0) }
    }

    /// The answer of the readiness probe once `condition` holds: on a busy machine the first checks may come too late.
    func readiness(_ condition: (Answer) throws -> Bool) async throws -> Answer {
        var answer = try await get("/api/health/ready")
        try await eventually {
            answer = try await get("/api/health/ready")
            return try condition(answer)
        }
        return answer
    }
}
