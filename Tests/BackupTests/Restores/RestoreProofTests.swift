import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// A proof restores a backup into a scratch schema, compares every row, and leaves nothing behind but its word.
@Suite struct RestoreProofTests {
    @Test(arguments: TestTarget.all)
    func theCorpusIsProven(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await SchemaOracle(target: target).loadCorpus(into: scope.database)
            try await scope.execute("DROP VIEW v_broken, v_broken_2", "DROP TABLE sysndd_ctl_lease, sysndd_ctl_jobs")
            let result = try await scope.proof.create(.init(jobs: 3))
            let proof = try #require(result.proven)
            #expect(proof.restoreMs > 0)
            #expect(try await scope.scratchSchemas() == [])
            let listed = try #require(try await scope.catalog.list().first)
            #expect(listed.provenAt != nil)
            #expect(listed.restoreMs == proof.restoreMs)
            let shown = try await scope.tool().run("backup", "show", "latest", "--format", "json")
            #expect(try shown.json()["restore_ms"] as? Int == proof.restoreMs)
            let list = try await scope.tool().run("backup", "list")
            #expect(list.output.contains("proven, \(proof.restoreMs) ms"))
        }
    }

    @Test(arguments: TestTarget.all)
    func aLargeTableIsLoadedAndReadBySeveralSessions(_ target: TestTarget) async throws {
        try await BackupScope.with(on: target) { scope in
            try await scope.fillLargeTable()
            let result = try await scope.backup.create(.init(jobs: 3))
            let name = try #require(BackupName(URL(filePath: result.file).lastPathComponent))
            let finding = try await scope.proof.verify(name, jobs: 3)
            #expect(finding.ok)
            #expect(finding.proven != nil)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// The archive says that a row has another value than its statements give: only a comparison can find that.
    @Test func anArchiveWhoseRowsAreNotWhatItSaysIsNotProven() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY, v INT)", "INSERT INTO a VALUES (1, 2), (2, 3)")
            let result = try await scope.backup.create()
            let forged = try await scope.rewrite(result.file) { label, sql in
                label.kind == .rows ? sql.replacing("(2,3)", with: "(2,4)") : sql
            }
            let error = await #expect(throws: RestoreError.self) { try await scope.proof.verify(forged) }
            #expect(error?.code == "RESTORE_NOT_EQUAL")
            #expect(error?.message.contains("a has other values") == true)
            let fewer = try await scope.rewrite(result.file) { label, sql in
                label.kind == .rows ? sql.replacing("(1,2),\n", with: "") : sql
            }
            let second = await #expect(throws: RestoreError.self) { try await scope.proof.verify(fewer) }
            #expect(second?.message.contains("a has 1 rows instead of 2") == true)
            #expect(try await scope.scratchSchemas() == [])
            #expect(try await scope.catalog.list().allSatisfy { $0.provenAt == nil })
        }
    }

    @Test func whatTheServerRefusesIsNamedAndTheScratchSchemaIsDropped() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)")
            let result = try await scope.backup.create()
            let forged = try await scope.rewrite(result.file) { label, sql in
                label.kind == .rows ? sql.replacing("(1)", with: "(1),\n(1)") : sql
            }
            let error = await #expect(throws: RestoreError.self) { try await scope.proof.verify(forged) }
            #expect(error?.code == "RESTORE_REFUSED")
            #expect(error?.message.contains("rows of a") == true)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    @Test func aScratchSchemaOfADeadProcessIsRemoved() async throws {
        try await BackupScope.with { scope in
            let stale = RestoreSchemaName(.prove, of: scope.database.database, stamp: "20200101000000")
            try await scope.execute(
                "CREATE DATABASE \(stale.text)", "CREATE TABLE \(stale.text).t (id INT)",
                "CREATE TABLE a (id INT PRIMARY KEY)")
            #expect(try await scope.scratchSchemas() == [stale.text])
            #expect(try await scope.proof.create(.init()).proven != nil)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// The scheduler would run them, and they may reach beyond their schema.
    @Test func eventsAreNotMade() async throws {
        try await BackupScope.withOwnServer(settings: ["event-scheduler": "ON"]) { scope, _ in
            try await scope.execute(
                "CREATE DATABASE elsewhere", "CREATE TABLE elsewhere.seen (id INT)",
                "CREATE TABLE a (id INT PRIMARY KEY)",
                "CREATE EVENT e ON SCHEDULE EVERY 1 SECOND STARTS '2037-01-01' DO INSERT INTO elsewhere.seen VALUES (1)"
            )
            let result = try await scope.backup.create()
            let early = try await scope.rewrite(result.file) { label, sql in
                label.kind == .event ? sql.replacing("2037-01-01", with: "2000-01-01") : sql
            }
            #expect(try await scope.proof.verify(early).proven != nil)
            try await Task.sleep(for: .milliseconds(1500))
            let root = try await DatabaseConnection(scope.database)
            #expect(try await root.query("SELECT * FROM elsewhere.seen").isEmpty)
        }
    }

    @Test func anAccountThatMayNotMakeASchemaIsTold() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)")
            let account = try await BackupAccount.make(scope)
            let name = SQLQuery.identifier(scope.database.database)
            try await scope.execute("GRANT ALL ON \(name).* TO \(account.quoted)")
            let proof = RestoreProof(database: account.settings, directory: scope.folder)
            let error = await #expect(throws: RestoreError.self) { try await proof.create(.init()) }
            #expect(error?.code == "RESTORE_NO_SCHEMA")
            #expect(error?.exitStatus == .notPermitted)
            #expect(scope.files.count == 2)
            try await account.drop(scope)
        }
    }
}
