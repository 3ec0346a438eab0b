import Hummingbird
import OpsCore

/// `/api/version`: which program this is, and which data it serves.
struct VersionController: Sendable {
    private struct Answer: Encodable {
        struct Database: Encodable {
            @EncodedAsNull var version: String?
            @EncodedAsNull var commit: String?
            @EncodedAsNull var description: String?
            @EncodedAsNull var updatedAt: String?
            /// False where the database does not tell.
            var available: Bool
        }

        var version = ToolVersion.current
        var commit = ToolVersion.commit
        var title = "SysNDD API"
        var description = "Backups, restores, migrations and accounts of the SysNDD database"
        var database: Database
    }

    let monitor: ReadinessMonitor
    let pool: DatabasePool

    func addRoutes(to routes: ShimRoutes) {
        routes.anyone.get("/api/version") { _, _ in
            try ShimJSON.response(Answer(database: await database()))
        }
    }

    /// The first row of the table `db_version`; whatever is in the way of it is no error of the request.
    private func database() async -> Answer.Database {
        let row = monitor.state.isConnected ? try? await self.row() : nil
        func text(_ name: String) -> String? { row.flatMap { $0[name] ?? nil } }
        return Answer.Database(
            version: text("db_version") ?? text("version"), commit: text("db_commit") ?? text("commit"),
            description: text("description"),
            updatedAt: text("updated_at").map { $0.replacing(" ", with: "T") + "Z" }, available: row != nil)
    }

    /// Columns are looked for by their names, because older databases have fewer.
    private func row() async throws -> [String: String?]? {
        try await pool.withConnection { connection in
            try await connection.execute("SET time_zone = '+00:00'")
            return try await connection.query("SELECT * FROM db_version ORDER BY 1 LIMIT 1").first.map { row in
                Dictionary(
                    row.columns.enumerated().map { ($1.lowercased(), row.text($0)) },
                    uniquingKeysWith: { first, _ in first })
            }
        }
    }
}
