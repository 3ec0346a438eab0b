import Foundation
import Subprocess
import TestSupport
import Testing

@testable import OpsCore

/// Whatever goes wrong, there is no file, and the error says what happened and to which table.
@Suite struct BackupFailureTests {
    private static let tables = [
        "CREATE TABLE a (id INT PRIMARY KEY, t TEXT)", "INSERT INTO a VALUES (1, 'x'), (2, 'y')",
        "CREATE TABLE b (id INT PRIMARY KEY, t TEXT)", "INSERT INTO b VALUES (1, 'x'), (2, 'y')",
    ]

    /// Stops behind the rows of the first table, before those of the second are read.
    private static func pause() -> ProgressPause<BackupProgress> { ProgressPause<BackupProgress> { $0.rows > 0 } }

    private static let changes = TestTarget.all.flatMap { target in
        let all = [
            "ALTER TABLE b ADD COLUMN c INT", "ALTER TABLE b MODIFY t MEDIUMTEXT", "DROP TABLE b", "TRUNCATE TABLE b",
            "RENAME TABLE b TO b_old, b_new TO b", "ALTER TABLE b DROP COLUMN t",
        ]
        let own = target.isMySQL ? [] : ["CREATE OR REPLACE TABLE b (id INT)"]
        return (all + own).map { (target, $0) }
    }

    @Test(arguments: changes)
    func aTableThatIsChangedMeanwhileIsNamed(_ target: TestTarget, _ statement: String) async throws {
        try await BackupScope.with(on: target) { scope in
            for statement in Self.tables { try await scope.execute(statement) }
            try await scope.execute("CREATE TABLE b_new LIKE b")
            let pause = Self.pause()
            let result = Task { try await scope.backup.create(.init(jobs: 1), progress: pause.check) }
            try await pause.during { try await scope.execute(statement) }
            let error = await #expect(throws: BackupError.self) { try await result.value }
            #expect(error?.code == "TABLE_CHANGED")
            #expect(error?.message.contains(": b") == true)
            #expect(error?.message.contains(": a") == false)
            #expect(scope.files == [])
        }
    }

    /// Whoever alters a table waits for its own rows at most, not for the end of the backup.
    @Test(arguments: TestTarget.all)
    func aTableThatHasBeenReadIsNotHeldUpButNamed(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            for statement in Self.tables { try await scope.execute(statement) }
            let pause = Self.pause()
            let result = Task { try await scope.backup.create(.init(jobs: 1), progress: pause.check) }
            try await pause.during { try await Self.alterAtOnce(scope) }
            let error = await #expect(throws: BackupError.self) { try await result.value }
            #expect(error?.message.hasSuffix(": a (definition)") == true)
        }
    }

    /// MariaDB keeps the locks of a session that takes part in the binary log.
    @Test func aServerWithABinaryLogHoldsNobodyUpEither() async throws {
        try await BackupScope.withOwnServer(settings: ["log-bin": "binlog", "server-id": "1"]) { scope, _ in
            for statement in Self.tables { try await scope.execute(statement) }
            let pause = Self.pause()
            let result = Task { try await scope.backup.create(.init(jobs: 1), progress: pause.check) }
            try await pause.during { try await Self.alterAtOnce(scope) }
            let error = await #expect(throws: BackupError.self) { try await result.value }
            #expect(error?.message.hasSuffix(": a (definition)") == true)
        }
    }

    @Test func whoMayNotLeaveTheBinaryLogIsToldWhatThatMeans() async throws {
        try await BackupScope.withOwnServer(settings: ["log-bin": "binlog", "server-id": "1"]) { scope, _ in
            for statement in Self.tables { try await scope.execute(statement) }
            let account = try await BackupAccount.make(scope)
            try await account.grantReading(scope)
            try await scope.execute("GRANT SELECT ON mysql.proc TO \(account.quoted)")
            let backup = Backup(database: account.settings, directory: scope.folder)
            #expect(
                try await backup.create(.init(jobs: 1)).snapshot.notes.map { $0.contains("BINLOG ADMIN") } == [true])
            #expect(try await scope.backup.create(.init(jobs: 1)).snapshot.notes == [])
        }
    }

    /// Fails when the table is locked for longer than a loaded machine explains.
    private static func alterAtOnce(_ scope: BackupScope) async throws {
        let session = try await DatabaseConnection(scope.database)
        try await session.execute("SET SESSION lock_wait_timeout = 20")
        try await session.execute("ALTER TABLE a ADD COLUMN c INT")
    }

    @Test(arguments: TestTarget.all)
    func aTableThatIsOnlyAddedIsNoFailure(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            for statement in Self.tables { try await scope.execute(statement) }
            let pause = Self.pause()
            let result = Task { try await scope.backup.create(.init(jobs: 2), progress: pause.check) }
            try await pause.during {
                try await scope.execute("CREATE TABLE c (id INT)", "INSERT INTO b VALUES (3, '')")
            }
            #expect(try await result.value.rows == 4)
        }
    }

    @Test(arguments: TestTarget.all)
    func aConnectionThatIsKilledEndsTheBackup(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            for statement in Self.tables { try await scope.execute(statement) }
            let pause = Self.pause()
            let result = Task { try await scope.backup.create(.init(jobs: 2), progress: pause.check) }
            try await pause.during {
                let root = try await DatabaseConnection(scope.database, selectingDatabase: false)
                let sessions = try await root.query(
                    "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = \(scope.database.database)")
                for session in sessions {
                    _ = try? await root.execute(SQLQuery(unquoted: "KILL \(session.int(0) ?? 0)"))
                }
            }
            let error = await #expect(throws: (any Error).self) { try await result.value }
            #expect((error as? any OperatorError)?.exitStatus == .unreachable)
            #expect(scope.files == [])
        }
    }

    @Test(arguments: TestTarget.all)
    func cancellingStopsTheStatementsAndRemovesTheFile(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            for statement in Self.tables { try await scope.execute(statement) }
            try await scope.execute(
                "CREATE TABLE c (id INT PRIMARY KEY, t LONGTEXT)", "INSERT INTO c VALUES (1, REPEAT('x', 5000000))",
                "INSERT INTO c SELECT id + 1, t FROM c", "INSERT INTO c SELECT id + 2, t FROM c",
                "INSERT INTO c SELECT id + 4, t FROM c")
            let pause = ProgressPause<BackupProgress> { $0.bytes > 4 << 20 }
            let task = Task { try await scope.backup.create(.init(jobs: 2), progress: pause.check) }
            try await pause.during { task.cancel() }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(scope.files == [])
            let root = try await DatabaseConnection(scope.database, selectingDatabase: false)
            try await eventually {
                try await root.query("SHOW FULL PROCESSLIST").allSatisfy { session in
                    session.text("db") != scope.database.database || session.text("Info") == nil
                }
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aRightThatTheAccountLacksIsNamed(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            for statement in Self.tables { try await scope.execute(statement) }
            let account = try await BackupAccount.make(scope)
            let name = SQLQuery.identifier(scope.database.database)
            for right in ["SELECT ON \(name).a", "SHOW VIEW, TRIGGER, EVENT ON \(name).*"] {
                try await scope.execute("GRANT \(right) TO \(account.quoted)")
            }
            let backup = Backup(database: account.settings, directory: scope.folder)
            let error = await #expect(throws: (any Error).self) { try await backup.create() }
            let refusal = try #require(error as? any OperatorError)
            #expect(refusal.exitStatus == .notPermitted)
            #expect(refusal.message.contains("the privilege SELECT"))
            #expect(refusal.message.contains("it may not read `b`"))
            #expect(!refusal.message.contains("`a`"))
            #expect(scope.files == [])
            try await account.drop(scope)
        }
    }

    /// The disk fills up before the backup is looked at for the first time, or only as far as its reserve.
    @Test(
        .enabled(if: geteuid() == 0, "needs to mount a file system"),
        arguments: [(95, "no space left on device"), (30, "MiB stay free for others")])
    func aFullDiskIsTold(_ ballast: Int, _ reason: String) async throws {
        try await BackupScope.with { scope in
            try await scope.execute(
                "CREATE TABLE a (id INT PRIMARY KEY, b LONGBLOB)",
                "INSERT INTO a SELECT seq, RANDOM_BYTES(1024) FROM seq_1_to_20000")
            try await withDisk(scope.folder, "size=100m") {
                // The space is enough by the estimate of an earlier backup of little data, but not in fact.
                try Data(count: 88 << 20).write(to: URL(filePath: scope.folder + "/ballast"))
                let early = await #expect(throws: FreeSpaceError.self) { try await scope.backup.create() }
                #expect(early?.exitStatus == .cannotWrite)
                #expect(scope.files == [])
                try FileManager.default.removeItem(atPath: scope.folder + "/ballast")
                let pause = ProgressPause<BackupProgress> { $0.step == .snapshot }
                let result = Task { try await scope.backup.create(.init(jobs: 2), progress: pause.check) }
                try await pause.during {
                    try Data(count: ballast << 20).write(to: URL(filePath: scope.folder + "/ballast"))
                }
                let late = await #expect(throws: ArchiveError.self) { try await result.value }
                #expect(late?.problem == .noSpace)
                #expect(late?.exitStatus == .cannotWrite)
                #expect(late?.message.contains(reason) == true, "\(late?.message ?? "")")
                #expect(scope.files == [])
            }
        }
    }

    /// A folder whose parent is missing is more likely a disk that is not mounted than one that nobody has made yet.
    @Test func aFolderWithoutParentIsWrongSettings() async throws {
        try await BackupScope.with { scope in
            for path in ["/proc/backups", "\(scope.folder)/not/there"] {
                let error = await #expect(throws: BackupFolderError.self) {
                    try await Backup(database: scope.database, directory: path).create()
                }
                #expect(error?.kind == .missingFolder)
                #expect(error?.exitStatus == .badSettings)
            }
        }
    }

    @Test func aSecondBackupIsTurnedAway() async throws {
        try await BackupScope.with { scope in
            for statement in Self.tables { try await scope.execute(statement) }
            let pause = Self.pause()
            let first = Task { try await scope.backup.create(progress: pause.check) }
            try await pause.during {
                let sameFolder = await #expect(throws: BackupFolderError.self) { try await scope.backup.create() }
                #expect(sameFolder?.exitStatus == .busy)
                let elsewhere = Backup(database: scope.database, directory: scope.folder + "2")
                let sameDatabase = await #expect(throws: LeaseError.self) { try await elsewhere.create() }
                #expect(sameDatabase?.exitStatus == .busy)
            }
            #expect(try await first.value.rows == 4)
        }
    }
}
