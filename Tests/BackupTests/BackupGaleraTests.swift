import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Backups of a node of a Galera cluster; `scripts/test-galera` starts one, and names its nodes in `SYSNDD_TEST_GALERA`.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["SYSNDD_TEST_GALERA"] != nil, "needs a cluster: make test-galera"))
struct BackupGaleraTests {
    /// Each connection to a node in turn.
    private func withNodes(_ body: ([DatabaseSettings], String) async throws -> Void) async throws {
        let urls = (ProcessInfo.processInfo.environment["SYSNDD_TEST_GALERA"] ?? "").split(separator: ",")
        let servers = try urls.map { url in
            try SettingsReader(environment: ["DATABASE_URL": String(url)], workingDirectory: "/", homeDirectory: "/")
                .read().database
        }
        let name = "galera_" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let root = try await DatabaseConnection(servers[0], selectingDatabase: false)
        try await root.execute("CREATE DATABASE \(identifier: name)")
        let nodes = servers.map { server in
            var node = server
            node.database = name
            return node
        }
        for node in nodes {
            try await eventually(within: .seconds(60)) { (try? await DatabaseConnection(node)) != nil }
        }
        try await TestFolder.with { try await body(nodes, $0 + "/backups") }
        try await root.execute("DROP DATABASE \(identifier: name)")
    }

    /// Money is moved by one node while another one is backed up and may fall behind; afterwards it may no longer.
    @Test(arguments: [false, true])
    func aNodeIsBackedUpConsistentlyWhileAnotherWrites(_ desync: Bool) async throws {
        try await withNodes { nodes, folder in
            let writer = try await DatabaseConnection(nodes[0])
            try await writer.execute("CREATE TABLE money (id INT PRIMARY KEY, amount INT NOT NULL) ENGINE=InnoDB")
            let rows = (1...100).map { "(\($0), 1000)" }.joined(separator: ", ")
            try await writer.execute(SQLQuery(unquoted: "INSERT INTO money VALUES \(rows)"))
            let reader = try await DatabaseConnection(nodes[1])
            try await eventually(within: .seconds(60)) {
                try await reader.query("SELECT COUNT(*) FROM money").first?.int(0) == 100
            }
            let moves = Task {
                var count = 0
                while !Task.isCancelled {
                    let (from, to) = (Int.random(in: 1...100), Int.random(in: 1...100))
                    try await writer.execute(
                        "UPDATE money SET amount = amount + IF(id = \(to), 5, 0) - IF(id = \(from), 5, 0) WHERE id IN (\(from), \(to))"
                    )
                    count += 1
                }
                return count
            }
            try await reader.run(
                "TRUNCATE TABLE mysql.general_log", "SET GLOBAL log_output = 'TABLE'", "SET GLOBAL general_log = ON")
            for _ in 1...5 {
                let result = try await Backup(database: nodes[1], directory: folder)
                    .create(.init(jobs: 3, desync: desync))
                #expect(result.snapshot.method == .readLock)
                #expect(result.snapshot.consistent)
                #expect(result.snapshot.notes == [])
                let text = String(decoding: try await BackupScope.sql(of: result.file), as: UTF8.self)
                let amounts = text.split(separator: "\n").filter { $0.hasPrefix("(") }.map {
                    $0.split(separator: ",")[1].prefix { $0 == "-" || $0.isNumber }
                }
                #expect(amounts.compactMap { Int($0) }.reduce(0, +) == 100_000)
            }
            moves.cancel()
            // The statement that is under way is interrupted.
            _ = await moves.result
            #expect(try await reader.query("SELECT @@GLOBAL.wsrep_desync").first?.int(0) == 0)
            try await reader.execute("SET GLOBAL general_log = OFF")
            #expect(try await Self.switches(reader, "1") == (desync ? 5 : 0))
            #expect(try await Self.switches(reader, "0") == (desync ? 5 : 0))
        }
    }

    /// A node that is allowed to fall behind before the backup, by its operator, still is so afterwards.
    @Test func whatTheOperatorAllowedStaysAllowed() async throws {
        try await withNodes { nodes, folder in
            let node = try await DatabaseConnection(nodes[1])
            try await node.execute("CREATE TABLE a (id INT PRIMARY KEY)")
            try await node.execute("SET GLOBAL wsrep_desync = ON")
            let result = try await Backup(database: nodes[1], directory: folder).create(.init(jobs: 2, desync: true))
            #expect(result.snapshot.method == .readLock)
            #expect(result.snapshot.notes.map { $0.contains("still is") } == [true])
            #expect(try await node.query("SELECT @@GLOBAL.wsrep_desync").first?.bool(0) == true)
            try await node.execute("SET GLOBAL wsrep_desync = OFF")
        }
    }

    /// How often the node was told to be in step with the others, or not, by what its log has.
    private static func switches(_ node: DatabaseConnection, _ value: String) async throws -> Int? {
        try await node.query(
            "SELECT COUNT(*) FROM mysql.general_log WHERE argument = \("SET GLOBAL wsrep_desync = \(value)")"
        ).first?.int(0)
    }

    @Test func theSessionsOfABackupDoNotWaitForTheCluster() async throws {
        try await withNodes { nodes, _ in
            let root = try await DatabaseConnection(nodes[1])
            let before = try await root.query("SELECT @@GLOBAL.wsrep_sync_wait").first?.int(0) ?? 0
            try await root.execute("SET GLOBAL wsrep_sync_wait = 15")
            let server = try await root.serverInfo()
            #expect(server.isGalera)
            let session = try await SnapshotSession.open(nodes[1], server: server)
            #expect(try await session.query("SELECT @@SESSION.wsrep_sync_wait").first?.int(0) == 0)
            try await root.execute("SET GLOBAL wsrep_sync_wait = \(before)")
        }
    }
}
