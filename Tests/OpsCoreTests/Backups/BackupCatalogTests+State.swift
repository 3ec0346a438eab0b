import Foundation
import Synchronization
import TestSupport
import Testing

@testable import OpsCore

/// What the folder's state file remembers of a backup, and when that is no longer true.
extension BackupCatalogTests {
    @Test func factsAreKeptAndShown() async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            let file = try Self.file(Self.manual, in: catalog)
            let date = Date(timeIntervalSince1970: 1_800_000_000)
            try await catalog.noteCreated(file, dataBytes: 24)
            try await catalog.noteVerified(file, at: date)
            #expect(try await catalog.list().first?.verifiedAt == date)
            #expect(try await catalog.list().first?.provenAt == nil)
            try await catalog.noteProven(file, at: date + 5, restoreMs: 1234)
            let another = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            let record = try #require(try await another.list().first)
            #expect(record.verifiedAt == date + 5)
            #expect(record.provenAt == date + 5)
            #expect(record.restoreMs == 1234)
            #expect(try await another.lastRatio(of: "db") == 0.5)
            #expect(try await another.lastRatio(of: "other") == nil)
            let mode = try FileManager.default.attributesOfItem(atPath: path + "/.catalog.json")[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test func aDamagedFileIsNeitherCompleteNorProven() async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            let file = try Self.file(Self.manual, in: catalog)
            try await catalog.noteProven(file, restoreMs: 1)
            try await catalog.noteDamaged(file)
            let record = try #require(try await catalog.list().first)
            #expect(!record.isComplete && record.isRead)
            #expect(record.provenAt == nil && record.verifiedAt == nil && record.restoreMs == nil)
            try await catalog.noteVerified(file)
            #expect(try await catalog.list().first?.isComplete == true)
        }
    }

    @Test(arguments: ["own db 9 end", "own db 7 ende", "foreign 70000"])
    func aFileOfTheSameNameInheritsNoFact(text: String) async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            let place = "\(path)/\(Self.manual)"
            try await catalog.noteProven(try Self.file(Self.manual, in: catalog), restoreMs: 1)
            try Self.rewrite(place, text)
            #expect(try await catalog.list().first?.provenAt == nil)
            #expect(try await catalog.list().first?.verifiedAt == nil)
        }
    }

    @Test func aLongerDumpWithTheSameTimesInheritsNoFact() async throws {
        try await TestFolder.with(files: ["a.sql": "foreign 9"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            try await catalog.noteVerified(try Self.file("a.sql", in: catalog))
            try Self.rewrite(path + "/a.sql", "foreign 10")
            #expect(try await catalog.list().first?.verifiedAt == nil)
        }
    }

    @Test func theSameContentWrittenAgainInheritsNoFact() async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            try await catalog.noteProven(try Self.file(Self.manual, in: catalog), restoreMs: 1)
            try Self.write("own db 7 end", "\(path)/\(Self.manual)")
            #expect(try await catalog.list().first?.provenAt == nil)
        }
    }

    @Test func aFactAboutAFileThatWasReplacedMeanwhileIsDropped() async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            let file = try Self.file(Self.manual, in: catalog)
            try FileManager.default.removeItem(atPath: "\(path)/\(Self.manual)")
            try Self.write("own db 7 end", "\(path)/\(Self.manual)")
            try await catalog.noteVerified(file)
            #expect(try await catalog.list().first?.verifiedAt == nil)
        }
    }

    @Test func aCopyThatKeepsItsTimesKeepsItsFacts() async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            let place = "\(path)/\(Self.manual)"
            try await catalog.noteVerified(try Self.file(Self.manual, in: catalog))
            // A hard link under another name and back changes the inode's time of change, as a move to another disk does.
            try FileManager.default.linkItem(atPath: place, toPath: path + "/moved")
            try FileManager.default.removeItem(atPath: place)
            try FileManager.default.moveItem(atPath: path + "/moved", toPath: place)
            #expect(try await catalog.list().first?.verifiedAt != nil)
        }
    }

    @Test(arguments: ["", "{", "[]", #"{"version":2,"items":{}}"#, "null", "\u{0}\u{0}"])
    func aBrokenStateFileIsReadPastAndReplaced(text: String) async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end", ".catalog.json": text]) { path in
            let reads = Reads()
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: reads.readers)
            #expect(try await catalog.list().first?.tableCount == 7)
            reads.forget()
            #expect(try await catalog.list().first?.tableCount == 7)
            #expect(reads.list.isEmpty)
        }
    }

    @Test func aStateFileThatIsALinkIsNotFollowed() async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end", "target": "keep"]) { path in
            try FileManager.default.createSymbolicLink(atPath: path + "/.catalog.json", withDestinationPath: "target")
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            #expect(try await catalog.list().count == 1)
            #expect(try String(contentsOfFile: path + "/target", encoding: .utf8) == "keep")
        }
    }

    @Test func manyWritersLoseNoFact() async throws {
        let names = (10..<34).map { "manual_2026-01-31_04-05-\($0).sql.gz" }
        let files = Dictionary(uniqueKeysWithValues: names.map { ($0, "own db 7 end") })
        try await TestFolder.with(files: files) { path in
            try await withThrowingTaskGroup { group in
                for name in names {
                    group.addTask {
                        let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
                        try await catalog.noteVerified(try Self.file(name, in: catalog))
                        _ = try await catalog.list()
                    }
                }
                try await group.waitForAll()
            }
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            #expect(try await catalog.list().allSatisfy { $0.verifiedAt != nil })
        }
    }

    @Test func aChangeWaitsForTheOneBeforeIt() async throws {
        try await TestFolder.with(files: ["a.sql": "foreign 1", "b.sql": "foreign 2"]) { path in
            let folder = try BackupFolder(path)
            let store = BackupCatalogStore(folder: folder)
            let entries = try folder.entries()
            let summary = BackupRecord.Summary(isComplete: true)
            let isInside = Mutex(false)
            let first = Task.detached {
                try store.update { state in
                    isInside.withLock { $0 = true }
                    usleep(200_000)
                    state.remember(summary, of: entries[0])
                }
            }
            try await eventually { isInside.withLock { $0 } }
            try store.update { $0.remember(summary, of: entries[1]) }
            try await first.value
            #expect(store.load().items.count == 2)
        }
    }
}
