import TestSupport
import Testing

@testable import OpsCore

/// What a backup asks of the server.
@Suite struct BackupCostTests {
    /// As many questions to information_schema for 500 tables as for 50, and a few statements for each table.
    @Test func theSchemaIsReadWithTheSameNumberOfQueriesWhateverItsSize() async throws {
        try await BackupScope.withOwnServer { scope, _ in
            let root = try await DatabaseConnection(scope.database)
            try await root.execute("SET GLOBAL log_output = 'TABLE'")
            try await Self.makeTables(1...50, root)
            let few = try await Self.count(scope, root)
            try await Self.makeTables(51...500, root)
            let many = try await Self.count(scope, root)
            print("50 tables: \(few); 500 tables: \(many)")
            #expect(few.toSchema > 10)
            #expect(many.toSchema == few.toSchema)
            // Twice its definition, its rows, and back to the save point.
            #expect(many.all - few.all <= 450 * 5)
        }
    }

    private struct Count: CustomStringConvertible {
        var toSchema: Int
        var all: Int
        var description: String { "\(toSchema) queries to information_schema of \(all)" }
    }

    private static func makeTables(_ numbers: ClosedRange<Int>, _ session: DatabaseConnection) async throws {
        for number in numbers {
            let name = "t\(number)"
            try await session.execute(
                "CREATE TABLE \(identifier: name) (id INT PRIMARY KEY, t VARCHAR(20), KEY (t)) ENGINE=InnoDB")
            try await session.execute("INSERT INTO \(identifier: name) VALUES (1, 'x')")
        }
    }

    /// Counts the statements of one backup in the server's own log of them.
    private static func count(_ scope: BackupScope, _ session: DatabaseConnection) async throws -> Count {
        try await session.execute("TRUNCATE TABLE mysql.general_log")
        try await session.execute("SET GLOBAL general_log = 1")
        _ = try await scope.backup.create(.init(jobs: 2))
        try await session.execute("SET GLOBAL general_log = 0")
        let row = try await session.query(
            """
            SELECT SUM(argument LIKE '%information_schema%'), COUNT(*) FROM mysql.general_log
            WHERE command_type = 'Query'
            """
        ).first
        return Count(toSchema: row?.int(0) ?? 0, all: row?.int(1) ?? 0)
    }
}
