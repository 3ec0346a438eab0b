import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The checks of the backup folder, each proven both ways on real archives.
@Suite struct BackupCheckTests {
    /// A database with a table, a private folder for backups, and checks that know both.
    private func withBackups(
        _ body: (PreflightSupport, DatabaseSettings, String) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with { folder in
                try setMode(0o700, folder)
                let connection = try await DatabaseConnection(database)
                try await connection.execute("CREATE TABLE a (i INT PRIMARY KEY)")
                try await connection.execute("INSERT INTO a VALUES (1), (2), (3)")
                var support = PreflightSupport(database)
                support.environment["BACKUP_DIR"] = folder
                try await body(support, database, folder)
            }
        }
    }

    /// One connection, so that the other tests of the server are not locked.
    @discardableResult
    private func backup(_ database: DatabaseSettings, _ folder: String, _ kind: BackupName.Kind = .scheduled)
        async throws -> String
    {
        // Another test that starts a program holds what is open here for a moment, the lock of the folder too.
        var file = ""
        try await eventually {
            do {
                file = try await Backup(database: database, directory: folder).create(.init(kind: kind, jobs: 1)).file
                return true
            } catch let error as any OperatorError where error.exitStatus == .busy {
                return false
            }
        }
        return URL(filePath: file).lastPathComponent
    }

    private func setMode(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test func theAgeOfTheNewestScheduledBackupIsJudged() async throws {
        try await withBackups { support, database, folder in
            var support = support
            #expect(try await support.status("BAK-201") == .fail)
            try await backup(database, folder, .manual)
            #expect(try await support.status("BAK-201") == .fail, "a manual one is none of the schedule")
            try await backup(database, folder)
            #expect(try await support.status("BAK-201") == .pass)
            support.now = { Date(timeIntervalSinceNow: 27 * 3600) }
            #expect(try await support.status("BAK-201") == .warn)
            support.now = { Date(timeIntervalSinceNow: 49 * 3600) }
            #expect(try await support.status("BAK-201") == .fail)
            support.environment["BACKUP_DIR"] = folder + "/missing"
            let missing = try await support.run("BAK-201")
            #expect(missing.status == .fail)
            let rest = try await support.report(CheckSelection(only: ["BAK"], skip: ["BAK-201"]))
            #expect(rest.checks.allSatisfy { $0.status == .skip })
        }
    }

    @Test func damageAndAMissingEndAreFound() async throws {
        try await withBackups { support, database, folder in
            #expect(try await support.status("BAK-202") == .skip)
            #expect(try await support.status("BAK-203") == .skip)
            let file = try await backup(database, folder)
            #expect(try await support.status("BAK-202") == .pass)
            #expect(try await support.status("BAK-203") == .pass)
            let path = "\(folder)/\(file)"
            let whole = try Data(contentsOf: URL(filePath: path))
            var damaged = whole
            damaged[whole.count / 3] ^= 0xFF
            try damaged.write(to: URL(filePath: path))
            let bytes = try await support.run("BAK-202")
            #expect(bytes.status == .fail, "\(bytes.observed)")
            #expect(bytes.observed.contains(file))
            try whole.dropLast(40).write(to: URL(filePath: path))
            let end = try await support.run("BAK-203")
            #expect(end.status == .fail, "\(end.observed)")
            #expect(end.remedy == "sysndd-ctl backup verify \(file)")
        }
    }

    @Test func aProvenBackupCountsUntilItIsOld() async throws {
        try await withBackups { support, database, folder in
            var support = support
            let file = try await backup(database, folder)
            #expect(try await support.status("BAK-204") == .warn)
            #expect(try await support.status("BAK-209") == .warn)
            try await prove(file, folder)
            #expect(try await support.status("BAK-204") == .pass)
            #expect(try await support.status("BAK-209") == .pass)
            support.now = { Date(timeIntervalSinceNow: 10 * 86_400) }
            #expect(try await support.status("BAK-204") == .warn)
        }
    }

    /// Notes in the catalog what a restore for proof notes there.
    private func prove(_ file: String, _ folder: String) async throws {
        let catalog = BackupCatalog(folder: try BackupFolder(folder), readers: .files)
        let name = try BackupFolder.name(file)
        let summary = try #require(catalog.summary(of: try catalog.folder.open(name)))
        try catalog.store.update { state in
            guard let entry = catalog.folder.entry(name) else { return }
            state.note(entry, summary) { $0.provenAt = Date() }
        }
    }

    @Test func retentionThatLeavesNoProvenBackupIsAWarning() {
        func status(_ keptProven: Int) -> CheckStatus {
            BackupChecks.Retention.judge(.init(keeps: 1, kept: 1, keptProven: keptProven, proven: 1)).status
        }
        #expect(status(1) == .pass)
        #expect(status(0) == .warn)
    }

    @Test func aBackupOfAnotherSizeThanThoseBeforeItIsFound() async throws {
        try await withBackups { support, database, folder in
            let connection = try await DatabaseConnection(database)
            // Text that hardly gets smaller.
            try await connection.execute("CREATE TABLE text (i INT PRIMARY KEY AUTO_INCREMENT, t VARCHAR(128))")
            func fill(_ rows: Int) async throws {
                let values = (0..<rows).map { _ in "(SHA2(RAND(), 512))" }.joined(separator: ", ")
                try await connection.execute(SQLQuery(unquoted: "INSERT INTO text (t) VALUES \(values)"))
            }
            try await fill(1000)
            for earlier in 0..<3 {
                #expect(try await support.status("BAK-205") == .skip, "\(earlier) earlier ones")
                try await backup(database, folder)
            }
            try await backup(database, folder)
            #expect(try await support.status("BAK-205") == .pass)
            try await fill(3000)
            let large = try await backup(database, folder)
            let larger = try await support.run("BAK-205")
            #expect(larger.status == .warn, "\(larger)")
            #expect(larger.remedy == "sysndd-ctl backup diff \(large)")
            try await connection.execute("TRUNCATE TABLE text")
            try await backup(database, folder)
            let empty = try await support.run("BAK-205")
            #expect(empty.status == .fail, "\(empty)")
        }
    }

    @Test func theBoundsOfASizeAreHalfAndTwiceTheMedian() {
        func status(_ size: Int, _ median: Int?) -> CheckStatus {
            BackupChecks.Size.judge(.init(file: "a.sql.gz", size: size, median: median)).status
        }
        #expect(status(100, 110) == .pass)
        #expect(status(40, 100) == .warn)
        #expect(status(201, 100) == .warn)
        #expect(status(24, 100) == .fail)
        #expect(status(100, nil) == .skip)
    }

    @Test func roomIsJudgedForBackupAndRestore() {
        func status(_ free: Int, _ server: Int?, shared: Bool = false) -> CheckStatus {
            BackupChecks.Space.judge(
                .init(
                    folder: "/b", backup: FreeSpace(available: free, needed: 100), dataBytes: 1000,
                    serverFree: server, isShared: shared)
            ).status
        }
        #expect(status(100, 1200) == .pass)
        #expect(status(100, nil) == .pass)
        #expect(status(99, 1200) == .fail)
        #expect(status(100, 1199) == .fail)
        #expect(status(1300, 1299, shared: true) == .fail)
    }

    @Test func modesOfFolderAndFilesAreJudged() async throws {
        try await withBackups { support, database, folder in
            let file = try await backup(database, folder)
            #expect(try await support.status("BAK-207") == .pass)
            try setMode(0o644, "\(folder)/\(file)")
            let open = try await support.run("BAK-207")
            #expect(open.status == .fail)
            #expect(open.observed.contains("\(file) (644)"))
            try setMode(0o600, "\(folder)/\(file)")
            try setMode(0o755, folder)
            let entered = try await support.run("BAK-207")
            #expect(entered.status == .fail)
            #expect(entered.remedy == "chmod 700 \(folder)")
        }
    }

    @Test func theSameDiskIsAWarning() async throws {
        try await withBackups { support, _, folder in
            let here = try await support.run("BAK-208")
            #expect(here.status == .warn || here.status == .pass)
            var support = support
            support.environment["BACKUP_DIR"] = try await DatabaseConnection(support.database)
                .query("SELECT @@datadir").first?.text(0)
            #expect(try await support.status("BAK-208") == .warn)
            // A file system of its own is always there on this kind of machine.
            support.environment["BACKUP_DIR"] = "/dev/shm"
            #expect(try await support.status("BAK-208") == .pass)
        }
    }
}
