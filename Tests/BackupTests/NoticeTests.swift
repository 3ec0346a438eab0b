import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Notices of backups, sent to a real server.
@Suite struct NoticeTests {
    private func withServer(
        _ answers: [LocalHTTPServer.Answer] = [], _ body: (LocalHTTPServer) async throws -> Void
    ) async throws {
        let server = try LocalHTTPServer(answers)
        defer { server.stop() }
        try await body(server)
    }

    private static let quick = NoticeSender(
        patience: .init(limit: .seconds(20), pauses: [.milliseconds(10), .milliseconds(10)]))

    // MARK: - Sending

    @Test func aPostCarriesItsDocument() async throws {
        try await withServer { server in
            let request = NoticeRequest(url: Secret(server.url("/hook?key=1")), json: #"{"a":"ü"}"#)
            #expect(await Self.quick.send(request) == nil)
            #expect(server.requests == [.init(method: "POST", target: "/hook?key=1", body: #"{"a":"ü"}"#)])
        }
    }

    @Test func whatMayPassIsTriedAgain() async throws {
        try await withServer([.status(503), .nothing]) { server in
            #expect(await Self.quick.send(NoticeRequest(url: Secret(server.url("/beat")))) == nil)
            #expect(server.requests.map(\.method) == ["GET", "GET", "GET"])
        }
    }

    @Test func theAttemptsAreBounded() async throws {
        try await withServer([.status(500), .status(429), .status(502), .status(503)]) { server in
            #expect(await Self.quick.send(NoticeRequest(url: Secret(server.url("/")))) == "it answered 502")
            #expect(server.requests.count == 3)
        }
    }

    @Test(arguments: [301, 400, 401, 404, 410])
    func whatWouldBeRefusedAgainIsNotTriedAgain(_ status: Int) async throws {
        try await withServer([.status(status)]) { server in
            #expect(await Self.quick.send(NoticeRequest(url: Secret(server.url("/")))) == "it answered \(status)")
            #expect(server.requests.count == 1)
        }
    }

    @Test func aServerThatNeverAnswersIsGivenUp() async throws {
        try await withServer([.silence]) { server in
            let sender = NoticeSender(patience: .init(limit: .milliseconds(300), pauses: []))
            #expect(await sender.send(NoticeRequest(url: Secret(server.url("/")))) != nil)
        }
    }

    @Test func noReasonShowsTheURL() async throws {
        let port = try LocalHTTPServer()
        port.stop()
        for url in [port.url("/secret-token"), "http://nobody.invalid/secret-token", "gopher://x/secret-token"] {
            let reason = await NoticeSender(patience: .little).send(NoticeRequest(url: Secret(url)))
            #expect(reason != nil)
            #expect(reason?.contains("secret-token") == false)
            #expect(reason?.contains("nobody") == false)
        }
    }

    // MARK: - Backups

    private func tool(_ scope: BackupScope, _ server: LocalHTTPServer, _ more: [String: String] = [:]) -> Tool {
        let environment = [
            "BACKUP_DIR": scope.folder, "NOTIFY_WEBHOOK_URL": server.url("/hook/secret-token"),
            "HEARTBEAT_URL": server.url("/beat/secret-token"),
        ]
        return Tool(database: scope.database, environment: environment.merging(more) { $1 })
    }

    private func notices(_ server: LocalHTTPServer) throws -> [[String: Any]] {
        try server.requests.filter { $0.method == "POST" }.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.body.utf8)) as? [String: Any])
        }
    }

    @Test func successFailureAndRecoveryAreTold() async throws {
        try await BackupScope.with { scope in
            try await withServer { server in
                try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)")
                let good = tool(scope, server)
                let first = try await good.run("backup", "create", "--kind", "scheduled")
                #expect(first.exitCode == 0, "\(first.errorOutput)")
                let bad = tool(scope, server, ["MYSQL_PASSWORD": "wrong"])
                let second = try await bad.run("backup", "create", "--kind", "scheduled")
                #expect(second.exitCode == 77, "\(second.errorOutput)")
                #expect(try await good.run("backup", "create", "--kind", "scheduled").exitCode == 0)

                let told = try notices(server)
                #expect(told.map { $0["event"] as? String } == ["success", "failure", "recovery"])
                #expect(told.map { $0["failures_before"] as? Int } == [0, 0, 1])
                #expect(told.allSatisfy { $0["database"] as? String == scope.database.database })
                let backup = try #require(told[0]["backup"] as? [String: Any])
                #expect(backup["table_count"] as? Int == 1)
                #expect(told[0]["error"] is NSNull)
                let error = try #require(told[1]["error"] as? [String: Any])
                #expect(error["code"] as? String == "DATABASE_ACCESS_DENIED")
                #expect(told[1]["backup"] is NSNull)
                #expect((told[2]["text"] as? String)?.contains("again, after 1 failures") == true)

                let beats = server.requests.filter { $0.method == "GET" }.map(\.target)
                let base = "/beat/secret-token"
                #expect(
                    beats == [base + "/start", base, base + "/start", base + "/fail", base + "/start", base])
                #expect(!(second.output + second.errorOutput).contains("secret-token"))
            }
        }
    }

    /// Chat services show `text`; ntfy is told so by the query of its URL, which must arrive as it was given.
    @Test func aTargetWithATemplateInItsURLGetsItUnchangedAndASentenceToShow() async throws {
        try await BackupScope.with { scope in
            try await withServer { server in
                let target = "/topic?tpl=1&m=%7B%7B.text%7D%7D"
                let tool = tool(scope, server, ["NOTIFY_WEBHOOK_URL": server.url(target)])
                let made = try await tool.run("backup")
                #expect(made.exitCode == 0, "\(made.errorOutput)")
                #expect(server.requests.map(\.target) == [target])
                let text = try #require(try notices(server).first?["text"] as? String)
                #expect(text.contains(scope.database.database))
            }
        }
    }

    @Test func theHeartbeatIsOfScheduledBackupsOnly() async throws {
        try await BackupScope.with { scope in
            try await withServer { server in
                let made = try await tool(scope, server).run("backup")
                #expect(made.exitCode == 0, "\(made.errorOutput)")
                #expect(server.requests.map(\.method) == ["POST"])
            }
        }
    }

    /// Whoever cannot be told is a note, and the exit code is that of the backup.
    @Test func aNoticeThatFailsChangesNothing() async throws {
        try await BackupScope.with { scope in
            try await withServer(Array(repeating: .status(404), count: 6)) { server in
                let tool = tool(scope, server)
                let made = try await tool.run("backup", "create", "--kind", "scheduled", "--format", "json")
                #expect(made.exitCode == 0)
                let notes = try #require(try made.json()["notes"] as? [String])
                #expect(notes.contains("the heartbeat URL was not told of the start: it answered 404"))
                #expect(notes.contains("the heartbeat URL was not told of the success: it answered 404"))
                #expect(notes.contains("the webhook did not take the notice of the success: it answered 404"))
                let failed = try await tool.run("backup", "create", "--kind", "scheduled", "--output", "/proc/x.sql.gz")
                #expect(failed.exitCode == 73, "\(failed.errorOutput)")
                #expect(failed.errorOutput.contains("note: the webhook did not take the notice of the failure"))
                for outcome in [made, failed] {
                    #expect(!(outcome.output + outcome.errorOutput).contains("secret-token"))
                }
            }
        }
    }

    @Test func aBackupThatIsStoppedTellsSo() async throws {
        try await BackupScope.with { scope in
            try await withServer { server in
                try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)")
                let holder = try await DatabaseConnection(scope.database)
                try await holder.execute("LOCK TABLES a WRITE")
                let stopped = try await tool(scope, server).run("backup", "create") { process in
                    // It waits for the table; its sessions show that.
                    try await eventually(within: .seconds(60)) {
                        let root = try await DatabaseConnection(scope.database, selectingDatabase: false)
                        return try await root.query(
                            """
                            SELECT 1 FROM information_schema.PROCESSLIST
                            WHERE DB = \(scope.database.database) AND STATE LIKE 'Waiting for table%'
                            """
                        ).first != nil
                    }
                    kill(process, SIGTERM)
                }
                #expect(stopped.exitCode == 143, "\(stopped.errorOutput)")
                #expect(try notices(server).map { $0["event"] as? String } == ["failure"])
                #expect(scope.files == [])
                try await holder.execute("UNLOCK TABLES")
            }
        }
    }
}
