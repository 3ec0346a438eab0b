import Foundation
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct MetricsTests {
    @Test func everyMetricHasItsHelpAndItsTypeOnceAndTheNamesStay() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("manual_2026-03-01_03-00-00.sql.gz")
            try await fixture.serving { client in
                _ = try await client.readiness { try $0.value("database") as? String == "connected" }
                _ = try await client.get("/api/nowhere")
                let answer = try await client.get("/metrics")
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
                let lines = answer.text.split(separator: "\n")
                let types = lines.filter { $0.hasPrefix("# TYPE ") }.map { String($0.split(separator: " ")[2]) }
                #expect(Set(types).count == types.count)
                #expect(lines.count { $0.hasPrefix("# HELP ") } == types.count)
                for name in [
                    "build_info", "ready", "database_up", "migrations_pending", "migrations_applied",
                    "migrations_failed", "migrations_drifted", "migrations_missing", "migration_conditions_broken",
                    "migration_locked", "backups", "backups_size_bytes", "backups_incomplete",
                    "backup_last_success_timestamp_seconds", "backup_last_size_bytes",
                    "backup_last_verified_timestamp_seconds", "backup_last_proven_timestamp_seconds",
                    "backup_last_restore_seconds", "jobs",
                    "pool_connections_max", "pool_connections_active", "pool_connections_idle", "pool_waiting",
                    "http_requests_total", "http_requests_active", "http_request_duration_seconds",
                    "start_time_seconds", "resident_memory_bytes", "smtp_configured", "smtp_mails",
                    "smtp_oldest_waiting_seconds",
                ] {
                    #expect(types.contains("sysndd_ctl_\(name)"), "\(name)")
                }
                #expect(lines.contains("sysndd_ctl_database_up 1"))
                #expect(lines.contains("sysndd_ctl_backups{kind=\"manual\"} 1"))
                #expect(
                    lines.contains("sysndd_ctl_http_requests_total{method=\"GET\",route=\"NotFound\",status=\"404\"} 1")
                )
                #expect(!answer.text.contains("nowhere"))
                for line in lines where !line.hasPrefix("#") {
                    let value = line.split(separator: " ").last.map(String.init) ?? ""
                    #expect(value == "+Inf" || Double(value) != nil, "\(line)")
                }
            }
        }
    }

    /// The example rules and the dashboard use no name that the shim does not tell.
    @Test func theExamplesKnowOnlyNamesThatThereAre() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("manual_2026-03-01_03-00-00.sql.gz")
            try await fixture.serving { client in
                _ = try await client.readiness { try $0.value("database") as? String == "connected" }
                let metrics = try await client.get("/metrics").text
                let known = Set(
                    metrics.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map {
                        String($0.split(separator: " ")[2])
                    })
                let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../deploy")
                for file in ["prometheus/alerts.yml", "grafana/dashboard.json"] {
                    let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
                    let used = text.matches(of: /sysndd_ctl_[a-z_]+/).map { String($0.output) }
                    #expect(used.count > 5)
                    for name in used {
                        let base = ["_bucket", "_sum", "_count"].reduce(name) { name, end in
                            name.hasSuffix(end) && !known.contains(name) ? String(name.dropLast(end.count)) : name
                        }
                        #expect(known.contains(base), "\(file): \(name)")
                    }
                }
            }
        }
    }

    @Test func mailsOfTheOutboxAreCountedByState() async throws {
        try await OperationFixture.with { fixture in
            let session = try await DatabaseConnection(fixture.settings.database)
            try await session.execute(
                "CREATE TABLE sysndd_ctl_outbox (state VARCHAR(16), created_at DATETIME(6)) COMMENT='sysndd-ctl'")
            try await session.execute(
                """
                INSERT INTO sysndd_ctl_outbox VALUES ('waiting', UTC_TIMESTAMP(6) - INTERVAL 1000 SECOND),
                    ('waiting', UTC_TIMESTAMP(6)), ('sent', UTC_TIMESTAMP(6)), ('failed', UTC_TIMESTAMP(6))
                """)
            try await fixture.serving { client in
                _ = try await client.readiness { try $0.value("database") as? String == "connected" }
                let lines = try await client.get("/metrics").text.split(separator: "\n")
                #expect(lines.contains(#"sysndd_ctl_smtp_mails{state="waiting"} 2"#))
                #expect(lines.contains(#"sysndd_ctl_smtp_mails{state="failed"} 1"#))
                #expect(lines.contains("sysndd_ctl_smtp_configured 0"))
                let age = lines.first { $0.hasPrefix("sysndd_ctl_smtp_oldest_waiting_seconds ") }
                #expect((age?.split(separator: " ").last.flatMap { Double($0) } ?? 0) >= 1000)
            }
        }
    }

    @Test func withoutADatabaseTheFiguresThatAreNotKnownAreLeftOut() async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.settings.database.socket = nil
            fixture.settings.database.port = 1
            fixture.settings.backups.directory += "/missing"
            try await fixture.serving { client in
                let text = try await client.get("/metrics").text
                #expect(text.contains("\nsysndd_ctl_database_up 0\n"))
                #expect(text.contains("\nsysndd_ctl_ready 0\n"))
                #expect(text.contains("\nsysndd_ctl_backup_folder_readable 0\n"))
                #expect(!text.contains("\nsysndd_ctl_migrations_pending "))
            }
        }
    }

    @Test func aLabelsValueIsEscaped() {
        let metric = Metric("a", .gauge, "A.", [.init(labels: [("l", "a\"b\\c\nd")], value: 1.5)])
        #expect(
            metric.text
                == "# HELP sysndd_ctl_a A.\n# TYPE sysndd_ctl_a gauge\nsysndd_ctl_a{l=\"a\\\"b\\\\c\\nd\"} 1.5\n")
    }
}
