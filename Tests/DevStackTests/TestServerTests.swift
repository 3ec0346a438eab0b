import FoundationEssentials
import Glibc
import Testing

@testable import DevStack

@Suite(.serialized) struct TestServerTests {
    @Test func takesExtraSettingsAndIsGoneAfterStop() async throws {
        let server = try await TestServer.start(settings: ["log-bin": "binlog", "server-id": "1"])
        #expect(try await query("SELECT @@log_bin, @@innodb_flush_log_at_trx_commit", on: server.endpoint) == "1\t0")
        let process = try #require(try server.server.runningProcess())
        try await server.stop()
        #expect(!process.isRunning && !server.server.folder.exists)
        try await server.stop()
    }

    @Test func keepsItsPortWhenATestStopsAndStartsIt() async throws {
        let server = try await TestServer.start()
        #expect(try await server.server.stop())
        let again = try await server.server.start()
        #expect(again.endpoint == server.endpoint)
        try await server.stop()
    }

    @Test func isGoneWhenItsOwnerLetsGoOfIt() async throws {
        var server: TestServer? = try await TestServer.start()
        let process = try #require(try server?.server.runningProcess())
        let folder = try #require(server?.server.folder)
        // The kernel does the same to the link of a process that was killed.
        server = nil
        #expect(await process.waitForEnd(.seconds(60)))
        let deadline = ContinuousClock.now + .seconds(60)
        while folder.exists, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!folder.exists)
    }

    @Test func nextRunRemovesWhatADeadOwnerAndItsWatcherLeft() async throws {
        try await withStack { root in
            try root.prepare()
            let owner = try await launchSleeper(root)
            let left = StackFolder(root.file(TestServer.folderPrefix + "left"))
            let started = try await EmbeddedServer(quick: left).start()
            try owner.save(to: TestServer.ownerFile(in: left))

            await StaleTestServers.remove(in: root.path)
            #expect(started.process.isRunning && left.exists, "its owner lives")
            try await owner.terminate()
            await StaleTestServers.remove(in: root.path)
            #expect(!started.process.isRunning && !left.exists)
        }
    }

    @Test func templateIsMadeOnceForAllWhoAskAtTheSameTime() async throws {
        try await withStack { root in
            try root.prepare()
            let template = DataTemplate(programs: try .find(), cache: root.path)
            async let one = template.prepare()
            async let other = template.prepare()
            #expect(try await one == other)
            let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
            #expect(!names.contains { $0.hasPrefix("partial-") })
        }
    }
}
