import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The server's disk is full while the shadow schema is filled: the database is as it was, and the shadow makes room again.
@Suite(.enabled(if: getuid() == 0, "mounting a small disk needs root")) struct RestoreDiskTests {
    @Test func aFullDiskEndsTheLoadAndIsEmptiedAgain() async throws {
        try await TestFolder.with { folder in
            let disk = folder + "/disk"
            try await withDisk(disk, "size=300m,mode=755") {
                let options = ServerOptions(
                    durability: .none,
                    settings: [
                        "innodb-log-file-size": "16M", "innodb-temp-data-file-path": "ibtmp1:12M:autoextend:max:24M",
                    ])
                let server = EmbeddedServer(folder: StackFolder(disk + "/server"), options: options)
                var database = try await server.start().endpoint.rootSettings
                database.database = "own"
                let scope = BackupScope(target: .embedded, database: database, folder: folder + "/backups")
                do {
                    try await restore(scope, onto: disk)
                } catch {
                    try await server.stop()
                    throw error
                }
                try await server.stop()
            }
        }
    }

    private func restore(_ scope: BackupScope, onto disk: String) async throws {
        try await DatabaseConnection(scope.database, selectingDatabase: false).execute("CREATE DATABASE own")
        try await scope.fillSmall()
        try await scope.fillLargeTable()
        _ = try await scope.backup.create()
        let state = try await RestoreState(scope)
        let ballast = disk + "/ballast"
        let free = try freeBytes(disk)
        try Data(count: max(0, free - (30 << 20))).write(to: URL(filePath: ballast))
        let before = try freeBytes(disk)

        let tool = Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder])
        let outcome = try await tool.run("restore", "latest", "--confirm", "RESTORE")
        #expect(outcome.exitCode == ExitStatus.cannotWrite.rawValue)
        #expect(outcome.errorOutput.contains("the server refused rows of large"))
        #expect(outcome.errorOutput.contains("free space where its data lie"))
        #expect(try await scope.scratchSchemas() == [])
        #expect(try await RestoreState(scope) == state)
        #expect(try freeBytes(disk) > before - (8 << 20))

        // With room for it, the same command does it.
        try FileManager.default.removeItem(atPath: ballast)
        let second = try await tool.run("restore", "latest", "--confirm", "RESTORE")
        #expect(second.exitCode == 0, "\(second.errorOutput)")
        #expect(try await RestoreState(scope) == state)
    }

    private func freeBytes(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: path)
        return (attributes[.systemFreeSize] as? NSNumber)?.intValue ?? 0
    }
}
