import Foundation
import HummingbirdTesting
import TestSupport
import Testing

@testable import ApiShim
@testable import OpsCore

/// All connections of the pool are in use: who comes then waits, and is told when that takes too long.
@Suite struct ExhaustedPoolTests {
    /// Each call has a connection of its own, so none waits for another.
    private struct Caller: Sendable {
        let port: Int
        let token: String

        func get(_ path: String) async throws -> HTTPCall.Answer {
            let headers = ["Authorization": "Bearer \(token)"]
            return try await HTTPCall(url: "http://127.0.0.1:\(port)\(path)", headers: headers).send(
                within: .seconds(60))
        }

        func history() async throws -> HTTPCall.Answer { try await get("/api/jobs/history") }

        func untilPoolIsInUse() async throws {
            try await eventually {
                let body = try await get("/api/health/ready").body
                let report = try JSONSerialization.jsonObject(with: body) as? [String: Any]
                return (report?["pool"] as? [String: Any])?["active"] as? Int == 1
            }
        }
    }

    /// Locks the table of jobs, so that whoever reads it keeps the only connection until it is unlocked.
    private static func locked(
        _ wait: Duration,
        _ body: @escaping @Sendable (Caller, @escaping @Sendable () async throws -> Void) async throws -> Void
    ) async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.settings.pool = PoolSettings(maximumConnections: 1, waitTimeout: wait)
            try fixture.write("a.sql")
            let token = try await fixture.token()
            let blocker = try await DatabaseConnection(fixture.settings.database)
            try await fixture.serving { client in
                // The first job makes the table.
                _ = try await client.job("/api/backup/verify/a.sql", token: token)
                let caller = Caller(port: try #require(client.port), token: token)
                let unlock: @Sendable () async throws -> Void = { try await blocker.execute("UNLOCK TABLES") }
                try await blocker.execute("LOCK TABLES sysndd_ctl_jobs WRITE")
                do { try await body(caller, unlock) } catch {
                    // Else the database could not be dropped.
                    try await unlock()
                    throw error
                }
                #expect(try await caller.history().status == 200)
            }
        }
    }

    @Test func whoWaitsTooLongIsToldWhenToTryAgain() async throws {
        try await Self.locked(.milliseconds(300)) { caller, unlock in
            async let first = caller.history()
            try await caller.untilPoolIsInUse()
            let second = try await caller.history()
            #expect(second.status == 503)
            #expect(second.headers["content-type"] == "application/problem+json")
            #expect(second.headers["retry-after"] == "5")
            // Health needs no connection of the pool.
            #expect(try await caller.get("/api/health/").status == 200)
            #expect(try await caller.get("/api/health/ready").text.contains(#""database":"connected""#))
            try await unlock()
            #expect(try await first.status == 200)
        }
    }

    @Test func whoWaitsNotTooLongIsServed() async throws {
        try await Self.locked(.seconds(60)) { caller, unlock in
            async let first = caller.history()
            try await caller.untilPoolIsInUse()
            async let second = caller.history()
            try await unlock()
            #expect(try await [first.status, second.status] == [200, 200])
        }
    }
}
