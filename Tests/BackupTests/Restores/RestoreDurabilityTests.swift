import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// A server that does not flush its log at a commit, nor soon afterwards: killed, it loses what was committed last.
@Suite struct RestoreDurabilityTests {
    /// Events and triggers are dropped outside of any transaction, so the journal has to be on the disk before.
    @Test func whatWasDroppedForAnExchangeComesBackAfterAKilledServer() async throws {
        try await BackupScope.withOwnServer(settings: ["innodb-flush-log-at-timeout": "2700"]) { scope, server in
            try await scope.fillSmall()
            _ = try await scope.backup.create()
            try await scope.execute("INSERT INTO parent (v) VALUES ('three')")
            let old = try await RestoreState(scope)
            // What was there before the restore is on the disk.
            try await scope.execute("ALTER TABLE parent FORCE")
            let reader = try await DatabaseConnection(scope.database)
            try await reader.run("BEGIN", "SELECT * FROM parent")
            let killed = try await scope.tool().run("restore", "latest", "--confirm", "RESTORE") { _ in
                try await eventually {
                    let schema = try await DatabaseConnection(scope.database).schema()
                    let isWaiting = try await scope.waitsForLock()
                    return isWaiting && !schema.objects.contains { $0.kind == .event }
                }
                let process = try #require(try await server.server.status().pid)
                kill(process, SIGKILL)
                try await eventually { try await server.server.status().pid == nil }
            }
            #expect(killed.exitCode == ExitStatus.unreachable.rawValue, "\(killed.errorOutput)")
            _ = try await server.server.start()
            let undone = try await scope.patiently("restore", "undo", "--confirm", "UNDO")
            #expect(undone.exitCode == 0, "\(undone.errorOutput)")
            #expect(try await RestoreState(scope) == old)
        }
    }
}
