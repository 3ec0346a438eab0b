import Foundation
import Testing

@testable import OpsCore

/// A process that writes an unfinished archive, or what looks like one, until it is killed.
private final class ForeignWriter {
    private let process = Process()

    init(_ file: String) throws {
        let script = """
            import fcntl, sys, time
            f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX)
            print('ready', flush=True); time.sleep(600)
            """
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, file]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        _ = output.fileHandleForReading.availableData
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { if process.isRunning { kill() } }
}

@Suite struct ArchivePartialTests {
    private let folder: ArchiveTestFolder

    init() throws { folder = try ArchiveTestFolder() }

    @Test func onlyFilesOfDeadWritersAreRemoved() async throws {
        let writer = try await ArchiveWriter("mine.gz", in: folder.folder)
        let living = try ForeignWriter(folder.file(".partial-living.gz"))
        let dead = try ForeignWriter(folder.file(".partial-dead.gz"))
        #expect(try folder.folder.removeStalePartials().isEmpty)
        dead.kill()
        #expect(
            try folder.folder.partials().map(\.name) == [".partial-dead.gz", ".partial-living.gz", ".partial-mine.gz"])
        #expect(try folder.folder.partials().map(\.isAlive) == [false, true, true])
        #expect(try folder.folder.removeStalePartials() == [".partial-dead.gz"])
        _ = try await writer.finish(.sample)
        #expect(try folder.names == [".partial-living.gz", "mine.gz"])
        living.kill()
        #expect(try folder.folder.removeStalePartials() == [".partial-living.gz"])
    }

    @Test func nothingElseIsTouched() throws {
        try folder.write([], to: "a.sql.gz")
        try folder.write([], to: ".lock")
        try FileManager.default.createDirectory(
            atPath: folder.file(".partial-folder"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: folder.file(".partial-link"), withDestinationPath: folder.file("a.sql.gz"))
        #expect(try folder.folder.removeStalePartials().isEmpty)
        #expect(try folder.folder.partials().isEmpty)
        #expect(try folder.names == [".lock", ".partial-folder", ".partial-link", "a.sql.gz"])
    }

    @Test func aDeadWritersFileIsReplacedByTheNextOfItsName() async throws {
        try ForeignWriter(folder.file(".partial-a.gz")).kill()
        let writer = try await ArchiveWriter("a.gz", in: folder.folder)
        _ = try await writer.finish(.sample)
        #expect(try folder.names == ["a.gz"])
        #expect(try await ArchiveReader.verify(path: folder.file("a.gz")).isWhole)
    }

    @Test func aLivingWritersNameIsBusy() async throws {
        let writer = try await ArchiveWriter("a.gz", in: folder.folder)
        do {
            _ = try await ArchiveWriter("a.gz", in: folder.folder)
            Issue.record("two writers have the same name")
        } catch let error as ArchiveError {
            #expect(error.problem == .busy)
            #expect(error.exitStatus == .busy)
        }
        _ = try await writer.finish(.sample)
        #expect(try folder.names == ["a.gz"])
    }
}
