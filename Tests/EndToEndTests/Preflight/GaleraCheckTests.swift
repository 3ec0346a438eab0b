import TestSupport
import Testing

@testable import OpsCore

/// The check of a cluster's node, on a node that leaves step with the others and comes back.
@Suite(.serialized, .enabled(if: GaleraNodes.isThere, "needs a cluster: make test-galera"))
struct GaleraCheckTests {
    @Test func aNodeOutOfStepFails() async throws {
        try await GaleraNodes.withDatabase { nodes in
            let support = PreflightSupport(nodes[2])
            let connection = try await DatabaseConnection(nodes[2])
            #expect(try await support.status("DB-051") == .pass)
            try await connection.execute("SET GLOBAL wsrep_desync = ON")
            let desynced = try await support.run("DB-051")
            try await connection.execute("SET GLOBAL wsrep_desync = OFF")
            #expect(desynced.status == .fail, "\(desynced)")
            #expect(desynced.observed.contains("Donor/Desynced"), "\(desynced)")
            try await eventually(within: .seconds(60)) { try await support.status("DB-051") == .pass }
        }
    }
}
