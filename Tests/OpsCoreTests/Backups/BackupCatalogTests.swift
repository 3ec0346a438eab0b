import Foundation
import Synchronization
import TestSupport
import Testing

@testable import OpsCore

@Suite struct BackupCatalogTests {
    /// Readers of a made-up format, which count what they read: `own DATABASE TABLES [end]` is an archive of the toolkit,
    /// `foreign TABLES` a dump of another tool, `unreadable` cannot be read.
    final class Reads: Sendable {
        private let names = Mutex<[String]>([])
        var list: [String] { names.withLock { $0.sorted() } }
        func forget() { names.withLock { $0 = [] } }

        var readers: BackupCatalogReaders {
            BackupCatalogReaders(
                archive: { file in
                    let words = self.words(file)
                    if words.first == "unreadable" { throw CocoaError(.fileReadUnknown) }
                    guard words.first == "own" else { return nil }
                    return BackupRecord.Summary(
                        database: words[1], tableCount: Int(words[2]), rows: 100, isComplete: words.last == "end",
                        fingerprint: words.joined(separator: " "))
                },
                foreign: { file in
                    let words = self.words(file)
                    return BackupRecord.Summary(tableCount: words.last.flatMap { Int($0) }, isComplete: true)
                })
        }

        private func words(_ file: BackupFolder.File) -> [String] {
            names.withLock { if $0.last != file.entry.name.text { $0.append(file.entry.name.text) } }
            var bytes = [UInt8](repeating: 0, count: 100)
            let count = pread(file.descriptor, &bytes, bytes.count, 0)
            return String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ").map(String.init)
        }
    }

    static let manual = "manual_2026-01-31_04-05-06.sql.gz"
    static let scheduled = "202602010100.db.sql.gz"

    static func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// Replaces a file's content in place and sets its time of change back, to the nanosecond.
    static func rewrite(_ path: String, _ text: String) throws {
        var before = stat()
        try #require(stat(path, &before) == 0)
        try write(text, path)
        try #require(utimensat(AT_FDCWD, path, [before.st_mtim, before.st_mtim], 0) == 0)
    }

    static func file(_ name: String, in catalog: BackupCatalog) throws -> BackupFolder.File {
        try catalog.folder.open(try BackupFolder.name(name))
    }

    @Test func everyFileIsListedNewestFirstWithWhatItTells() async throws {
        let files = [
            Self.manual: "own db 7 end", Self.scheduled: "own db 8", "old.sql": "foreign 9", "bad.sql": "unreadable",
        ]
        try await TestFolder.with(files: files) { path in
            let past = try Date("2025-01-01T00:00:00Z", strategy: .iso8601)
            try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: path + "/old.sql")
            try FileManager.default.setAttributes([.modificationDate: past + 60], ofItemAtPath: path + "/bad.sql")
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            let records = try await catalog.list()
            #expect(records.map(\.filename) == [Self.scheduled, Self.manual, "bad.sql", "old.sql"])
            #expect(records.map(\.kind) == [.scheduled, .manual, .foreign, .foreign])
            #expect(records.map(\.tableCount) == [8, 7, nil, 9])
            #expect(records.map(\.isComplete) == [false, true, false, true])
            #expect(records.map(\.isRead) == [true, true, false, true])
            #expect(records.map(\.database) == ["db", "db", nil, nil])
            let listing = BackupCatalogListing(records)
            #expect(listing.totalCount == 4)
            #expect(listing.totalSizeBytes == 12 + 8 + 9 + 10)
            let one = try await catalog.record(try BackupFolder.name(Self.manual))
            #expect(one == records[1])
        }
    }

    @Test func theJSONHasEveryKey() async throws {
        try await TestFolder.with(files: [Self.scheduled: "own db 8"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = .sortedKeys
            let json = try encoder.encode(BackupCatalogListing(try await catalog.list()))
            #expect(
                String(decoding: json, as: UTF8.self) == """
                    {"backups":[{"complete":false,"created_at":"2026-02-01T01:00:00Z","database":"db","filename":"\(Self.scheduled)",\
                    "kind":"scheduled","proven_at":null,"restore_ms":null,"rows":100,"size_bytes":8,"table_count":8,\
                    "verified_at":null}],"total_count":1,"total_size_bytes":8}
                    """)
        }
    }

    @Test func aFileIsReadAgainOnlyWhenItChanged() async throws {
        let files = [Self.manual: "own db 7 end", "old.sql": "foreign 9", "bad.sql": "unreadable"]
        try await TestFolder.with(files: files) { path in
            let reads = Reads()
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: reads.readers)
            _ = try await catalog.list()
            #expect(reads.list == ["bad.sql", Self.manual, "old.sql"])
            reads.forget()
            _ = try await catalog.list()
            #expect(reads.list == ["bad.sql"], "what could not be read is tried again")
            reads.forget()
            // Same size, and the time of change set back: still another file.
            try Self.rewrite(path + "/old.sql", "foreign 5")
            #expect(try await catalog.list().first { $0.filename == "old.sql" }?.tableCount == 5)
            #expect(reads.list == ["bad.sql", "old.sql"])
        }
    }

    @Test func aFileThatIsGoneIsForgotten() async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end", "old.sql": "foreign 9"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            _ = try await catalog.list()
            try catalog.folder.delete(try BackupFolder.name("old.sql"))
            #expect(try await catalog.list().map(\.filename) == [Self.manual])
            #expect(catalog.store.load().items.keys.sorted() == [Self.manual])
        }
    }

    @Test func aLimitPutsOffReadingButForgetsNothing() async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end", "old.sql": "foreign 9"]) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            #expect(try await catalog.list(readLimit: .zero).map(\.isRead) == [false, false])
            _ = try await catalog.list()
            #expect(try await catalog.list(readLimit: .zero).map(\.isRead) == [true, true])
        }
    }

    /// They may be as large as the disk, and what is asked here is asked before every backup and after every removal.
    @Test func dumpsOfOtherToolsAreNotReadForWhatOnlyArchivesTell() async throws {
        try await TestFolder.with(files: [Self.manual: "own db 7 end", "old.sql": "foreign 9"]) { path in
            let read = Mutex(0)
            let readers = BackupCatalogReaders(archive: Reads().readers.archive) { file in
                read.withLock { $0 += 1 }
                return try Reads().readers.foreign(file)
            }
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: readers)
            try await catalog.noteCreated(try Self.file(Self.manual, in: catalog), dataBytes: 24)
            #expect(try await catalog.lastRatio(of: "db") == 0.5)
            #expect(try await catalog.updateLatest(of: "db")?.text == Self.manual)
            _ = try await catalog.remove(try BackupFolder.name(Self.manual))
            #expect(catalog.folder.latest(of: "db") == nil)
            #expect(read.withLock { $0 } == 0)
            #expect(try await catalog.list().map(\.tableCount) == [9], "it is read when it is listed")
            // One whose name tells the database is followed, so it is read.
            try Self.write("foreign 8", "\(path)/\(Self.scheduled)")
            #expect(try await catalog.updateLatest(of: "db")?.text == Self.scheduled)
        }
    }

    /// Whoever asks meanwhile is answered, and no second reader begins.
    @Test func aLargeDumpIsReadOnceWhileItIsListedAsNotRead() async throws {
        let files = [Self.manual: "own db 7 end", "small.sql": "foreign 3", "large.sql": "foreign, and larger, 9"]
        try await TestFolder.with(files: files) { path in
            let read = Mutex(0)
            let gate = DispatchSemaphore(value: 0)
            let readers = BackupCatalogReaders(archive: Reads().readers.archive) { file in
                if file.entry.name.text == "large.sql" {
                    read.withLock { $0 += 1 }
                    gate.wait()
                }
                return try Reads().readers.foreign(file)
            }
            let listing = BackupListing(readers: readers, largest: 12)
            let folder = try BackupFolder(path)
            for _ in 1...2 {
                let records = try await listing.records(of: folder, within: .seconds(60))
                #expect(records.filter { !$0.isRead }.map(\.filename) == ["large.sql"])
            }
            gate.signal()
            try await eventually { try await listing.records(of: folder, within: .seconds(60)).allSatisfy(\.isRead) }
            #expect(read.withLock { $0 } == 1)
        }
    }

    @Test func theLinkFollowsTheNewestCompleteBackup() async throws {
        let files = [
            Self.manual: "own db 7 end", Self.scheduled: "own db 8 end", "202602020100.db.sql.gz": "own db 9",
            "202602030100.other.sql.gz": "own other 9 end", "pre-restore_2026-02-04_00-00-00.sql.gz": "own db 9 end",
        ]
        try await TestFolder.with(files: files) { path in
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            #expect(try await catalog.updateLatest(of: "db")?.text == Self.scheduled)
            #expect(catalog.folder.latest(of: "db")?.text == Self.scheduled)
            try catalog.folder.delete(try BackupFolder.name(Self.scheduled))
            #expect(catalog.folder.latest(of: "db") == nil, "a link to nothing is none")
            #expect(try await catalog.updateLatest(of: "db")?.text == Self.manual)
            try catalog.folder.delete(try BackupFolder.name(Self.manual))
            #expect(try await catalog.updateLatest(of: "db") == nil)
            #expect(catalog.folder.information("latest.db.sql.gz") == nil)
            #expect(try await catalog.list().count == 3)
        }
    }

    @Test func realArchivesAndDumpsAreRead() async throws {
        let files = [
            "empty.sql.gz": "", "cut.sql": "-- MySQL dump 10.13\n\nCREATE TABLE a (b INT);\n",
            "whole.sql": """
            -- MariaDB dump 10.19  Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)
            CREATE TABLE `a` (b INT);
            CREATE TABLE `c` (b INT);
            -- Dump completed on 2026-01-31  4:05:06

            """,
        ]
        try await TestFolder.with(files: files) { path in
            try await writeSample(Self.manual, in: ArchiveFolder(path: path))
            let whole = try Data(contentsOf: URL(filePath: "\(path)/\(Self.manual)"))
            try whole.dropLast(10).write(to: URL(filePath: "\(path)/\(Self.scheduled)"))
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: .files)
            let records = try await catalog.list()
            let complete = Set(records.filter(\.isComplete).map(\.filename))
            #expect(complete == [Self.manual, "whole.sql"])
            #expect(records.allSatisfy { $0.isRead })
            let archive = try #require(records.first { $0.filename == Self.manual })
            let summary = try ArchiveReader(path: "\(path)/\(Self.manual)").summary
            #expect(archive.tableCount == summary.totals.tables && archive.rows == summary.totals.rows)
            #expect(archive.database == summary.source.database)
            #expect(records.first { $0.filename == "whole.sql" }?.tableCount == 2)
            #expect(catalog.store.load().items[Self.manual]?.summary.fingerprint == summary.index.sha256)
        }
    }

    @Test func aThousandArchivesAreListedInNoTime() async throws {
        try await TestFolder.with { path in
            for number in 0..<1000 {
                let time = "\(10 + number / 600)-\(10 + number / 60 % 10)-\(10 + number % 50)"
                try Self.write("own db 7 end", "\(path)/manual_2026-01-31_\(time)_\(number + 2).sql.gz")
            }
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: Reads().readers)
            for isFirst in [true, false] {
                let start = ContinuousClock.now
                let records = try await catalog.list()
                let time = ContinuousClock.now - start
                print("listed 1000 archives, \(isFirst ? "reading each" : "all known"): \(time)")
                #expect(records.count == 1000)
                // A release build on an idle machine takes a tenth of it; this one only has to fail when reading does not
                // scale.
                // A bound that only a lost cache passes, also in a debug build on a busy machine.
                #expect(time < .seconds(60))
            }
        }
    }
}
