import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Preflight changes nothing: the server's own log of every statement says so, and so do the folders.
@Suite struct ReadOnlyTests {
    @Test func everyStatementOfPreflightOnlyReads() async throws {
        let server = try await TestServer.start(settings: ["max-connections": "151"])
        do {
            try await TestFolder.with(files: ["001_a.sql": "CREATE TABLE a (i INT PRIMARY KEY);"]) { folder in
                var root = server.endpoint.rootSettings
                root.database = server.endpoint.databaseName
                var support = PreflightSupport(root)
                support.environment = ["MIGRATIONS_DIR": folder, "BACKUP_DIR": folder]
                _ = try await Backup(database: root, directory: folder).create(.init(kind: .scheduled, jobs: 1))
                let files = try Self.state(of: folder)
                let connection = try await DatabaseConnection(root)
                try await connection.execute("SET GLOBAL log_output = 'TABLE'")
                try await connection.execute("SET GLOBAL general_log = ON")
                let own = try await connection.query("SELECT CONNECTION_ID()").first?.int(0)
                let report = try await support.report()
                try await connection.execute("SET GLOBAL general_log = OFF")
                #expect(report.checks.allSatisfy { $0.status != .error || $0.id == "DB-030" }, "\(report.text())")
                let rows = try await connection.query(
                    "SELECT thread_id, command_type, CONVERT(argument USING utf8mb4) FROM mysql.general_log")
                let others = rows.filter { $0.int(0) != own }
                let statements = others.filter { $0.text(1) == "Query" }.compactMap { $0.text(2) }
                #expect(statements.count > 20)
                let reading = [
                    "SELECT ", "SHOW ", "SET SESSION ", "SET NAMES ", "SET @@SESSION", "START TRANSACTION READ ONLY",
                    "ROLLBACK",
                ]
                for statement in statements {
                    #expect(reading.contains { statement.uppercased().hasPrefix($0) }, "\(statement)")
                    #expect(
                        !statement.uppercased().contains(" INTO OUTFILE")
                            && !statement.uppercased().contains("FOR UPDATE"))
                    #expect(
                        !statement.uppercased().contains("GLOBAL ") || statement.uppercased().hasPrefix("SHOW GLOBAL"))
                }
                // Three sessions of the monitoring budget, two that try to log in, and nothing else.
                let sessions = Set(others.compactMap { $0.int(0) })
                #expect(sessions.count <= PreflightDatabase.maximumSessions + 2, "\(sessions.count)")
                #expect(try Self.state(of: folder) == files)
            }
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    /// Every file with its size and time of change.
    private static func state(of folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return "\(name) \(attributes[.size] ?? "") \(attributes[.modificationDate] ?? "")"
        }
    }
}
