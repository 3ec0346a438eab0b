import Glibc
import Testing

@testable import DevStack

@Suite(.serialized) struct EmbeddedServerTests {
    @Test func upDownUpKeepsDataPortAndPasswords() async throws {
        try await withStack { folder in
            let server = EmbeddedServer(folder: folder)
            #expect(try await server.status().state == .absent)
            let first = try await server.start()
            #expect(first.isNew && !first.wasRunning)
            _ = try await query("CREATE TABLE kept (a INT); INSERT kept VALUES (7)", on: first.endpoint)

            let again = try await server.start()
            #expect(again.wasRunning && !again.isNew && again.process == first.process)
            #expect(again.endpoint == first.endpoint)
            #expect(try await server.status().state == .running)

            #expect(try await server.stop())
            #expect(!first.process.isRunning)
            #expect(try await server.stop() == false)
            #expect(try await server.status().state == .stopped)

            let second = try await server.start()
            #expect(!second.wasRunning && !second.isNew && second.endpoint == first.endpoint)
            #expect(try await query("SELECT a FROM kept", on: second.endpoint) == "7")
            try await server.stop()
        }
    }

    @Test func settingsAreThoseOfAStrictUTF8Server() async throws {
        let endpoint = try await TestServer.shared().endpoint
        let sql = """
            SELECT @@character_set_server, @@bind_address, @@local_infile, @@log_bin, @@skip_name_resolve,
            @@sql_mode LIKE '%STRICT_TRANS_TABLES%', @@tmpdir LIKE '%/sysndd-test-%'
            """
        #expect(try await query(sql, on: endpoint) == "utf8mb4\t127.0.0.1\t0\t0\t1\t1\t1")
    }

    @Test func applicationUserOwnsItsSchemasAndNoOthers() async throws {
        let endpoint = try await TestServer.shared().endpoint
        _ = try await query("CREATE DATABASE sysndd_db__shadow; DROP DATABASE sysndd_db__shadow", on: endpoint)
        let refused = await failure { _ = try await query("CREATE DATABASE elsewhere", on: endpoint) }
        #expect(refused?.message.contains("Access denied") == true)
        #expect(try await query("SELECT CURRENT_USER()", on: endpoint, asRoot: true) == "root@127.0.0.1")
        let open = "SELECT COUNT(*) FROM mysql.user WHERE User='' OR Host='::1'"
        #expect(try await query(open, on: endpoint, asRoot: true) == "0")
    }

    @Test func recoversAfterTheServerWasKilled() async throws {
        try await withStack { folder in
            let server = EmbeddedServer(folder: folder)
            let first = try await server.start()
            _ = try await query("CREATE TABLE kept (a INT); INSERT kept VALUES (7)", on: first.endpoint)
            kill(first.process.pid, SIGKILL)
            #expect(await first.process.waitForEnd(.seconds(60)))
            // What a killed server leaves behind: its socket, its record.
            #expect(PrivateFile.exists(first.endpoint.socketPath) && PrivateFile.exists(folder.serverProcess))
            #expect(try await server.status().state == .stopped)
            let second = try await server.start()
            #expect(!second.wasRunning && second.process.pid != first.process.pid)
            #expect(try await query("SELECT a FROM kept", on: second.endpoint) == "7")
            try await server.stop()
        }
    }

    @Test func endsAServerWhoseStarterDiedBeforeRecordingIt() async throws {
        try await withStack { folder in
            let server = EmbeddedServer(quick: folder)
            let first = try await server.start()
            try PrivateFile.remove(folder.serverProcess)
            let second = try await server.start()
            #expect(!first.process.isRunning && second.process.isRunning)
            try PrivateFile.remove(folder.serverProcess)
            #expect(try await server.stop())
            #expect(!second.process.isRunning)
        }
    }

    @Test func resetBeginsAnew() async throws {
        try await withStack { folder in
            let server = EmbeddedServer(quick: folder)
            let first = try await server.start()
            try await server.reset()
            #expect(!first.process.isRunning)
            #expect(try await server.status().state == .absent)
            let second = try await server.start()
            #expect(second.isNew && second.endpoint.password != first.endpoint.password)
            #expect(try await query("SELECT 1", on: second.endpoint) == "1")
        }
    }

    @Test func lostPasswordFileHealsItself() async throws {
        try await withStack { folder in
            let server = EmbeddedServer(quick: folder)
            let first = try await server.start()
            try await server.stop()
            try PrivateFile.remove(folder.password)
            let second = try await server.start()
            #expect(second.endpoint.password != first.endpoint.password)
            #expect(try await query("SELECT 1", on: second.endpoint) == "1")
        }
    }

    @Test func twoStacksDoNotDisturbEachOther() async throws {
        try await withStack { one in
            try await withStack { other in
                let first = try await EmbeddedServer(quick: one).start()
                let second = try await EmbeddedServer(quick: other).start()
                #expect(first.endpoint.port != second.endpoint.port)
                #expect(try await EmbeddedServer(quick: other).stop())
                #expect(first.process.isRunning)
                #expect(try await query("SELECT 1", on: first.endpoint) == "1")
            }
        }
    }

    @Test func twoUpsAtOnceMakeOneServer() async throws {
        try await withStack { folder in
            async let one = EmbeddedServer(quick: folder).start()
            async let other = EmbeddedServer(quick: folder).start()
            let both = try await [one, other]
            #expect(both[0].process == both[1].process && both[0].endpoint == both[1].endpoint)
            #expect(both.filter(\.wasRunning).count == 1)
        }
    }

    @Test func takesAnotherPortWhenItsOwnIsTaken() async throws {
        try await withStack { folder in
            let server = EmbeddedServer(quick: folder)
            let first = try await server.start()
            try await server.stop()
            let stranger = try Listener(port: first.endpoint.port)
            let second = try await server.start()
            #expect(second.endpoint.port != first.endpoint.port)
            try await server.stop()
            stranger.stop()
            let third = try await server.start()
            #expect(third.endpoint.port == second.endpoint.port)
        }
    }
}
