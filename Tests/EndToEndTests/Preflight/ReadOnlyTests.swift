import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Preflight changes nothing: the server's own log of every statement says so, and so do the folders.
@Suite struct ReadOnlyTests {
    private static let reading = [
        "SELECT ", "SHOW ", "SET SESSION ", "SET NAMES ", "SET @@SESSION", "START TRANSACTION READ ONLY", "ROLLBACK",
    ]

    @Test(arguments: TestTarget.all)
    func everyStatementOfPreflightOnlyReads(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["001_a.sql": "CREATE TABLE a (i INT PRIMARY KEY);"]) { folder in
                try await backUp(database, folder)
                let files = try Self.state(of: folder)
                var own = database
                own.user = "t" + String(UInt32.random(in: 0 ... .max), radix: 36)
                own.password = Secret("Password-of-a-test-1")
                let root = try await DatabaseConnection(database)
                let account = "'\(own.user)'@'%'"
                try await root.execute(
                    SQLQuery(unquoted: "CREATE USER \(account) IDENTIFIED BY 'Password-of-a-test-1'"))
                try await root.execute(SQLQuery(unquoted: "GRANT ALL ON *.* TO \(account) WITH GRANT OPTION"))
                let report: CheckReport
                do {
                    report = try await logged(own, root, folder)
                } catch {
                    _ = try? await root.execute("SET GLOBAL general_log = OFF")
                    _ = try? await root.execute(SQLQuery(unquoted: "DROP USER \(account)"))
                    throw error
                }
                #expect(report.checks.allSatisfy { $0.status != .error }, "\(report.text())")
                try await judge(of: own.user, root)
                try await root.execute(SQLQuery(unquoted: "DROP USER \(account)"))
                #expect(try Self.state(of: folder) == files)
            }
        }
    }

    /// Others may use the server meanwhile: who did what is in the log.
    private func logged(_ own: DatabaseSettings, _ root: DatabaseConnection, _ folder: String) async throws
        -> CheckReport
    {
        var support = PreflightSupport(own)
        support.environment = ["MIGRATIONS_DIR": folder, "BACKUP_DIR": folder]
        try await root.execute("SET GLOBAL log_output = 'TABLE'")
        try await root.execute("SET GLOBAL general_log = ON")
        let report = try await support.report()
        try await root.execute("SET GLOBAL general_log = OFF")
        return report
    }

    private func judge(of user: String, _ root: DatabaseConnection) async throws {
        let rows = try await root.query(
            """
            SELECT thread_id, LOWER(command_type), CONVERT(argument USING utf8mb4) FROM mysql.general_log
            WHERE user_host LIKE \("%\(user)%")
            """)
        let statements = rows.filter { ["query", "prepare", "execute"].contains($0.text(1)) }.compactMap { $0.text(2) }
        #expect(statements.count > 20)
        for statement in statements.map({ $0.uppercased() }) {
            #expect(Self.reading.contains { statement.hasPrefix($0) }, "\(statement)")
            #expect(!statement.contains(" INTO OUTFILE") && !statement.contains("FOR UPDATE"), "\(statement)")
            #expect(!statement.contains("GLOBAL ") || statement.hasPrefix("SHOW GLOBAL"), "\(statement)")
        }
        let commands = Set(rows.compactMap { $0.text(1) }).subtracting(["query", "prepare", "execute"])
        #expect(commands.isSubset(of: ["connect", "init db", "ping", "reset connection", "quit"]), "\(commands)")
        // Three sessions of the monitoring budget, two that try to log in, and nothing else.
        let sessions = Set(rows.compactMap { $0.int(0) })
        #expect(sessions.count <= PreflightDatabase.maximumSessions + 2, "\(sessions.count)")
    }

    /// Another test that starts a program holds the lock of the folder for a moment.
    private func backUp(_ database: DatabaseSettings, _ folder: String) async throws {
        try await eventually {
            do {
                _ = try await Backup(database: database, directory: folder).create(.init(kind: .scheduled, jobs: 1))
                return true
            } catch let error as any OperatorError where error.exitStatus == .busy {
                return false
            }
        }
    }

    /// Every file with its size and time of change.
    private static func state(of folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return "\(name) \(attributes[.size] ?? "") \(attributes[.modificationDate] ?? "")"
        }
    }
}
