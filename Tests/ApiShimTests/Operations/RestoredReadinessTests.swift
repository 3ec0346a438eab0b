import Foundation
import Hummingbird
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct RestoredReadinessTests {
    /// A restore brings an older schema back: it says so, and a shim that is running is not ready any more.
    @Test func migrationsThatARestoreMakesPendingShowAtOnce() async throws {
        try await TestDatabase.with { database in
            try await TestFolder.with(files: ["000_a.sql": "CREATE TABLE a (i INT);"]) { folder in
                let backups = folder + "/backups"
                _ = try await Migrator(database: database, directory: folder).up()
                _ = try await Backup(database: database, directory: backups).create()
                try Data("CREATE TABLE b (i INT);".utf8).write(to: URL(filePath: folder + "/001_b.sql"))
                _ = try await Migrator(database: database, directory: folder).up()
                let fixture = ShimFixture(database: database, migrations: folder)
                try await fixture.application().test(.live) { client in
                    _ = try await client.readiness { $0.status == 200 }
                    let restore = Restore(database: database, directory: backups, migrations: folder)
                    let result = try await restore.run(.init(file: nil))
                    #expect(result.pendingAfter == 1)
                    // One look may have been late while the restore kept the server busy.
                    let answer = try await client.readiness {
                        try $0.value("reason") as? String == "migrations_pending"
                    }
                    #expect(answer.status == 503)
                    #expect(try answer.value("migrations", "pending") as? Int == 1)
                    _ = try await restore.undo()
                    _ = try await client.readiness { $0.status == 200 }
                    _ = try await restore.discard()
                }
            }
        }
    }
}
