import DevStack
import Foundation
import Hummingbird
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct HealthTests {
    private static let files = ["000_a.sql": "CREATE TABLE a (i INT);", "001_b.sql": "CREATE TABLE b (i INT);"]

    @Test func readinessReportsPendingMigrationsLiveAndTurnsHealthyOnceTheyAreApplied() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: Self.files) { folder in
                let fixture = ShimFixture(database: database, migrations: folder)
                try await fixture.application().test(.live) { client in
                    let before = try await client.readiness {
                        try $0.value("reason") as? String == "migrations_pending"
                    }
                    #expect(before.status == 503)
                    #expect(try before.value("status") as? String == "unhealthy")
                    #expect(try before.value("database") as? String == "connected")
                    #expect(try before.value("migrations", "pending") as? Int == 2)
                    #expect(try before.value("migrations", "manifest", "expected_latest") as? String == "001_b.sql")

                    _ = try await Migrator(database: database, directory: folder).up()
                    let after = try await client.readiness { $0.status == 200 }
                    #expect(try after.value("status") as? String == "healthy")
                    #expect(try after.json["reason"] == nil)
                    #expect(try after.value("migrations", "pending") as? Int == 0)
                    #expect(try after.value("migrations", "applied") as? Int == 2)
                    #expect(try after.value("pool", "max_size") as? Int == 5)

                    try Data("DO 0;".utf8).write(to: URL(filePath: folder + "/002_c.sql"))
                    try await eventually { try await client.get("/api/health/ready").status == 503 }
                }
            }
        }
    }

    @Test func theBodyOfReadinessHasTheContractsNames() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: Self.files) { folder in
                let startup = try await Migrator(database: database, directory: folder).up()
                let fixture = ShimFixture(database: database, migrations: folder)
                try await fixture.application(startup: startup).test(.live) { client in
                    _ = try await client.readiness { $0.status == 200 }
                    let answer = try await client.get("/api/health/ready/")
                    #expect(
                        Set(try answer.json.keys) == ["status", "database", "migrations", "pool", "timestamp"])
                    let migrations = try #require(answer.value("migrations") as? [String: Any])
                    #expect(Set(migrations.keys) == ["pending", "applied", "startup", "manifest", "lock"])
                    #expect(try answer.value("migrations", "startup", "lock_acquired") as? Bool == true)
                    #expect(try answer.value("migrations", "startup", "fast_path") as? Bool == false)
                    #expect(try answer.value("migrations", "manifest", "ok") as? Bool == true)
                    #expect(try answer.value("migrations", "manifest", "migration_file_count") as? Int == 2)
                    #expect(try answer.value("migrations", "lock", "holder") is NSNull)
                    #expect(
                        Set(try #require(answer.value("pool") as? [String: Any]).keys) == [
                            "max_size", "active", "idle", "total",
                        ])
                    #expect(answer.headers["cache-control"] == "no-store")
                }
            }
        }
    }

    @Test func driftAndBrokenPostConditionsAreWarningsAndInTheMetrics() async throws {
        let files = ["000_a.sql": "-- sysndd: verify SELECT COUNT(*) = 0 FROM a\nCREATE TABLE a (i INT);"]
        try await TestDatabase.with { database in
            try await TestFolder.with(files: files) { folder in
                _ = try await Migrator(database: database, directory: folder).up()
                let connection = try await DatabaseConnection(database)
                let fixture = ShimFixture(database: database, migrations: folder)
                try await fixture.application().test(.live) { client in
                    _ = try await client.readiness { $0.status == 200 }
                    try await eventually {
                        try await client.get("/metrics").text.contains("\nsysndd_ctl_migration_conditions_broken 0\n")
                    }
                    #expect(try await client.get("/api/health/ready").json["warnings"] == nil)
                }
                try await connection.execute("INSERT INTO a VALUES (1)")
                try Data((files["000_a.sql"]! + "\nDO 0;").utf8).write(to: URL(filePath: folder + "/000_a.sql"))
                try await fixture.application().test(.live) { client in
                    let both = ["migration_drift", "post_condition_failed"]
                    let answer = try await client.readiness { try $0.json["warnings"] as? [String] == both }
                    #expect(answer.status == 200)
                    #expect(try answer.json["reason"] == nil)
                    let text = try await client.get("/readyz?verbose").text
                    #expect(text.contains("\nwarning: migration_drift\nwarning: post_condition_failed\n"))
                    let metrics = try await client.get("/metrics").text
                    #expect(metrics.contains("\nsysndd_ctl_migrations_drifted 1\n"))
                    #expect(metrics.contains("\nsysndd_ctl_migration_conditions_broken 1\n"))
                    #expect(metrics.contains("\nsysndd_ctl_migrations_failed 0\n"))
                }
            }
        }
    }

    /// It is told before those that are pending behind it.
    @Test func aFileThatFailedIsAReasonAndInTheMetrics() async throws {
        let files = ["000_a.sql": "INSERT INTO nowhere VALUES (1);", "001_b.sql": "DO 0;"]
        try await TestDatabase.with { database in
            try await TestFolder.with(files: files) { folder in
                await #expect(throws: MigrationRunError.self) {
                    try await Migrator(database: database, directory: folder).up()
                }
                try await ShimFixture(database: database, migrations: folder).application().test(.live) { client in
                    let answer = try await client.readiness { try $0.value("reason") as? String == "migration_error" }
                    #expect(answer.status == 503)
                    #expect(try #require(answer.value("migrations", "pending") as? Int) >= 1)
                    let metrics = try await client.get("/metrics").text
                    #expect(metrics.contains("\nsysndd_ctl_migrations_failed 1\n"))
                }
            }
        }
    }

    @Test func onlyAnAdministratorIsToldWhoHoldsTheLock() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["000_a.sql": "DO 0;"]) { folder in
                let fixture = ShimFixture(database: database, migrations: folder)
                let tokens = try await AccessToken(fixture.auth)
                let administrator = try await tokens.issueForAutomation(role: .administrator, lifetime: .seconds(600))
                let curator = try await tokens.issueForAutomation(role: .curator, lifetime: .seconds(600))
                try await Lease.with(database, owner: LeaseOwner(operation: "migrate", host: "elsewhere")) { _ in
                    try await fixture.application().test(.live) { client in
                        _ = try await client.readiness { try $0.value("migrations", "lock", "locked") as? Bool == true }
                        let told = try await client.ready(as: administrator)
                        let holder = try told.value("migrations", "lock", "holder") as? String
                        #expect(holder?.hasPrefix("migrate on elsewhere, pid ") == true)
                        #expect(try await client.ready(as: curator).value("migrations", "lock", "holder") is NSNull)
                    }
                }
            }
        }
    }

    @Test func everyFormOfAPathAnswersTheSame() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["000_a.sql": "DO 0;"]) { folder in
                try await ShimFixture(database: database, migrations: folder).application().test(.live) { client in
                    for path in ["/api/health", "/api/health/", "/health", "/health/"] {
                        let answer = try await client.get(path)
                        #expect(answer.status == 200, "\(path)")
                        #expect(try answer.value("status") as? String == "healthy")
                        #expect(Set(try answer.json.keys) == ["status", "timestamp", "version"])
                    }
                    for path in ["/api/health/ready", "/health/ready", "/health/ready/", "/readyz"] {
                        #expect(try await client.get(path).status == 503, "\(path)")
                    }
                    _ = try await client.readiness { try $0.value("reason") as? String == "migrations_pending" }
                    #expect(try await client.get("/livez").text == "ok\n")
                    #expect(try await client.get("/livez/?verbose").text == "ok\nprocess: ok\n")
                    #expect(try await client.get("/readyz").text == "not ready: migrations_pending\n")
                    #expect(try await client.get("/readyz?verbose").text.contains("migrations: 1 pending"))
                }
            }
        }
    }

    @Test func unknownRoutesAndMethodsAnswerWithAProblem() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["000_a.sql": "DO 0;"]) { folder in
                try await ShimFixture(database: database, migrations: folder).application().test(.live) { client in
                    let answer = try await client.get("/api/nowhere?token=geheim")
                    #expect(answer.status == 404)
                    #expect(answer.headers["content-type"] == "application/problem+json")
                    #expect(Set(try answer.json.keys) == ["type", "title", "status", "detail", "instance"])
                    #expect(try answer.value("instance") as? String == "/api/nowhere")
                    #expect(!answer.text.contains("geheim"))
                    #expect(answer.headers["x-request-id"]?.isEmpty == false)
                    let posted = try await client.execute(uri: "/api/health/", method: .post) { Answer($0) }
                    #expect(posted.status == 404)
                }
            }
        }
    }

    @Test func aStoppedServerIsNoticedWithinASecondAndItsReturnNeedsNoRestart() async throws {
        let server = try await TestServer.start()
        let database = server.endpoint.settings
        try await TestFolder.with(files: Self.files) { folder in
            _ = try await Migrator(database: database, directory: folder).up()
            try await ShimFixture(database: database, migrations: folder).application().test(.live) { client in
                _ = try await client.readiness { $0.status == 200 }
                let stopping = Task { try await server.server.stop() }
                try await eventually { FileManager.default.fileExists(atPath: server.endpoint.socketPath) == false }
                let clock = ContinuousClock()
                let gone = clock.now
                try await eventually { try await client.get("/api/health/ready").status == 503 }
                // Well below the time of the next regular check, also while other tests keep the machine busy.
                #expect(clock.now - gone < ReadinessMonitor.interval)
                let down = try await client.get("/api/health/ready")
                #expect(try down.value("reason") as? String == "database_unavailable")
                #expect(try down.value("database") as? String == "disconnected")
                #expect(!down.text.contains(server.endpoint.socketPath))
                #expect(try await client.get("/api/health/").status == 200)
                #expect(try await client.get("/livez").status == 200)
                _ = try await stopping.value
                _ = try await server.server.start()
                try await eventually { try await client.get("/api/health/ready").status == 200 }
            }
        }
        try await server.stop()
    }

    @Test func aShimThatStartedWithoutItsDatabaseServesOnceThatIsThere() async throws {
        let server = try await TestServer.start()
        let database = server.endpoint.settings
        try await TestFolder.with(files: Self.files) { folder in
            _ = try await Migrator(database: database, directory: folder).up()
            _ = try await server.server.stop()
            let fixture = ShimFixture(database: database, migrations: folder)
            let token = try await AccessToken(fixture.auth).issueForAutomation(
                role: .administrator, lifetime: .seconds(600))
            try await fixture.application().test(.live) { client in
                #expect(try await client.get("/api/health/").status == 200)
                #expect(try await client.get("/livez").status == 200)
                let down = try await client.get("/api/health/ready")
                #expect(down.status == 503)
                #expect(try down.value("reason") as? String == "database_unavailable")
                let refused = try await client.call(.get, "/api/jobs/history", token: token)
                #expect(refused.status == 503)
                #expect(refused.headers["retry-after"] == "5")
                _ = try await server.server.start()
                _ = try await client.readiness { $0.status == 200 }
                #expect(try await client.call(.get, "/api/jobs/history", token: token).status == 200)
            }
        }
        try await server.stop()
    }

    /// It is written once a second, and never tells another second.
    @Test func theTimeOfAnAnswerIsThatOfItsSecond() throws {
        let written = Timestamp()
        func timestamp(_ seconds: Double) throws -> String { written.text(at: Date(timeIntervalSince1970: seconds)) }
        #expect(try timestamp(1_800_000_000.1) == "2027-01-15T08:00:00Z")
        #expect(try timestamp(1_800_000_000.9) == "2027-01-15T08:00:00Z")
        #expect(try timestamp(1_800_000_001) == "2027-01-15T08:00:01Z")
        // A clock that was set back.
        #expect(try timestamp(1_700_000_000) == "2023-11-14T22:13:20Z")
    }

    @Test func whatHasBecomeAnotherIsNotToldFromMemory() throws {
        let kept = KeptJSON<[String: Int]>()
        for value in [1, 1, 2, 1] {
            #expect(String(buffer: try kept.bytes(of: ["pending": value])) == "{\"pending\":\(value)}")
        }
    }

    @Test func aHungServerNeverMakesAProbeWait() async throws {
        let server = try await TestServer.start()
        let database = server.endpoint.settings
        try await TestFolder.with(files: ["000_a.sql": "DO 0;"]) { folder in
            _ = try await Migrator(database: database, directory: folder).up()
            try await ShimFixture(database: database, migrations: folder).application().test(.live) { client in
                _ = try await client.readiness { $0.status == 200 }
                let pid = try #require(try await server.server.status().pid)
                kill(pid, SIGSTOP)
                defer { kill(pid, SIGCONT) }
                let clock = ContinuousClock()
                let hung = clock.now
                var slowest = Duration.zero
                var answers = 0
                try await eventually {
                    let start = clock.now
                    let status = try await client.get("/api/health/ready").status
                    slowest = max(slowest, clock.now - start)
                    answers += 1
                    return status == 503
                }
                #expect(slowest < .seconds(5))
                // A probe that waited for the next look at the server would be answered once or twice.
                #expect(answers > 2)
                #expect(clock.now - hung < ReadinessMonitor.interval + ReadinessMonitor.deadline + .seconds(15))
                kill(pid, SIGCONT)
                try await eventually { try await client.get("/api/health/ready").status == 200 }
            }
        }
        try await server.stop()
    }

    @Test func aShimStartsWithoutADatabaseAndReportsABrokenFolder() async throws {
        var database = try await TestTarget.embedded.settings()
        database.database = "mysql"
        let broken = ShimFixture(database: database, migrations: "/nowhere/at/all")
        try await broken.application().test(.live) { client in
            let answer = try await client.readiness { try $0.value("reason") as? String == "migration_error" }
            #expect(answer.status == 503)
            #expect(try answer.value("database") as? String == "connected")
            #expect(try answer.value("migrations", "manifest", "ok") as? Bool == false)
        }
        database.socket = nil
        database.port = 1
        try await ShimFixture(database: database, migrations: "/nowhere").application().test(.live) { client in
            let health = try await client.get("/api/health/")
            #expect(health.status == 200)
            let ready = try await client.get("/readyz")
            #expect(ready.text == "not ready: database_unavailable\n")
        }
    }
}

extension TestClientProtocol {
    fileprivate func ready(as token: String) async throws -> Answer {
        try await execute(uri: "/api/health/ready", method: .get, headers: [.authorization: "Bearer \(token)"]) {
            Answer($0)
        }
    }
}
