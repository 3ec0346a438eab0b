import TestSupport
import Testing

@testable import OpsCore

/// The ways to a snapshot, from the surest down, by what the account may do.
@Suite struct SnapshotTests {
    private func open(
        _ settings: DatabaseSettings, jobs: Int, unversioned: [String] = [],
        _ readUnversioned: @Sendable (SnapshotPosition, [DatabaseConnection]) async throws -> Void = { _, _ in }
    ) async throws -> SnapshotOpener.Opened {
        let server = try await DatabaseConnection(settings).serverInfo()
        let opener = SnapshotOpener(database: settings, server: server, jobs: jobs, unversionedTables: unversioned)
        return try await opener.open(try await opener.connect(), readUnversioned: readUnversioned)
    }

    @Test(arguments: TestTarget.all)
    func oneSessionNeedsNoLock(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            let opened = try await open(scope.database, jobs: 1)
            #expect(opened.snapshot.method == .singleConnection)
            #expect(opened.snapshot.consistent)
            #expect(opened.snapshot.lockMs == nil)
            #expect(opened.snapshot.notes == [])
        }
    }

    @Test(arguments: TestTarget.all)
    func allSessionsSeeTheSameMomentAndTheLockIsGone(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.execute("CREATE TABLE t (id INT) ENGINE=InnoDB", "INSERT INTO t VALUES (1)")
            let opened = try await open(scope.database, jobs: 3)
            #expect(opened.snapshot.method == .readLock)
            #expect(opened.snapshot.lockMs != nil)
            try await scope.execute("INSERT INTO t VALUES (2)")
            for connection in opened.connections {
                #expect(try await connection.query("SELECT COUNT(*) FROM t").first?.int(0) == 1)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func withoutTheRightToLockPositionsAreCompared(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.execute("CREATE TABLE t (id INT) ENGINE=InnoDB")
            let account = try await BackupAccount.make(scope)
            try await account.grantReading(scope)
            try await scope.execute("GRANT PROCESS ON *.* TO \(account.quoted)")
            let opened = try await open(account.settings, jobs: 3)
            // Other tests write at the same time, so it may also never have been quiet for long enough.
            #expect(opened.snapshot.method != .readLock)
            #expect(opened.snapshot.consistent)
            #expect(opened.snapshot.notes.first?.contains("RELOAD") == true)
            #expect(opened.connections.count == (opened.snapshot.method == .samePosition ? 3 : 1))
            try await account.drop(scope)
        }
    }

    @Test func withoutAnyRightOneSessionReads() async throws {
        try await BackupScope.with { scope in
            let account = try await BackupAccount.make(scope)
            try await account.grantReading(scope)
            let opened = try await open(account.settings, jobs: 3)
            #expect(opened.snapshot.method == .singleConnection)
            #expect(opened.snapshot.consistent)
            #expect(opened.snapshot.notes.count == 2)
            #expect(opened.connections.count == 1)
            try await account.drop(scope)
        }
    }

    /// The server here is no node of a cluster; it is taken for one, and refuses this account as a node would.
    @Test func aNodeThatMayNotFallBehindIsBackedUpAllTheSame() async throws {
        try await BackupScope.with { scope in
            let account = try await BackupAccount.make(scope)
            try await account.grantReading(scope)
            try await scope.execute("GRANT RELOAD ON *.* TO \(account.quoted)")
            let version = try await DatabaseConnection(scope.database).serverInfo().versionText
            let opener = SnapshotOpener(
                database: account.settings, server: ServerInfo(versionText: version, isGalera: true), jobs: 2,
                unversionedTables: [], desync: true)
            let opened = try await opener.open(try await opener.connect()) { _, _ in }
            #expect(opened.snapshot.method == .readLock)
            let note = try #require(opened.snapshot.notes.first)
            #expect(note.contains("other nodes of the cluster may have to wait"))
            #expect(note.contains("SUPER"))
            try await account.drop(scope)
        }
    }

    @Test func aTableWithoutVersionsIsReadUnderTheLock() async throws {
        try await BackupScope.withOwnServer { scope, _ in
            try await scope.execute("CREATE TABLE m (id INT) ENGINE=MyISAM", "INSERT INTO m VALUES (1)")
            let writer = try await DatabaseConnection(scope.database)
            try await writer.execute("SET SESSION lock_wait_timeout = 1")
            let opened = try await open(scope.database, jobs: 2, unversioned: ["m"]) { _, _ in
                let error = await #expect(throws: DatabaseError.self) {
                    try await writer.execute("INSERT INTO m VALUES (2)")
                }
                #expect(error?.kind == .lockWaitTimeout)
            }
            #expect(opened.snapshot.consistent)
            try await writer.execute("INSERT INTO m VALUES (2)")
        }
    }

    @Test(arguments: TestTarget.all)
    func aTableWithoutVersionsAndWithoutALockIsNamed(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.execute("CREATE TABLE m (id INT) ENGINE=MyISAM", "INSERT INTO m VALUES (1)")
            let account = try await BackupAccount.make(scope)
            try await account.grantReading(scope)
            let opened = try await open(account.settings, jobs: 1, unversioned: ["m"])
            #expect(!opened.snapshot.consistent)
            #expect(opened.snapshot.inconsistentTables == ["m"])
            try await account.drop(scope)
        }
    }

    /// A long statement that writes keeps the lock away. Then the site must not stand still for it.
    @Test func aLockThatCannotBeHadIsGivenUpSoon() async throws {
        try await BackupScope.withOwnServer { scope, _ in
            try await scope.execute("CREATE TABLE t (id INT) ENGINE=InnoDB", "INSERT INTO t VALUES (1)")
            let long = Task {
                try await DatabaseConnection(scope.database).execute("UPDATE t SET id = SLEEP(60)")
            }
            let watcher = try await DatabaseConnection(scope.database)
            try await watcher.untilStatement(like: "UPDATE t SET id = SLEEP%", anywhere: true)
            let clock = ContinuousClock()
            let start = clock.now
            let opened = try await open(scope.database, jobs: 2)
            #expect(clock.now - start < .seconds(20))
            #expect(opened.snapshot.method != .readLock)
            #expect(opened.snapshot.consistent)
            #expect(opened.snapshot.notes.first?.contains("could not be had") == true)
            long.cancel()
            _ = await long.result
        }
    }
}
