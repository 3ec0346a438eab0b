import Foundation
import OpsCore
import TestSupport
import Testing

/// Migrations on a Galera cluster.
@Suite(.serialized, .enabled(if: GaleraNodes.isThere, "needs a cluster: make test-galera"))
struct MigrateGaleraTests {
    @Test func theNodesAreThreeOfOneCluster() async throws {
        try await GaleraNodes.withDatabase { nodes in
            #expect(nodes.count == 3)
            for node in nodes {
                let connection = try await DatabaseConnection(node)
                #expect(try await connection.serverInfo().isGalera)
                #expect(try await connection.query("SHOW STATUS LIKE 'wsrep_cluster_size'").first?.text(1) == "3")
            }
        }
    }

    @Test func fourRunnersOnEachNodeRunEveryStatementOnce() async throws {
        for _ in 0..<3 { try await GaleraNodes.withDatabase { try await RunnerRace.run($0, each: 4) } }
    }

    /// Each adds one to a number that it has read before, which only works if nobody comes between.
    @Test func theLeaseKeepsTheNodesApart() async throws {
        let rounds = 15
        try await GaleraNodes.withDatabase { nodes in
            let first = try await DatabaseConnection(nodes[0])
            try await first.execute("CREATE TABLE number (id INT PRIMARY KEY, n INT NOT NULL)")
            try await first.execute("INSERT INTO number VALUES (1, 0)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for node in nodes {
                    group.addTask {
                        let session = try await DatabaseConnection(node)
                        for _ in 0..<rounds {
                            try await Lease.with(node, owner: LeaseOwner(operation: "count"), wait: .seconds(120)) {
                                _ in
                                let n = try await session.query("SELECT n FROM number").first?.int(0) ?? 0
                                try await session.execute("UPDATE number SET n = \(n + 1) WHERE id = 1")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let last = try await DatabaseConnection(nodes[2])
            try await eventually {
                try await last.query("SELECT n FROM number").first?.int(0) == rounds * nodes.count
            }
        }
    }

    @Test func onTheSameNodeAKilledHolderIsReplacedWithinFiveSeconds() async throws {
        try await GaleraNodes.withDatabase { nodes in
            let duration = try await RunnerRace.takeover(from: nodes[1], to: nodes[1])
            print("same node: the next runner had the lease \(duration) after the holder was killed")
            #expect(duration < .seconds(5))
        }
    }

    /// The sessions of another node are not seen, so only the end of the lease shows that its holder is dead.
    @Test func onAnotherNodeAKilledHolderIsReplacedWhenItsLeaseEnds() async throws {
        try await GaleraNodes.withDatabase { nodes in
            let duration = try await RunnerRace.takeover(from: nodes[0], to: nodes[2])
            print("another node: the next runner had the lease \(duration) after the holder was killed")
            #expect(duration > .seconds(15))
            #expect(duration < .seconds(40))
        }
    }
}
