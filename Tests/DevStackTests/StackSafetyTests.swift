import FoundationEssentials
import Glibc
import Testing

@testable import DevStack

@Suite(.serialized) struct StackSafetyTests {
    @Test func everyFileIsPrivate() async throws {
        try await withStack { folder in
            _ = try await EmbeddedServer(quick: folder).start()
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            #expect(names.count > 100)
            for path in [folder.path] + names.map(folder.file) {
                guard let found = PrivateFile.information(path) else { continue }
                switch found.st_mode & S_IFMT {
                case S_IFDIR: #expect(found.st_mode & 0o777 == 0o700, "\(path)")
                case S_IFREG: #expect(found.st_mode & 0o777 == 0o600, "\(path)")
                default: #expect(found.st_mode & S_IFMT == S_IFSOCK, "\(path)")
                }
            }
        }
    }

    @Test func noSecretInArgumentsEnvironmentOptionsOrLog() async throws {
        setenv("SYSNDD_TEST_SECRET", "leaked-from-the-caller", 1)
        try await withStack { folder in
            let started = try await EmbeddedServer(quick: folder).start()
            let secrets = [
                started.endpoint.password.value, started.endpoint.rootPassword.value, "leaked-from-the-caller",
            ]
            let process = "/proc/\(started.process.pid)"
            for path in ["\(process)/cmdline", "\(process)/environ", folder.serverOptions, folder.serverLog] {
                let text = try #require(try PrivateFile.read(path))
                for secret in secrets { #expect(!text.contains(secret), "\(path)") }
            }
            #expect(!PrivateFile.exists(folder.serverStatements))
            #expect(!"\(started)".contains(started.endpoint.password.value))
            var dumped = ""
            dump(started, to: &dumped)
            #expect(!dumped.contains(started.endpoint.password.value))
            #expect(!started.endpoint.environment.contains { secrets.contains($0.value) })
        }
    }

    @Test func neverStopsAStrangerWithTheRecordedNumber() async throws {
        try await withStack { folder in
            let stranger = try await launchSleeper(folder)
            let known = stranger.identity
            let records = [
                ProcessIdentity(known, startTicks: known.startTicks + 1),
                ProcessIdentity(known, bootID: "another boot"),
                ProcessIdentity(known, executable: "/usr/sbin/mariadbd"),
            ]
            for identity in records {
                let record = DetachedProcess(identity: identity)
                #expect(!record.isRunning)
                #expect(try await record.terminate() == .wasNotRunning)
                try record.save(to: folder.serverProcess)
                #expect(try await EmbeddedServer(quick: folder).stop() == false)
            }
            #expect(stranger.isRunning)
            try await stranger.terminate()
        }
    }

    @Test func missingProgramTellsWhatToRun() async throws {
        let error = await failure { _ = try ServerPrograms.find(in: "/nonexistent:relative") }
        #expect(error?.problem == .programNotFound)
        #expect(error?.description == "mariadbd not found\nrun scripts/setup")
    }

    @Test func serverThatCannotStartShowsItsLog() async throws {
        try await withStack { folder in
            let server = EmbeddedServer(quick: folder, settings: ["no-such-option": "1"])
            let clock = ContinuousClock.now
            let error = await failure { _ = try await server.start() }
            #expect(error?.problem == .startFailed)
            #expect(error?.message.contains("no-such-option") == true)
            #expect(ContinuousClock.now - clock < .seconds(30))
            // Nothing half-done is left: the same folder starts with good settings.
            #expect(!PrivateFile.exists(folder.serverStatements) && !PrivateFile.exists(folder.serverProcess))
            let mended = try await EmbeddedServer(quick: folder).start()
            #expect(mended.process.isRunning)
        }
    }

    @Test func cancelledStartLeavesNoProcess() async throws {
        try await withStack { folder in
            let server = EmbeddedServer(quick: folder)
            let start = Task { try await server.start() }
            while !PrivateFile.exists(folder.serverProcess) { try await Task.sleep(for: .milliseconds(1)) }
            start.cancel()
            // It may have been ready before it noticed; else it has cleaned up.
            if (try? await start.value) == nil { #expect(try server.runningProcess() == nil) }
        }
    }

    @Test func namesThatWouldNeedQuotingAreRefused() async throws {
        let wrong = [
            ServerOptions(databaseName: "a`b"), ServerOptions(userName: ""), ServerOptions(settings: ["a\nb": ""]),
        ]
        for options in wrong {
            let error = await failure { try options.validate() }
            #expect(error?.problem == .invalidSetting)
        }
    }
}

extension ProcessIdentity {
    /// The same but for one property.
    fileprivate init(
        _ known: ProcessIdentity, startTicks: UInt64? = nil, bootID: String? = nil, executable: String? = nil
    ) {
        self.init(
            pid: known.pid, startTicks: startTicks ?? known.startTicks, bootID: bootID ?? known.bootID,
            executable: executable ?? known.executable)
    }
}
