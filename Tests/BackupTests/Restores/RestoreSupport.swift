import Foundation
import TestSupport
import Testing

@testable import OpsCore

extension BackupScope {
    var proof: RestoreProof { RestoreProof(database: database, directory: folder) }

    var catalog: BackupCatalog {
        get throws { BackupCatalog(folder: try BackupFolder(folder, creating: false), readers: .files) }
    }

    /// The schemas beside the database.
    func scratchSchemas() async throws -> [String] {
        try await RestoreSchemas(database: database).find(.prove, .restore, .before).map(\.text)
    }

    /// 60 MB of rows, which a backup reads in several ranges.
    func fillLargeTable() async throws {
        try await execute(
            """
            CREATE TABLE large (
                id INT PRIMARY KEY AUTO_INCREMENT, n INT NOT NULL, t TEXT, KEY (n), KEY t (t(20), n), UNIQUE KEY u (n, id))
            """,
            "INSERT INTO large (n, t) VALUES (1, REPEAT('it''s a \\n test ', 100))")
        for _ in 0..<15 {
            try await execute("INSERT INTO large (n, t) SELECT n + 1, t FROM large")
        }
        try await execute("ANALYZE TABLE large")
    }

    /// Whether a session of the server waits for a lock on a table or another object.
    func waitsForLock() async throws -> Bool {
        try await !DatabaseConnection(database).query(
            "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for%metadata lock'"
        ).isEmpty
    }

    /// A backup of what a restore has left half done would be taken for a good one, and become the newest.
    func expectNoBackup() async throws {
        let before = files
        let outcome = try await patiently("backup", "--format", "json")
        #expect(try outcome.failure == Failure(1, "RESTORE_UNFINISHED"))
        #expect(files == before)
    }

    /// Runs the tool once nobody is at work any more: a server goes on with the statement of a dead process until it notices.
    func patiently(_ arguments: String...) async throws -> Tool.Outcome { try await patiently(arguments) }

    func patiently(_ arguments: [String]) async throws -> Tool.Outcome {
        var outcome = Tool.Outcome()
        try await eventually(within: .seconds(60)) {
            outcome = try await tool().run(arguments)
            return outcome.exitCode != ExitStatus.busy.rawValue
        }
        return outcome
    }

    /// Another backup in the folder with a view that cannot be made.
    func breakView(in path: String) async throws -> BackupName {
        try await rewrite(path) { label, sql in
            label.kind == .view ? sql.replacing("from `parent`", with: "from `nowhere`") : sql
        }
    }

    /// Another backup in the folder with members that are not what they were: hashes and checksums of the file are right, what
    /// the index says of rows is what it said.
    func rewrite(
        _ path: String, _ change: (MemberLabel, String) -> String
    ) async throws -> BackupName {
        let reader = try ArchiveReader(path: path)
        let name = BackupName.make(.manual, date: Date(), database: database.database) {
            FileManager.default.fileExists(atPath: folder + "/" + $0.text)
        }
        let writer = try await ArchiveWriter(path: folder + "/" + name.text)
        let compressor = MemberCompressor()
        for entry in try reader.index().members {
            let label = MemberLabel(
                entry.kind, object: entry.object, rows: entry.rows, rowChecksum: entry.rowChecksum, range: entry.range)
            let sql = change(label, String(decoding: try reader.bytes(of: entry), as: UTF8.self))
            try await writer.append(Array(sql.utf8).withUnsafeBytes { compressor.compress($0, as: label) })
        }
        _ = try await writer.finish(reader.summary.source)
        return name
    }
}
