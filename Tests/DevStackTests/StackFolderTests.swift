import FoundationEssentials
import Glibc
import Testing

@testable import DevStack

@Suite(.serialized) struct StackFolderTests {
    @Test func longAndOddPathsWork() async throws {
        let name = "we#ird \"fol'der\" ü\\x/" + String(repeating: "long", count: 30)
        try await withStack(below: name) { folder in
            let server = EmbeddedServer(quick: folder)
            let first = try await server.start()
            #expect(first.endpoint.socketPath.utf8.count <= 107)
            #expect(try await query("SELECT 1", on: first.endpoint) == "1")
            let again = try await server.start()
            #expect(again.wasRunning && again.endpoint.socketPath == first.endpoint.socketPath)
            try await server.stop()
            // As after a boot that has emptied the folder for temporary files.
            let short = first.endpoint.socketPath.split(separator: "/").dropLast().joined(separator: "/")
            try PrivateFile.remove("/" + short)
            let afterBoot = try await server.start()
            #expect(afterBoot.process.isRunning)
            try await server.reset()
            #expect(!PrivateFile.exists(folder.run))
        }
    }

    @Test func pathIsAbsoluteAndFreeOfLinks() throws {
        let root = try TemporaryFolder.make(prefix: "/tmp/sysndd-path-")
        defer { try? PrivateFile.remove(root) }
        #expect(symlink(root, root + "/link") == 0)
        #expect(StackFolder(root + "/link/missing/stack").path == root + "/missing/stack")
        #expect(StackFolder().path.hasSuffix("/.sysndd") && StackFolder().path.hasPrefix("/"))
    }

    @Test func stateIsRememberedAndDamageIsReported() async throws {
        try await withStack { folder in
            try folder.prepare()
            #expect(try StackState.load(from: folder) == StackState())
            try StackState.update(in: folder) { $0.databasePort = 21_000 }
            try StackState.update(in: folder) { $0.apiPort = 22_000 }
            let state = try StackState.load(from: folder)
            #expect(state.databasePort == 21_000 && state.apiPort == 22_000)
            try PrivateFile.write("{", to: folder.state)
            #expect(await failure { _ = try StackState.load(from: folder) }?.problem == .fileUnusable)
        }
    }

    @Test func lockIsExclusiveAndGivesUpInTime() async throws {
        try await withStack { folder in
            try folder.prepare()
            try await FileLock.withLock(folder.stackLock, timeout: .zero) {
                let error = await failure {
                    try await FileLock.withLock(folder.stackLock, timeout: .milliseconds(50)) {}
                }
                #expect(error?.problem == .busy)
            }
            try await FileLock.withLock(folder.stackLock, timeout: .zero) {}
        }
    }

    @Test func folderThatMysqlCannotReachIsFound() throws {
        let root = try TemporaryFolder.make(prefix: "/tmp/sysndd-path-")
        defer { try? PrivateFile.remove(root) }
        let stranger = FileOwner(user: 54_321, group: 54_321)
        #expect(ServerAccount.firstBarrier(above: root + "/a/stack", for: stranger) == root)
        #expect(chmod(root, 0o711) == 0)
        #expect(ServerAccount.firstBarrier(above: root + "/a/stack", for: stranger) == nil)
    }

    @Test(.enabled(if: geteuid() == 0)) func rootRunsTheServerUnderAnotherAccountWhereItCan() async throws {
        try await withStack { folder in
            var options = ServerOptions(durability: .none)
            options.accountName = "nobody"
            let started = try await EmbeddedServer(folder: folder, options: options).start()
            #expect(started.notes.isEmpty)
            let status = try #require(try PrivateFile.read("/proc/\(started.process.pid)/status"))
            #expect(!status.contains("Uid:\t0"))
        }
        try await withStack(below: "not/reachable") { folder in
            let started = try await EmbeddedServer(quick: folder).start()
            #expect(started.notes.first?.hasPrefix("the database server runs as root: ") == true)
        }
    }

    @Test func cacheFolderFallsBackWhenHomeCannotBeWritten() throws {
        let root = try TemporaryFolder.make(prefix: "/tmp/sysndd-path-")
        defer { try? PrivateFile.remove(root) }
        let environment = ["HOME": "/proc/nonexistent", "XDG_CACHE_HOME": "relative"]
        let path = try CacheFolder.prepare(environment: environment, temporary: root)
        #expect(path.hasPrefix(root + "/") && PrivateFile.isPrivateFolder(path, of: geteuid()))
        // One that others may write in could hold what they planted.
        #expect(chmod(path, 0o777) == 0 && !PrivateFile.isPrivateFolder(path, of: geteuid()))
    }
}
