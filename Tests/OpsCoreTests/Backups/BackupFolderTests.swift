import Foundation
import TestSupport
import Testing

@testable import OpsCore

@Suite struct BackupFolderTests {
    private static let name = BackupName("manual_2026-01-31_04-05-06.sql.gz")!
    private static let other = BackupName("-rf.sql")!

    private static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? Int) ?? -1
    }

    @Test func aMissingFolderIsMadePrivateButItsParentIsNot() async throws {
        try await TestFolder.with { path in
            _ = try BackupFolder(path + "/backups")
            #expect(try Self.mode(path + "/backups") == 0o700)
            #expect(throws: BackupFolderError.self) { try BackupFolder(path + "/none", creating: false) }
            let error = #expect(throws: BackupFolderError.self) { try BackupFolder(path + "/mount/backups") }
            #expect(error?.code == "BACKUP_FOLDER_MISSING")
            #expect(error?.exitStatus == .badSettings)
        }
    }

    @Test func onlyRegularFilesWithAllowedNamesAreListed() async throws {
        let files = ["a.sql": "1", "b.sql.gz": "22", "-rf.sql": "", "note.txt": "", ".h.sql": ""]
        try await TestFolder.with(files: files) { path in
            try FileManager.default.createDirectory(atPath: path + "/folder.sql", withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(atPath: path + "/link.sql", withDestinationPath: "a.sql")
            try #require(mkfifo(path + "/pipe.sql", 0o600) == 0)
            let unreadable = openat(AT_FDCWD, path + "/\u{1}.sql", O_CREAT | O_WRONLY, 0o600)
            close(unreadable)
            let entries = try BackupFolder(path).entries()
            #expect(entries.map(\.name.text).sorted() == ["-rf.sql", "a.sql", "b.sql.gz"])
            #expect(entries.first { $0.name.text == "b.sql.gz" }?.size == 2)
        }
    }

    @Test func nothingButAFileIsOpened() async throws {
        try await TestFolder.with(files: ["a.sql": "text"]) { path in
            try FileManager.default.createSymbolicLink(atPath: path + "/link.sql", withDestinationPath: "/etc/passwd")
            try FileManager.default.createDirectory(atPath: path + "/folder.sql", withIntermediateDirectories: false)
            try #require(mkfifo(path + "/pipe.sql", 0o600) == 0)
            let folder = try BackupFolder(path)
            let file = try folder.open(try #require(BackupName("a.sql")))
            #expect(try FileHandle(fileDescriptor: file.descriptor).readToEnd() == Data("text".utf8))
            for text in ["link.sql", "folder.sql", "pipe.sql", "missing.sql"] {
                let name = try #require(BackupName(text))
                let error = #expect(throws: BackupFolderError.self, "\(text)") { try folder.open(name) }
                #expect(error?.code == "BACKUP_NOT_FOUND")
            }
        }
    }

    @Test func deletingTakesTheFileAndNeverALinksTarget() async throws {
        try await TestFolder.with(files: ["-rf.sql": "12345", "latest.x.sql": "a file"]) { path in
            try FileManager.default.createSymbolicLink(atPath: path + "/link.sql", withDestinationPath: "-rf.sql")
            let folder = try BackupFolder(path)
            for text in ["link.sql", "latest.x.sql", "latest.gone.sql.gz"] {
                let name = try #require(BackupName(text))
                #expect(throws: BackupFolderError.isLink(name)) { try folder.delete(name) }
            }
            #expect(try folder.delete(Self.other) == 5)
            #expect(throws: BackupFolderError.notFound(Self.other, in: path)) { try folder.delete(Self.other) }
            #expect(try folder.entries().map(\.name.text) == ["latest.x.sql"])
        }
    }

    @Test func theLinkToTheNewestIsReplacedInOneStep() async throws {
        try await TestFolder.with(files: [Self.name.text: "a", Self.other.text: "b"]) { path in
            let folder = try BackupFolder(path)
            #expect(folder.latest(of: "db") == nil)
            try folder.pointLatest(of: "db", to: Self.name)
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: path + "/latest.db.sql.gz")
            #expect(target == Self.name.text)
            try folder.pointLatest(of: "db", to: Self.other)
            #expect(folder.latest(of: "db") == Self.other)
            #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 3)
            try folder.removeLatest(of: "db")
            try folder.removeLatest(of: "db")
            #expect(folder.latest(of: "db") == nil)
            #expect(try folder.entries().count == 2)
        }
    }

    @Test func aFileInThePlaceOfTheLinkIsNotOverwritten() async throws {
        try await TestFolder.with(files: ["latest.db.sql.gz": "somebody's dump"]) { path in
            let folder = try BackupFolder(path)
            #expect(throws: BackupFolderError.self) { try folder.pointLatest(of: "db", to: Self.name) }
            try folder.removeLatest(of: "db")
            #expect(try String(contentsOfFile: path + "/latest.db.sql.gz", encoding: .utf8) == "somebody's dump")
        }
    }

    @Test func oneOperationAtATimeWorksInAFolder() async throws {
        try await TestFolder.with { path in
            let first = try BackupFolder(path)
            let second = try BackupFolder(path)
            try await first.withLock(operation: "backup") {
                #expect(try Self.mode(path + "/.lock") == 0o600)
                do {
                    try await second.withLock(operation: "restore", wait: .milliseconds(150)) {}
                    Issue.record("both operations had the lock")
                } catch let error as BackupFolderError {
                    #expect(error.code == "BACKUP_FOLDER_BUSY")
                    #expect(error.exitStatus == .busy)
                    #expect(error.message.contains("backup on "))
                    #expect(error.message.contains("pid \(getpid())"))
                }
            }
            // A child that another test starts at this moment holds a copy of the descriptor until it executes its program.
            try await second.withLock(operation: "restore", wait: .seconds(30)) {}
        }
    }

    @Test func theLockIsWaitedFor() async throws {
        try await TestFolder.with { path in
            let folder = try BackupFolder(path)
            let holder = Task {
                try await folder.withLock(operation: "backup") { try await Task.sleep(for: .milliseconds(300)) }
            }
            try await eventually { (try? String(contentsOfFile: path + "/.lock", encoding: .utf8))?.isEmpty == false }
            try await folder.withLock(operation: "prune", wait: .seconds(120)) {}
            try await holder.value
        }
    }

    @Test func aLockThatIsALinkIsRefused() async throws {
        try await TestFolder.with(files: ["target": "keep"]) { path in
            try FileManager.default.createSymbolicLink(atPath: path + "/.lock", withDestinationPath: "target")
            let folder = try BackupFolder(path)
            await #expect(throws: BackupFolderError.self) { try await folder.withLock(operation: "backup") {} }
            #expect(try String(contentsOfFile: path + "/target", encoding: .utf8) == "keep")
        }
    }

    @Test(arguments: [(0o700, 0), (0o755, 1), (0o750, 1), (0o777, 1), (0o720, 1)])
    func aFolderThatOthersMayEnterIsTold(mode: Int, count: Int) async throws {
        try await TestFolder.with { path in
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let problems = try BackupFolder(path).permissionProblems()
            #expect(problems.count == count)
            #expect(problems.allSatisfy { $0.contains("chmod 700") && $0.contains(String(mode, radix: 8)) })
        }
    }

    // MARK: - Space

    @Test(arguments: [
        (1_000_000_000, 0.25 as Double?, 300_000_000 + (64 << 20)), (1_000_000_000, nil, 720_000_000 + (64 << 20)),
        (0, 0.5, 64 << 20), (-5, nil, 64 << 20), (1000, 0, 720 + (64 << 20)), (1000, .nan, 720 + (64 << 20)),
        (.max, 2, Int.max / 2 + 1 + (64 << 20)),
    ])
    func theNextBackupIsEstimatedFromDataAndRatio(dataBytes: Int, ratio: Double?, expected: Int) {
        #expect(FreeSpace.estimate(dataBytes: dataBytes, ratio: ratio) == expected)
    }

    @Test func tooLittleSpaceIsAnErrorWithBothFigures() async throws {
        try await TestFolder.with { path in
            let folder = try BackupFolder(path)
            let space = try FreeSpace(in: folder, needed: 1)
            #expect(space.isEnough)
            #expect(space.available > 1 << 20)
            try space.require(in: folder)
            let small = FreeSpace(available: 3 << 20, needed: 5 << 30)
            let error = #expect(throws: FreeSpaceError.self) { try small.require(in: folder) }
            #expect(error?.code == "INSUFFICIENT_STORAGE")
            #expect(error?.exitStatus == .cannotWrite)
            #expect(error?.message.contains("3 MB left") == true)
            #expect(error?.message.contains("5 GB") == true)
        }
    }
}
