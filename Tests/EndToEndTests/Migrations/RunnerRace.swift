import Foundation
import Glibc
import OpsCore
import Synchronization
import TestSupport
import Testing

/// Many runners on one database at once, each a process of its own.
enum RunnerRace {
    /// None of these statements can run twice without being seen: a second CREATE or ALTER fails, a second INSERT leaves a
    /// second row.
    static let files = Dictionary(
        uniqueKeysWithValues: (0..<10).map { number in
            (
                "00\(number)_step.sql",
                """
                CREATE TABLE step_\(number) (id INT PRIMARY KEY) ENGINE=InnoDB;
                INSERT INTO log (note) VALUES ('\(number) first');
                ALTER TABLE step_\(number) ADD COLUMN more INT;
                INSERT INTO log (note) VALUES ('\(number) second');
                """
            )
        })

    /// Starts `count` runners on each way to the database, and looks at what came of it.
    static func run(_ ways: [DatabaseSettings], each count: Int) async throws {
        let connection = try await DatabaseConnection(ways[0])
        try await connection.execute("CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(20))")
        let outcomes = try await TestFolder.with(files: files) { folder in
            try await start(ways.flatMap { Array(repeating: $0, count: count) }, folder)
        }
        #expect(outcomes.count == ways.count * count)
        for outcome in outcomes { #expect(outcome.exitCode == 0, "\(outcome.errorOutput)") }
        let applied = try outcomes.flatMap { outcome in
            (try outcome.json()["applied"] as? [[String: Any]] ?? []).compactMap { $0["file"] as? String }
        }
        #expect(applied.sorted() == files.keys.sorted())
        let notes = try await connection.query("SELECT note FROM log ORDER BY note").map { $0.text(0) ?? "" }
        #expect(notes == (0..<10).flatMap { ["\($0) first", "\($0) second"] })
        let columns = try await connection.query(
            """
            SELECT COUNT(*) FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE 'step\\_%'
            """)
        #expect(columns.first?.int(0) == 20)
        let steps = try await connection.query(
            "SELECT COUNT(*), SUM(state = 'done') FROM schema_version_step WHERE ordinal > 0")
        #expect(steps.first?.int(0) == 40)
        #expect(steps.first?.int(1) == 40)
    }

    private static func start(_ ways: [DatabaseSettings], _ folder: String) async throws -> [Tool.Outcome] {
        try await withThrowingTaskGroup(of: Tool.Outcome.self) { group in
            for way in ways {
                group.addTask {
                    try await Tool(database: way).run(
                        "migrate", "--dir", folder, "--format", "json", "--lock-timeout", "120")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// A runner waits for another one, which is killed.
    /// - Returns: how long after the kill the waiting one had the lease.
    static func takeover(from holder: DatabaseSettings, to next: DatabaseSettings) async throws -> Duration {
        let files = ["001_a.sql": String(repeating: "DO SLEEP(0.05);\n", count: 1000)]
        let watcher = try await DatabaseConnection(next)
        let isGalera = try await watcher.serverInfo().isGalera
        let taken = Mutex(Duration.zero)
        try await TestFolder.with(files: files) { folder in
            _ = try await Tool(database: holder).run("migrate", "--dir", folder) { holding in
                try await eventually { try await leaseHolder(next, watcher) == Int(holding) }
                let before = try await sessions(next, watcher)
                _ = try await Tool(database: next).run("migrate", "--dir", folder, "--lock-timeout", "120") { waiting in
                    // Its last session is the one that waits: for the server's lock, or in a cluster for the lease.
                    try await eventually {
                        try await sessions(next, watcher).subtracting(before).count >= (isGalera ? 3 : 2)
                    }
                    kill(holding, SIGKILL)
                    let start = ContinuousClock.now
                    try await eventually(within: .seconds(90)) {
                        try await leaseHolder(next, watcher) == Int(waiting)
                    }
                    taken.withLock { $0 = ContinuousClock.now - start }
                    kill(waiting, SIGKILL)
                }
            }
        }
        return taken.withLock { $0 }
    }

    private static func leaseHolder(_ database: DatabaseSettings, _ watcher: DatabaseConnection) async throws -> Int? {
        try await watcher.run { try Lease.holder(in: database.database, $0)?.owner.processID }
    }

    private static func sessions(_ database: DatabaseSettings, _ watcher: DatabaseConnection) async throws -> Set<Int> {
        Set(
            try await watcher.query(
                """
                SELECT ID FROM information_schema.PROCESSLIST WHERE DB = \(database.database) AND USER <> 'system user'
                """
            ).compactMap { $0.int(0) })
    }
}
