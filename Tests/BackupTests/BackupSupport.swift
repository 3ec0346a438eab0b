import DevStack
import Foundation
import Subprocess
import TestSupport

@testable import OpsCore

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A database and a backup folder of a test's own.
struct BackupScope: Sendable {
    let target: TestTarget
    let database: DatabaseSettings
    let folder: String

    var backup: Backup { Backup(database: database, directory: folder) }

    static func with(
        on target: TestTarget = .embedded, _ body: (BackupScope) async throws -> Void
    ) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with { folder in
                try await body(BackupScope(target: target, database: database, folder: folder + "/backups"))
            }
        }
    }

    /// For a server that is killed: what it has told to be committed is then with the operating system, as on every server
    /// that is not thrown away.
    static let durable = ["innodb-flush-log-at-trx-commit": "1"]

    /// The same on a server of the test's own, for tests that hold up, or kill, a whole server.
    static func withOwnServer(
        settings: [String: String] = [:], _ body: (BackupScope, TestServer) async throws -> Void
    ) async throws {
        let server = try await TestServer.start(settings: settings)
        var database = server.endpoint.rootSettings
        database.database = "own"
        try await DatabaseConnection(database, selectingDatabase: false).execute("CREATE DATABASE own")
        let endpoint = database
        do {
            try await TestFolder.with { folder in
                try await body(
                    BackupScope(target: .embedded, database: endpoint, folder: folder + "/backups"), server)
            }
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    /// Runs statements one after another.
    func execute(_ statements: String...) async throws {
        let connection = try await DatabaseConnection(database)
        for statement in statements { try await connection.execute(SQLQuery(unquoted: statement)) }
    }

    /// The folder in which the backup folder lies.
    var parent: String { String(folder[..<folder.lastIndex(of: "/")!]) }

    /// The built tool, connected to the database and working in the parent of the backup folder.
    func tool(as account: DatabaseSettings? = nil) -> Tool {
        Tool(database: account ?? database, environment: ["BACKUP_DIR": folder], folder: parent)
    }

    /// Two small tables, a and b, of two rows each.
    func makeTables() async throws {
        for table in ["a", "b"] {
            try await execute(
                "CREATE TABLE \(table) (id INT PRIMARY KEY, t TEXT)", "INSERT INTO \(table) VALUES (1, 'x'), (2, 'y')")
        }
    }

    /// Waits until the server runs such a statement.
    func untilStatement(like pattern: String) async throws {
        try await DatabaseConnection(database).untilStatement(like: pattern, anywhere: true)
    }

    /// Copies a file of the backup folder.
    func copy(_ name: String, to other: String) throws {
        try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/\(other)")
    }

    /// The names of all files in the folder that are backups or could become one.
    var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".gz") || $0.contains("partial") }.sorted()
    }

    /// What `zcat` makes of a backup.
    static func sql(of path: String) async throws -> [UInt8] {
        let result = try await Subprocess.run(
            .name("zcat"), arguments: [path], output: .bytes(limit: 1 << 30), error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else { throw SchemaOracle.Failure(description: result.standardError) }
        return result.standardOutput
    }

    /// Restores a backup with `zcat` and the plain client into a new database and hands that over.
    func restored(_ path: String, _ body: (DatabaseSettings) async throws -> Void) async throws {
        let script = try await Self.sql(of: path)
        try await TestDatabase.with(on: target) { copy in
            try await SchemaOracle(target: target).restore(script, into: copy)
            try await body(copy)
        }
    }

    /// The checksum of each table's rows, by name.
    static func checksums(_ database: DatabaseSettings) async throws -> [String: RowChecksum] {
        let info = try await DatabaseConnection(database).serverInfo()
        return try await SnapshotSession.open(database, server: info).run { session in
            var sums: [String: RowChecksum] = [:]
            for table in try SchemaDump(reading: session).tables where table.hasOwnRows {
                sums[table.name] = try TableDump(table).checksum(over: session)
            }
            return sums
        }
    }
}

/// Mounts a file system of its own at a path for the time of `body`, as root.
func withDisk(_ path: String, _ options: String, _ body: () async throws -> Void) async throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try await runProgram("mount", "-t", "tmpfs", "-o", options, "tmpfs", path)
    do {
        try await body()
    } catch {
        try await unmount(path)
        throw error
    }
    try await unmount(path)
}

/// Another process of tests that looks for what was left over may have a folder open for a moment.
private func unmount(_ path: String) async throws {
    do {
        try await eventually { (try? await runProgram("umount", path)) != nil }
    } catch is NeverHappened {
        try await runProgram("umount", path)
    }
}

private func runProgram(_ program: String, _ arguments: String...) async throws {
    let result = try await Subprocess.run(
        .name(program), arguments: Arguments(arguments), output: .discarded, error: .string(limit: 1 << 16))
    guard result.terminationStatus.isSuccess else { throw SchemaOracle.Failure(description: result.standardError) }
}
