import DevStack
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import OpsCore
import TestSupport

@testable import ApiShim

/// The shim on a database, a backup folder and a migrations folder of a test's own.
struct OperationFixture: Sendable {
    var settings: Settings
    var limits = ConnectionLimits()

    /// The backup folder.
    var folder: String { settings.backups.directory }

    static func with(_ body: (OperationFixture) async throws -> Void) async throws {
        try await TestDatabase.with { try await Self.with($0, body) }
    }

    /// On a server of the test's own, for what would disturb others: restores.
    static func withOwnServer(_ body: (OperationFixture) async throws -> Void) async throws {
        let server = try await TestServer.start()
        var database = server.endpoint.rootSettings
        database.database = server.endpoint.settings.database
        do { try await Self.with(database, body) } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    private static func with(
        _ database: DatabaseSettings, _ body: (OperationFixture) async throws -> Void
    ) async throws {
        try await TestFolder.with { folder in
            for name in ["backups", "migrations"] {
                try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            }
            var settings = try SettingsReader(environment: [:], workingDirectory: "/", homeDirectory: "/").read()
            settings.database = database
            settings.backups.directory = folder + "/backups"
            settings.migrations.directory = folder + "/migrations"
            settings.server.port = 0
            settings.auth = AuthSettings(jwtSecret: Secret("a key of the tests, 32 bytes long"))
            try await body(OperationFixture(settings: settings))
        }
    }

    /// Runs the same application that `serve` runs, on a free port.
    func serving(
        loggingTo logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        var options = ApiShim.Options(settings: settings, logger: logger)
        options.limits = limits
        let application = try await ApiShim.build(options, threads: MultiThreadedEventLoopGroup.singleton)
        try await application.test(.live) { try await body($0) }
    }

    func token(_ role: Role = .administrator) async throws -> String {
        try await AccessToken(settings.auth).issueForAutomation(role: role, lifetime: .seconds(600))
    }

    @discardableResult
    func write(_ name: String, _ text: String = "SELECT 1;\n-- Dump completed\n") throws -> Int {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        return text.utf8.count
    }
}

extension TestClientProtocol {
    @discardableResult
    func call(
        _ method: HTTPRequest.Method, _ path: String, token: String? = nil, json: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if json != nil { headers[.contentType] = "application/json" }
        return try await execute(uri: path, method: method, headers: headers, body: json.map { ByteBuffer(string: $0) })
        {
            Answer($0)
        }
    }

    /// Asks for a job and waits until it is over.
    /// - Returns: its status.
    func job(_ path: String, token: String, json: String? = nil) async throws -> Answer {
        var accepted = try await call(.post, path, token: token, json: json)
        // The last job's row is final a moment before its lease is free.
        try await eventually(within: .seconds(60)) {
            if accepted.status == 409 { accepted = try await call(.post, path, token: token, json: json) }
            return accepted.status != 409
        }
        guard accepted.status == 202, let id = try accepted.value("job_id") as? String else {
            throw NotAccepted(answer: accepted.text)
        }
        return try await end(ofJob: id, token: token)
    }

    /// The status of a job once it is over.
    func end(ofJob id: String, token: String) async throws -> Answer {
        var answer = try await call(.get, "/api/jobs/\(id)/status", token: token)
        try await eventually(within: .seconds(60)) {
            answer = try await call(.get, "/api/jobs/\(id)/status", token: token)
            return try answer.value("status") as? String != "running"
        }
        return answer
    }
}

struct NotAccepted: Error { let answer: String }

extension Answer {
    var error: String? { (try? json)?["error"] as? String }
    var isProblem: Bool { headers["content-type"] == "application/problem+json" }
}
