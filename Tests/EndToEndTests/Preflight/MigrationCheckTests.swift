import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The checks of migrations and accounts, each proven both ways on every server.
@Suite struct MigrationCheckTests {
    private static let files = ["001_a.sql": "CREATE TABLE a (i INT PRIMARY KEY);"]

    private func with(
        _ target: TestTarget, files: [String: String] = Self.files,
        _ body: (PreflightSupport, DatabaseSettings, String) async throws -> Void
    ) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                var support = PreflightSupport(database)
                support.environment["MIGRATIONS_DIR"] = folder
                try await body(support, database, folder)
            }
        }
    }

    private func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

    @Test(arguments: TestTarget.all)
    func missingDoubleAndPendingFilesAreFound(_ target: TestTarget) async throws {
        try await with(target) { support, database, folder in
            var support = support
            #expect(try await support.status("MIG-102") == .fail)
            support.environment["AUTO_MIGRATE"] = "true"
            #expect(try await support.status("MIG-102") == .warn)
            _ = try await Migrator(database: database, directory: folder).up()
            for id in ["MIG-101", "MIG-102", "MIG-104"] {
                #expect(try await support.status(id) == .pass, "\(id)")
            }
            try write("CREATE TABLE b (i INT PRIMARY KEY);", folder + "/000_b.sql")
            let outOfOrder = try await support.run("MIG-102")
            #expect(outOfOrder.status == .fail)
            #expect(outOfOrder.observed.contains("below the newest applied one: 000_b.sql"))
            try write("DO 0;", folder + "/001_again.sql")
            #expect(try await support.status("MIG-101") == .fail)
            try FileManager.default.removeItem(atPath: folder + "/001_again.sql")
            try FileManager.default.removeItem(atPath: folder + "/001_a.sql")
            let missing = try await support.run("MIG-101")
            #expect(missing.status == .fail)
            #expect(missing.observed.contains("001_a.sql"))
        }
    }

    @Test(arguments: TestTarget.all)
    func changedFilesAndBrokenPromisesAreFound(_ target: TestTarget) async throws {
        let promise = "-- sysndd: verify SELECT COUNT(*) = 1 FROM a\n"
        let text = "CREATE TABLE a (i INT PRIMARY KEY);\nINSERT INTO a VALUES (1);\n"
        try await with(target, files: ["001_a.sql": promise + text]) { support, database, folder in
            _ = try await Migrator(database: database, directory: folder).up()
            #expect(try await support.status("MIG-103") == .pass)
            #expect(try await support.run("MIG-108").observed == "all 1 hold")
            try await DatabaseConnection(database).execute("INSERT INTO a VALUES (2)")
            let broken = try await support.run("MIG-108")
            #expect(broken.status == .fail)
            #expect(broken.observed == "do not hold: 001_a.sql:1")
            try write(promise + "-- more words\n" + text, folder + "/001_a.sql")
            let cosmetic = try await support.run("MIG-103")
            #expect(cosmetic.status == .pass)
            #expect(cosmetic.observed.contains("001_a.sql"))
            try write(promise + text.replacing("(1)", with: "(3)"), folder + "/001_a.sql")
            #expect(try await support.status("MIG-103") == .fail)
        }
    }

    @Test(arguments: TestTarget.all)
    func aFileThatFailedIsFound(_ target: TestTarget) async throws {
        try await with(target) { support, database, folder in
            _ = try await Migrator(database: database, directory: folder).up()
            #expect(try await support.status("MIG-104") == .pass)
            try await DatabaseConnection(database).execute(
                "UPDATE schema_version SET success = 0 WHERE filename = '001_a.sql'")
            let failed = try await support.run("MIG-104")
            #expect(failed.status == .fail)
            #expect(failed.observed == "failed: 001_a.sql")
        }
    }

    @Test(arguments: TestTarget.all)
    func aHeldLockIsFound(_ target: TestTarget) async throws {
        try await with(target) { support, database, _ in
            try await Lease.with(database, owner: LeaseOwner(operation: "migrate")) { _ in
                let held = try await support.run("MIG-105")
                #expect(held.status == .warn)
                #expect(held.observed.hasPrefix("held by "))
            }
            // It is a lock of the whole server, and other tests take it too.
            try await eventually(within: .seconds(60)) { try await support.status("MIG-105") == .pass }
        }
    }

    @Test func longTransactionsAndWaitingStatementsAreJudged() {
        func status(_ seconds: Int, waiting: [String] = []) -> CheckStatus {
            MigrationChecks.LongTransactions.judge(
                .init(transactions: [("session 7 of a@b", seconds)], waiting: waiting)
            ).status
        }
        #expect(status(10) == .pass)
        #expect(status(11) == .warn)
        #expect(status(601) == .fail)
        #expect(status(0, waiting: ["session 8"]) == .warn)
    }

    /// MariaDB shows its transactions anew only when nobody has looked for a tenth of a second, so the server is the test's own.
    @Test func aTransactionThatStaysOpenIsFound() async throws {
        let server = try await TestServer.start()
        do {
            var database = server.endpoint.rootSettings
            database.database = "own"
            try await DatabaseConnection(database, selectingDatabase: false).execute("CREATE DATABASE own")
            let support = PreflightSupport(database)
            let holder = try await DatabaseConnection(database)
            try await holder.execute("CREATE TABLE m (i INT PRIMARY KEY)")
            try await holder.execute("START TRANSACTION")
            try await holder.execute("INSERT INTO m VALUES (1)")
            let session = "session \(holder.connectionID) of "
            #expect(try await !support.run("MIG-106").observed.contains(session))
            // It counts from ten seconds on.
            try await eventually(within: .seconds(60), every: .milliseconds(300)) {
                let result = try await support.run("MIG-106")
                return result.observed.contains(session) && result.status >= .warn
            }
            try await holder.execute("ROLLBACK")
            try await eventually(every: .milliseconds(300)) {
                try await !support.run("MIG-106").observed.contains(session)
            }
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    @Test(arguments: TestTarget.all)
    func aStatementThatWaitsForAMetadataLockIsFound(_ target: TestTarget) async throws {
        try await with(target) { support, database, _ in
            let holder = try await DatabaseConnection(database)
            try await holder.execute("CREATE TABLE m (i INT PRIMARY KEY)")
            try await holder.execute("START TRANSACTION")
            _ = try await holder.query("SELECT * FROM m")
            let waiter = try await DatabaseConnection(database)
            try await waiter.execute("SET SESSION lock_wait_timeout = 120")
            async let waiting: Void = { _ = try? await waiter.execute("ALTER TABLE m ADD COLUMN j INT") }()
            try await eventually(within: .seconds(60)) {
                try await support.run("MIG-106").observed.contains("ALTER TABLE m ADD COLUMN j INT")
            }
            try await holder.execute("ROLLBACK")
            await waiting
        }
    }

    @Test func roomForACopyIsJudged() {
        func status(_ free: Int) -> CheckStatus {
            MigrationChecks.CopySpace.judge(.init(table: "t", bytes: 1000 << 20, free: free, folder: "/d")).status
        }
        #expect(status(1264 << 20) == .pass)
        #expect(status(1263 << 20) == .fail)
    }

    @Test(arguments: TestTarget.all)
    func rootAndAccountsWithoutPasswordAreFound(_ target: TestTarget) async throws {
        try await with(target) { support, database, _ in
            let root = try await DatabaseConnection(database)
            let name = "t" + String(UInt32.random(in: 0 ... .max), radix: 36)
            #expect(try await support.status("SEC-302") == .fail)
            #expect(try await support.status("SEC-301") == .fail)
            try await root.execute(SQLQuery(unquoted: "CREATE USER '\(name)'@'%' IDENTIFIED BY 'Password-of-a-test-1'"))
            let server = try await root.serverInfo()
            for statement in RoleGrants(.app, on: server, database: database.database).statements(user: name, host: "%")
            {
                try await root.execute(SQLQuery(unquoted: String(statement.dropLast())))
            }
            var own = support
            own.database.user = name
            own.database.password = Secret("Password-of-a-test-1")
            #expect(try await own.status("SEC-302") == .pass)
            let least = try await own.run("SEC-301")
            #expect(least.status == .pass, "\(least.observed)")
            #expect(try await !support.run("SEC-303").observed.contains(name))
            try await root.execute(SQLQuery(unquoted: "CREATE USER '\(name)'@'nowhere' IDENTIFIED BY ''"))
            let empty = try await support.run("SEC-303")
            #expect(empty.status == .fail)
            #expect(empty.observed.contains("'\(name)'@'nowhere'"))
            try await root.execute(SQLQuery(unquoted: "DROP USER '\(name)'@'nowhere', '\(name)'@'%'"))
        }
    }

    @Test(arguments: TestTarget.all)
    func theClocksOfOneMachineAgree(_ target: TestTarget) async throws {
        try await with(target) { support, _, _ in
            let agreed = try await support.status("SYS-502")
            #expect(agreed == .pass)
            var ahead = support
            ahead.now = { Date(timeIntervalSinceNow: 90) }
            let apart = try await ahead.status("SYS-502")
            #expect(apart == .fail)
        }
    }
}
