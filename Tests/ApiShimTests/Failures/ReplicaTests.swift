import DevStack
import Foundation
import Glibc
import TestSupport
import Testing

@testable import ApiShim
@testable import OpsCore

/// Several shims as processes on one database and one backup folder.
@Suite(.serialized) struct ReplicaTests {
    private struct Replica: Sendable {
        let port: UInt16
        let pid: Int32
        let token: String

        func call(_ method: String, _ path: String, _ json: String? = nil) async throws -> [String: Any] {
            let answer = try await send(method, path, json)
            let value = try JSONSerialization.jsonObject(with: answer.body)
            var object = try #require(value as? [String: Any])
            object["http"] = answer.status
            return object
        }

        func send(_ method: String, _ path: String, _ json: String? = nil) async throws -> HTTPCall.Answer {
            var call = HTTPCall(method: method, url: "http://127.0.0.1:\(port)\(path)")
            call.headers["Authorization"] = "Bearer \(token)"
            if let json {
                call.headers["Content-Type"] = "application/json"
                call.body = Data(json.utf8)
            }
            return try await call.send(within: .seconds(60))
        }

        /// The job once it is over.
        func end(_ id: String) async throws -> [String: Any] {
            try await eventually(within: .seconds(120)) {
                try await call("GET", "/api/jobs/\(id)/status")["status"] as? String != "running"
            }
            return try await call("GET", "/api/jobs/\(id)/status")
        }
    }

    /// Runs `body` with so many shims, each of which is ended afterwards.
    private func with(
        _ count: Int, _ environment: [String: String] = [:],
        _ body: @escaping @Sendable ([Replica], OperationFixture) async throws -> Void
    ) async throws {
        try await OperationFixture.withOwnServer { fixture in
            let session = try await DatabaseConnection(fixture.settings.database)
            try await session.execute(
                """
                CREATE TABLE t (i INT PRIMARY KEY, filler VARCHAR(250))
                SELECT seq AS i, REPEAT(MD5(seq), 7) AS filler FROM seq_1_to_200000
                """)
            let tool = Tool(
                database: fixture.settings.database,
                environment: [
                    "JWT_SECRET": try #require(fixture.settings.auth.jwtSecret).exposed, "BACKUP_DIR": fixture.folder,
                ].merging(environment) { $1 })
            try await start(count, tool, fixture, []) { try await body($0, fixture) }
        }
    }

    /// One inside of the other, so that none is left behind.
    private func start(
        _ count: Int, _ tool: Tool, _ fixture: OperationFixture, _ running: [Replica],
        _ body: @escaping @Sendable ([Replica]) async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body(running) }
        let port = try FreePort.find()
        let token = try await fixture.token()
        _ = try await tool.run(
            "serve", "--port", "\(port)", "--dir", fixture.settings.migrations.directory, "--log-level", "error"
        ) { pid in
            let replica = Replica(port: port, pid: pid, token: token)
            try await eventually { (try? await replica.send("GET", "/livez").status) == 200 }
            try await start(count - 1, tool, fixture, running + [replica], body)
            kill(pid, SIGTERM)
        }
    }

    private func order(_ name: String) -> String { #"{"filename": "\#(name)", "confirm": "RESTORE"}"# }

    private func backUp(_ replica: Replica) async throws -> String {
        let accepted = try await replica.call("POST", "/api/backup/create")
        let done = try await replica.end(try #require(accepted["job_id"] as? String))
        let result = try #require(done["result"] as? [String: Any], "\(done)")
        return URL(filePath: try #require(result["file"] as? String)).lastPathComponent
    }

    @Test func ofTwoRestoresThatAreAskedForAtOnceOneRuns() async throws {
        try await with(2) { replicas, fixture in
            let name = try await backUp(replicas[0])
            async let first = replicas[0].send("POST", "/api/backup/restore", order(name))
            async let second = replicas[1].send("POST", "/api/backup/restore", order(name))
            let answers = try await [first, second]
            #expect(answers.map(\.status).sorted() == [202, 409])
            func field(_ status: Int, _ name: String) throws -> String? {
                let body = try #require(answers.first { $0.status == status }).body
                return (try JSONSerialization.jsonObject(with: body) as? [String: Any])?[name] as? String
            }
            let id = try #require(try field(202, "job_id"))
            #expect(try field(409, "error") == "RESTORE_IN_PROGRESS")
            #expect(try field(409, "existing_job_id") == id)
            for replica in replicas {
                let done = try await replica.end(id)
                #expect(done["status"] as? String == "completed", "\(done)")
            }
        }
    }

    @Test func fourReplicasTellTheSame() async throws {
        try await with(4) { replicas, fixture in
            let accepted = try await replicas[0].call("POST", "/api/backup/create")
            let id = try #require(accepted["job_id"] as? String)
            for replica in replicas {
                let status = try await replica.call("GET", "/api/jobs/\(id)/status")
                #expect(status["operation"] as? String == "backup_create")
                let busy = try await replica.call("POST", "/api/backup/create")
                // A fast machine has ended the first meanwhile.
                guard busy["http"] as? Int == 409 else { continue }
                #expect(busy["existing_job_id"] as? String == id)
            }
            for replica in replicas { #expect(try await replica.end(id)["status"] as? String == "completed") }
            // Whatever was begun beside it is over too before they are compared.
            for replica in replicas {
                try await eventually {
                    let rows = try await replica.call("GET", "/api/jobs/history")["data"] as? [[String: Any]]
                    return rows?.allSatisfy { $0["completed_at"] is String } == true
                }
            }
            for path in ["/api/jobs/history", "/api/backup/list", "/api/admin/audit", "/api/admin/migrations"] {
                var texts: Set<String> = []
                for replica in replicas { texts.insert(try await replica.send("GET", path).text) }
                #expect(texts.count == 1, "\(path)")
            }
        }
    }

    @Test func theJobOfAShimThatWasKilledIsFailedAndTheNextOneRuns() async throws {
        try await with(2) { replicas, fixture in
            let accepted = try await replicas[0].call("POST", "/api/backup/create")
            let id = try #require(accepted["job_id"] as? String)
            try await eventually { try partials(fixture).isEmpty == false }
            kill(replicas[0].pid, SIGKILL)
            let failed = try await replicas[1].end(id)
            #expect(failed["status"] as? String == "failed", "\(failed)")
            #expect((failed["error"] as? [String: Any])?["code"] as? String == "LEASE_EXPIRED")
            #expect(try names(fixture).isEmpty)
            let name = try await backUp(replicas[1])
            #expect(try names(fixture) == [name])
            #expect(try partials(fixture).isEmpty)
        }
    }

    /// A dead shim cannot tell that its job failed, so the others do; none of them was asked for the job.
    @Test func ofAJobWhoseShimWasKilledTheOthersTellOnce() async throws {
        let hook = try LocalHTTPServer()
        defer { hook.stop() }
        try await with(3, ["NOTIFY_WEBHOOK_URL": hook.url("/hook")]) { replicas, fixture in
            let accepted = try await replicas[0].call("POST", "/api/backup/create")
            let id = try #require(accepted["job_id"] as? String)
            try await eventually { try partials(fixture).isEmpty == false }
            kill(replicas[0].pid, SIGKILL)
            try await eventually(within: .seconds(120)) { hook.requests.isEmpty == false }
            let body = try JSONSerialization.jsonObject(with: Data(hook.requests[0].body.utf8))
            let notice = try #require(body as? [String: Any])
            #expect(notice["event"] as? String == "failure")
            #expect(notice["operation"] as? String == "backup")
            #expect((notice["error"] as? [String: Any])?["code"] as? String == "LEASE_EXPIRED")
            // Looking at the job tells nobody again; the next notice is that of the next backup.
            for replica in replicas[1...] {
                #expect(try await replica.end(id)["status"] as? String == "failed")
            }
            _ = try await backUp(replicas[2])
            try await eventually(within: .seconds(60)) { hook.requests.count >= 2 }
            let next = try JSONSerialization.jsonObject(with: Data(hook.requests[1].body.utf8)) as? [String: Any]
            #expect(next?["event"] as? String == "recovery")
            #expect(hook.requests.count == 2)
        }
    }

    private func names(_ fixture: OperationFixture) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
            .filter { $0.hasPrefix("manual_") && $0.hasSuffix(".sql.gz") }
    }

    private func partials(_ fixture: OperationFixture) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: fixture.folder).filter { $0.hasPrefix(".partial-") }
    }
}
