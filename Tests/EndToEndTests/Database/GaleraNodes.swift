import Foundation
import OpsCore
import TestSupport

/// The nodes of a Galera cluster. `scripts/test-galera` starts them, and names them in `SYSNDD_TEST_GALERA`.
enum GaleraNodes {
    private static let urls = (ProcessInfo.processInfo.environment["SYSNDD_TEST_GALERA"] ?? "").split(separator: ",")
        .map(String.init)
    static let isThere = !urls.isEmpty

    /// Makes a database, and hands over the way to it by each node.
    static func withDatabase(_ body: ([DatabaseSettings]) async throws -> Void) async throws {
        let servers = try urls.map { url in
            try SettingsReader(environment: ["DATABASE_URL": url], workingDirectory: "/", homeDirectory: "/").read()
                .database
        }
        let root = try await DatabaseConnection(servers[0], selectingDatabase: false)
        let name = "galera_" + String(UInt64.random(in: 0 ... .max), radix: 36)
        try await root.execute("CREATE DATABASE \(identifier: name)")
        let nodes = servers.map { server in
            var node = server
            node.database = name
            return node
        }
        // What one node has committed reaches the others a moment later.
        for node in nodes { try await eventually { (try? await DatabaseConnection(node)) != nil } }
        try await body(nodes)
        try await root.execute("DROP DATABASE \(identifier: name)")
    }
}
