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

/// The shim with accounts, on a migrated database and a mail server of a test's own.
struct AccountFixture: Sendable {
    static let json: HTTPFields = [.contentType: "application/json"]
    static let curator = "curators@example.org"

    let settings: Settings
    let trap: MailTrap

    /// - Parameter change: what is different from the usual settings, in which nobody is throttled.
    static func with(
        on target: TestTarget = .embedded, _ change: (inout Settings) -> Void = { _ in },
        _ body: @escaping @Sendable (AccountFixture, any TestClientProtocol) async throws -> Void
    ) async throws {
        try await prepared(on: target, change) { fixture in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let application = try await ApiShim.build(
                .init(settings: fixture.settings, logger: logger), threads: MultiThreadedEventLoopGroup.singleton)
            try await application.test(.live) { client in try await body(fixture, client) }
        }
    }

    /// The same without a shim.
    static func prepared(
        on target: TestTarget = .embedded, _ change: (inout Settings) -> Void = { _ in },
        _ body: (AccountFixture) async throws -> Void
    ) async throws {
        let trap = MailTrap()
        try await trap.start()
        try await TestDatabase.with(on: target) { database in
            try await fill(database, from: templates.name(on: target))
            var settings = try SettingsReader(environment: [:], workingDirectory: "/", homeDirectory: "/").read()
            settings.database = database
            settings.migrations.directory = migrations
            settings.server.port = 0
            settings.server.baseURL = "https://example.org"
            settings.auth = AuthSettings(
                jwtSecret: Secret("a key of the tests, 32 bytes long"), passwordSalt: Secret("salt"),
                attemptMaximum: 1000)
            settings.mail = MailSettings(
                host: "127.0.0.1", port: trap.port, security: .none, sender: "SysNDD <noreply@example.org>",
                curatorAddress: curator)
            change(&settings)
            try await body(AccountFixture(settings: settings, trap: trap))
        }
        try await trap.stop()
    }

    static let migrations = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../migrations").standardized.path

    // MARK: - Database

    /// Migrated databases that the others are copied from: migrations of one server wait for each other.
    private actor Templates {
        private var made: [String: Task<String, any Error>] = [:]

        func name(on target: TestTarget) async throws -> String {
            if let task = made[target.description] { return try await task.value }
            let task = Task { try await AccountFixture.makeTemplate(on: target) }
            made[target.description] = task
            return try await task.value
        }
    }

    private static let templates = Templates()

    private static func makeTemplate(on target: TestTarget) async throws -> String {
        var settings = try await target.settings()
        settings.database = "accounts_template_" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let connection = try await DatabaseConnection(settings, selectingDatabase: false)
        try await connection.execute("CREATE DATABASE \(identifier: settings.database) CHARACTER SET utf8mb4")
        _ = try await Migrator(database: settings, directory: migrations)
            .up(MigrationOptions(lockTimeout: .seconds(600)))
        return settings.database
    }

    /// The tables with their foreign keys, and the accounts that migrations make.
    private static func fill(_ database: DatabaseSettings, from template: String) async throws {
        try await DatabaseConnection(database).run { session in
            try session.execute("SET foreign_key_checks = 0")
            let tables = try session.query(
                """
                SELECT table_name AS name FROM information_schema.tables
                WHERE table_schema = \(template) AND table_type = 'BASE TABLE'
                """)
            for name in tables.compactMap({ $0.text("name") }) {
                let made = try session.query("SHOW CREATE TABLE \(identifier: template).\(identifier: name)")
                try session.execute(SQLQuery(unquoted: made.first?.text(1) ?? ""))
            }
            try session.execute("INSERT INTO `user` SELECT * FROM \(identifier: template).`user`")
        }
    }

    func query(_ query: SQLQuery) async throws -> ResultSet {
        try await DatabaseConnection(settings.database).query(query)
    }

    func value(_ query: SQLQuery) async throws -> String? { try await self.query(query).first?.text(0) }

    /// An account as an old version of the application left it: the password in plain text.
    func addAccount(_ name: String, password: String?, role: Role = .viewer, approved: Bool = true) async throws -> Int
    {
        let connection = try await DatabaseConnection(settings.database)
        return Int(
            try await connection.execute(
                """
                INSERT INTO `user` (user_name, password, email, user_role, approved, first_name, family_name)
                VALUES (\(name), \(password), \(name + "@example.org"), \(role.rawValue), \(approved), 'Ada', 'Lovelace')
                """
            ).lastInsertID)
    }

    // MARK: - Requests

    func bearer(_ role: Role) async throws -> HTTPFields {
        let token = try await AccessToken(settings.auth).issueForAutomation(role: role, lifetime: .seconds(600))
        return [.authorization: "Bearer \(token)", .contentType: "application/json"]
    }

    static func registration(_ name: String = "newuser", _ changes: [String: Any?] = [:]) throws -> String {
        var fields: [String: Any?] = [
            "user_name": name, "first_name": "Grace", "family_name": "Hopper", "email": "\(name)@example.org",
            "orcid": orcid(name), "comment": "I curate genes.", "terms_agreed": "accepted",
        ]
        fields.merge(changes) { $1 }
        return String(
            decoding: try JSONSerialization.data(withJSONObject: fields.compactMapValues { $0 }), as: UTF8.self)
    }

    /// One that differs by name.
    private static func orcid(_ name: String) -> String {
        let sum = name.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 10_000 }
        return "0000-0001-\(String(sum + 10_000).dropFirst())-000X"
    }
}

extension TestClientProtocol {
    func signUp(_ body: String) async throws -> Answer {
        try await send(.post, "/api/auth/signup", AccountFixture.json, body: body)
    }

    func authenticate(_ name: String, _ password: String) async throws -> Answer {
        let body = try JSONEncoder().encode(["user_name": name, "password": password])
        return try await send(
            .post, "/api/auth/authenticate", AccountFixture.json, body: String(decoding: body, as: UTF8.self))
    }

    /// The statuses of requests at once, each over a connection of its own: this client has one for all, and sends the next
    /// once it has the answer.
    func together(_ method: String, _ path: String, token: String, bodies: [String]) async -> [Int?] {
        guard let port = port.flatMap(UInt16.init(exactly:)) else { return [] }
        return await PlainHTTP.onThreads(bodies.count) { number in
            let body = bodies[number]
            let head = [
                "\(method) \(path) HTTP/1.1", "Host: 127.0.0.1", "Authorization: Bearer \(token)",
                "Content-Type: application/json", "Content-Length: \(body.utf8.count)", "Connection: close",
            ]
            let text = head.joined(separator: "\r\n") + "\r\n\r\n" + body
            return PlainHTTP(port: port).status(ofBytes: Array(text.utf8))
        }
    }

    func change(_ token: String, to password: String, _ repeated: String? = nil) async throws -> Answer {
        let body = try JSONEncoder().encode(["password": password, "password_confirm": repeated ?? password])
        return try await send(
            .post, "/api/user/password/reset/change",
            [.authorization: "Bearer \(token)", .contentType: "application/json"],
            body: String(decoding: body, as: UTF8.self))
    }
}

extension Answer {
    /// The one text in an answer such as `["…"]`.
    var single: String {
        get throws { try JSONDecoder().decode([String].self, from: Data(text.utf8)).first ?? "" }
    }
}
