import Foundation
import Glibc
import OpsCore
import TestSupport
import Testing

/// The lease of a migration: who waits for whom, and what happens to a holder that is gone or hangs.
@Suite struct MigrateLockTests {
    @Test(arguments: TestTarget.all)
    func theLeaseOfAHolderThatHangsCanBeTakenAway(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: ["001_a.sql": "CREATE TABLE a (i INT);"]) { folder in
                let tool = Tool(database: database)
                let nobody = try await tool.run("migrate", "unlock", "--dir", folder, "--format", "json")
                #expect(nobody.exitCode == 0)
                #expect(try nobody.json()["lease"] is NSNull)
                let loss = await #expect(throws: LeaseError.self) {
                    try await Lease.with(database, owner: LeaseOwner(operation: "backup", host: "elsewhere")) { lease in
                        let busy = try await tool.run("migrate", "--dir", folder, "--lock-timeout", "0")
                        #expect(busy.exitCode == 75, "\(busy.errorOutput)")
                        #expect(busy.errorOutput.contains("the lease maintenance is held by backup on elsewhere, pid "))
                        let asked = try await tool.run("migrate", "unlock", "--dir", folder)
                        #expect(asked.exitCode == 64)
                        #expect(asked.errorOutput.hasPrefix("the lease is held by backup on elsewhere, pid "))
                        let freed = try await tool.run("migrate", "unlock", "--confirm", "UNLOCK", "--dir", folder)
                        #expect(freed.exitCode == 0)
                        #expect(freed.output.hasPrefix("the lease was taken away from backup on elsewhere, pid "))
                        #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)
                    }
                }
                #expect(loss?.kind == .lost)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func whatAHolderThatLostTheLeaseWritesIsNotCommitted(_ target: TestTarget) async throws {
        let files = ["001_a.sql": "CREATE TABLE a (i INT);\nSELECT SLEEP(7);\nINSERT INTO a VALUES (1);"]
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                let tool = Tool(database: database)
                let watcher = try await DatabaseConnection(database)
                let outcome = try await tool.run("migrate", "--dir", folder) { _ in
                    try await watcher.untilStatement(like: "SELECT SLEEP%")
                    let freed = try await tool.run("migrate", "unlock", "--confirm", "UNLOCK", "--dir", folder)
                    #expect(freed.exitCode == 0, "\(freed.errorOutput)")
                }
                #expect(outcome.exitCode == 1, "\(outcome.errorOutput)")
                #expect(outcome.errorOutput.contains("the lease maintenance was lost"))
                #expect(try await watcher.query("SELECT * FROM a").isEmpty)
                #expect(try await watcher.query("SELECT * FROM schema_version").isEmpty)
                #expect(try await tool.run("migrate", "--dir", folder).exitCode == 0)
                #expect(try await watcher.query("SELECT * FROM a").count == 1)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func aKilledHolderIsTakenOverOnceTheServerHasEndedItsStatement(_ target: TestTarget) async throws {
        let files = ["001_a.sql": "CREATE TABLE a (i INT);\nINSERT INTO a SELECT SLEEP(6);"]
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                let tool = Tool(database: database)
                let watcher = try await DatabaseConnection(database)
                let killed = try await tool.run("migrate", "--dir", folder) { process in
                    try await watcher.untilStatement(like: "INSERT INTO a SELECT SLEEP%")
                    kill(process, SIGKILL)
                }
                #expect(killed.exitCode == nil)
                let next = try await tool.run("migrate", "--dir", folder, "--lock-timeout", "60")
                #expect(next.exitCode == 0, "\(next.errorOutput)")
                #expect(try await watcher.query("SELECT * FROM a").count == 1)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func whoWaitsForAnotherRunIsToldSinceWhenItRuns(_ target: TestTarget) async throws {
        let files = ["001_a.sql": "SELECT SLEEP(600);"]
        try await TestDatabase.with(on: target) { database in
            try await TestFolder.with(files: files) { folder in
                let run = Task { try await Migrator(database: database, directory: folder).up() }
                let watcher = try await DatabaseConnection(database)
                try await watcher.untilStatement(like: "SELECT SLEEP%")
                let outcome = try await Tool(database: database).run("migrate", "--dir", folder, "--lock-timeout", "0")
                #expect(outcome.exitCode == 75)
                #expect(
                    outcome.errorOutput.contains("the lease maintenance is held by migrate on "),
                    "\(outcome.errorOutput)")
                #expect(outcome.errorOutput.contains(", since 20"))
                run.cancel()
                _ = await run.result
            }
        }
    }

    @Test func aCallerThatHoldsTheLeaseMigratesUnderIt() async throws {
        let files = ["001_a.sql": "CREATE TABLE a (i INT);\nINSERT INTO a VALUES (1);"]
        try await TestDatabase.with { database in
            try await TestFolder.with(files: files) { folder in
                let migrator = Migrator(database: database, directory: folder)
                try await Lease.with(database, owner: LeaseOwner(operation: "migrate", jobID: "a job")) { lease in
                    await #expect(throws: LeaseError.self) {
                        try await migrator.up(MigrationOptions(lockTimeout: .zero))
                    }
                    let result = try await migrator.up(under: lease)
                    #expect(result.totalApplied == 1)
                    #expect(result.lockAcquired)
                    // It is still the caller's, with its token.
                    let session = try await DatabaseConnection(database)
                    let holder = try await session.run { try Lease.holder(in: database.database, $0) }
                    #expect(holder?.owner.jobID == "a job")
                    #expect(holder?.token == lease.token)
                }
                let loss = await #expect(throws: LeaseError.self) {
                    try await Lease.with(database, owner: LeaseOwner(operation: "migrate")) { lease in
                        let session = try await DatabaseConnection(database)
                        let holder = try #require(try await session.run { try Lease.holder(in: database.database, $0) })
                        _ = try await session.run { try Lease.revoke(holder, in: database.database, $0) }
                        try "CREATE TABLE b (i INT);".write(
                            toFile: folder + "/002_b.sql", atomically: true, encoding: .utf8)
                        _ = try await migrator.up(under: lease)
                    }
                }
                #expect(loss?.kind == .lost)
                #expect(try await migrator.status().pending == 1)
            }
        }
    }

    @Test func aSafetyBackupIsMadeFirstAndItsNameIsKept() async throws {
        let files = ["001_a.sql": "CREATE TABLE b (i INT);", "002_b.sql": "INSERT INTO nowhere VALUES (1);"]
        try await TestDatabase.with { database in
            let connection = try await DatabaseConnection(database)
            try await connection.execute("CREATE TABLE a (i INT)")
            try await TestFolder.with(files: files) { folder in
                let backups = folder + "/backups"
                let tool = Tool(database: database, environment: ["BACKUP_DIR": backups])
                let outcome = try await tool.run("migrate", "--backup", "--dir", folder)
                #expect(outcome.exitCode == 1, "\(outcome.errorOutput)")
                let names = try FileManager.default.contentsOfDirectory(atPath: backups)
                let name = try #require(names.first { $0.hasPrefix("pre-migrate_") && $0.hasSuffix(".sql.gz") })
                #expect(outcome.errorOutput.contains("go back to the backup that was made before: sysndd-ctl restore "))
                #expect(outcome.errorOutput.contains(name))
                let rows = try await connection.query("SELECT DISTINCT backup FROM schema_version_step")
                #expect(rows.count == 1)
                #expect(rows.first?.text(0)?.hasSuffix(name) == true)
            }
        }
    }
}
