import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import DevStack

@Suite struct DetachedProcessTests {
    @Test func hasASessionOfItsOwnAndNoInheritedDescriptors() async throws {
        try await withStack { folder in
            try folder.prepare()
            // Without close-on-exec, as code that knows nothing of children opens its files.
            let open = Glibc.open("/dev/null", O_RDONLY)
            defer { close(open) }
            let process = try await launchSleeper(folder)
            // What the program opens while it is loaded is closed again; what it inherits is not.
            try await eventually {
                try Set(FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.pid)/fd")) == ["0", "1", "2"]
            }
            #expect(getsid(process.pid) == process.pid)
            #expect(try await process.terminate() == .ended)
        }
    }

    @Test func passesArgumentsEnvironmentAndFolderAndLogsOutput() async throws {
        try await withStack { folder in
            try folder.prepare()
            var program = DetachedProgram("/bin/sh", logFile: folder.file("out.log"))
            program.arguments = ["-c", "echo \"$1 $GREETING ${HOME-unset} $(pwd)\"; echo problem >&2", "sh", "a b"]
            program.environment = ["GREETING": "hello"]
            program.inheritsEnvironment = false
            program.workingFolder = "/usr"
            let process = try await DetachedProcess.launch(program)
            #expect(await process.waitForEnd(.seconds(5)))
            #expect(try PrivateFile.read(program.logFile) == "a b hello unset /usr\nproblem\n")
            program.inheritsEnvironment = true
            setenv("SYSNDD_TEST_INHERITED", "yes", 1)
            program.arguments = ["-c", "echo $GREETING $SYSNDD_TEST_INHERITED"]
            #expect(await (try DetachedProcess.launch(program)).waitForEnd(.seconds(5)))
            #expect(try PrivateFile.read(program.logFile)?.hasSuffix("hello yes\n") == true)
        }
    }

    @Test func endedProcessIsReapedAndDoesNotRun() async throws {
        try await withStack { folder in
            let process = try await launchSleeper(folder)
            #expect(process.isRunning)
            kill(process.pid, SIGKILL)
            #expect(await process.waitForEnd(.seconds(5)))
            let deadline = ContinuousClock.now + .seconds(5)
            while ProcessIdentity(pid: process.pid) != nil, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(ProcessIdentity(pid: process.pid)?.startTicks != process.identity.startTicks)
            #expect(try await process.terminate() == .wasNotRunning)
        }
    }

    @Test func killsWhatIgnoresTheRequestWithItsChildren() async throws {
        try await withStack { folder in
            try folder.prepare()
            let mark = folder.file("child")
            var program = DetachedProgram("/bin/sh", logFile: folder.file("out.log"))
            program.arguments = ["-c", "trap '' TERM; sleep 60 & echo $! > \(mark); echo >> \(mark); wait; wait"]
            let process = try await DetachedProcess.launch(program)
            var child: ProcessIdentity?
            while child == nil {
                let line = try PrivateFile.read(mark)?.split(separator: "\n").first
                child = line.flatMap { Int32($0) }.flatMap { ProcessIdentity(pid: $0) }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await process.terminate(grace: .milliseconds(100)) == .killed)
            #expect(await DetachedProcess(identity: child!).waitForEnd(.seconds(5)))
        }
    }

    @Test func isFoundAgainFromItsFile() async throws {
        try await withStack { folder in
            let process = try await launchSleeper(folder)
            let record = folder.file("sleeper.process")
            #expect(try DetachedProcess.load(from: record) == nil)
            try process.save(to: record)
            #expect(try DetachedProcess.load(from: record) == process)
            try PrivateFile.write("{", to: record)
            #expect(try DetachedProcess.load(from: record) == nil)
            try await process.terminate()
        }
    }

    @Test func programThatDoesNotExistIsAnError() async throws {
        try await withStack { folder in
            try folder.prepare()
            let program = DetachedProgram("/nonexistent/program", logFile: folder.file("out.log"))
            let error = await failure { _ = try await DetachedProcess.launch(program) }
            #expect(error?.problem == .programNotFound)
        }
    }

    @Test func statusLineIsReadFromItsLastParenthesis() throws {
        let line = "42 (a) Z (b)) S 1 42 42 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 1 0 777 1 1"
        let status = try #require(ProcessStatus(line: line))
        #expect(status.startTicks == 777 && !status.hasEnded)
        #expect(ProcessStatus(line: "42 (a) Z 1 42 42 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 1 0 777 1")?.hasEnded == true)
        #expect(ProcessStatus(line: "42 (a) S") == nil)
    }
}
