import Foundation
import OpsCore
import TestSupport
import Testing

/// The server is killed with -9 in the middle of a migration, and migrated again once it is back: the database is then the
/// same as after a run that nobody disturbed.
@Suite(.enabled(if: TestTarget.mayCrash, "kills servers, alone: make test-engines")) struct MigrateServerKillTests {
    private static let wanted = 10

    /// The files of the other chaos test, and one so long that the server mostly dies in its middle.
    private static let files = MigrateChaosTests.files.merging(["013_many.sql": many]) { $1 }

    private static let many = (1...50).map { number in
        """
        ALTER TABLE parent ADD COLUMN c\(number) INT NOT NULL DEFAULT \(number);
        INSERT INTO log (note) VALUES ('column \(number)');
        UPDATE parent SET n = n + 1;

        """
    }.joined()

    @Test(.timeLimit(.minutes(10)), arguments: TestTarget.all)
    func aServerKilledTenTimesEndsWhereAnUndisturbedOneDoes(_ target: TestTarget) async throws {
        try await TestFolder.with(files: Self.files) { folder in
            try await CrashableServer.with(target) { server in
                var database = server.settings
                database.database = try await Self.makeDatabase(server, 0)
                let undisturbed = try await Migrator(database: database, directory: folder).up()
                let expected = try await DatabaseContent(database)
                var (kills, round) = (0, 0)
                while kills < Self.wanted {
                    round += 1
                    database.database = try await Self.makeDatabase(server, round)
                    kills += try await Self.migrate(database, folder, killing: server, within: undisturbed.durationMs)
                    let content = try await DatabaseContent(database)
                    #expect(content.lines.difference(from: expected.lines).isEmpty)
                }
                print("\(target): the server was killed \(kills) times in the middle of \(round) migrations")
            }
        }
    }

    private static func makeDatabase(_ server: CrashableServer, _ number: Int) async throws -> String {
        let root = try await DatabaseConnection(server.settings, selectingDatabase: false)
        try await root.execute("DROP DATABASE IF EXISTS \(identifier: "killed_\(number)")")
        try await root.execute("CREATE DATABASE \(identifier: "killed_\(number)")")
        return "killed_\(number)"
    }

    /// Migrates, kills the server at a random instant once the run has got further, and again until a run is faster.
    /// - Returns: how many runs were cut off.
    private static func migrate(
        _ database: DatabaseSettings, _ folder: String, killing server: CrashableServer, within limit: Int
    ) async throws -> Int {
        let tool = Tool(database: database)
        var kills = 0
        while true {
            let before = try await newest(database)
            let delay = Int.random(in: 0...max(1, limit / 4))
            let outcome = try await tool.run("migrate", "--dir", folder, "--lock-timeout", "60", "--quiet") { _ in
                // The journal is another one, unless all that was missing was the end of the process.
                try await eventually {
                    let isDone = try await isDone(database)
                    if isDone { return true }
                    return try await newest(database) != before
                }
                try await Task.sleep(for: .milliseconds(delay))
                try await server.kill()
            }
            try await server.start()
            // The runs of a server are told apart by the second in which they began.
            try await eventually { (try await uptime(server)) >= 2 }
            if outcome.exitCode == 0 { return kills }
            kills += 1
            #expect(outcome.exitCode == 69, "after \(delay) ms: \(outcome.errorOutput)")
        }
    }

    private static func newest(_ database: DatabaseSettings) async throws -> String {
        try await text(database, "SELECT CONCAT_WS(' ', MAX(changed_at), COUNT(*)) FROM schema_version_step")
    }

    private static func isDone(_ database: DatabaseSettings) async throws -> Bool {
        try await text(database, "SELECT COUNT(*) FROM schema_version") == String(files.count)
    }

    private static func text(_ database: DatabaseSettings, _ query: SQLQuery) async throws -> String {
        do {
            return try await DatabaseConnection(database).query(query).first?.text(0) ?? ""
        } catch let error as DatabaseError where error.kind == .unknownTable {
            return ""
        }
    }

    private static func uptime(_ server: CrashableServer) async throws -> Int {
        let root = try await DatabaseConnection(server.settings, selectingDatabase: false)
        return try await root.query("SHOW GLOBAL STATUS LIKE 'Uptime'").first?.int(1) ?? 0
    }
}
