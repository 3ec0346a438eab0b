import Foundation
import Testing

@testable import OpsCore

@Suite struct ArchiveWriterTests {
    private let folder: ArchiveTestFolder

    init() throws { folder = try ArchiveTestFolder() }

    private func member(_ number: Int, length: Int = 10) -> ArchiveMember {
        // Noise, so that the compressed length is known.
        var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
        let bytes = (0..<length).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        return bytes.withUnsafeBytes {
            MemberCompressor().compress($0, as: MemberLabel(.rows, object: "t\(number)", rows: number))
        }
    }

    private func error(_ body: () async throws -> Void) async -> ArchiveError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ArchiveError
        }
    }

    @Test func aReaderNeverSeesAnUnfinishedFile() async throws {
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder)
        #expect(try folder.names == [".partial-a.sql.gz"])
        try await writer.append(member(1))
        #expect(try folder.names == [".partial-a.sql.gz"])
        _ = try await writer.finish(.sample)
        #expect(try folder.names == ["a.sql.gz"])
    }

    /// What a disk gives back is compared byte for byte.
    @Test(arguments: [1, 3])
    func readingBackFindsEveryChange(jobs: Int) async throws {
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder)
        for number in 1...3 { try await writer.append(member(number, length: 3000)) }
        let written = try await writer.finish(.sample)
        let path = folder.folder.path(of: "a.sql.gz")
        let whole = try Data(contentsOf: URL(filePath: path))
        func differences(_ bytes: Data) async throws -> [ArchiveProblem] {
            try bytes.write(to: URL(filePath: path))
            return try await written.readBack(ArchiveFile(path: path), jobs: jobs)
        }
        #expect(try await differences(whole) == [])
        for position in stride(from: 0, to: whole.count, by: 97) {
            var bytes = whole
            bytes[position] ^= 4
            let found = try await differences(bytes)
            #expect(found.count == 1)
            let entry = written.index.members.firstIndex { entry in
                (entry.location.offset..<entry.location.offset + entry.location.length).contains(position)
            }
            #expect(found.first?.member == (entry.map { "rows \($0 + 1)" } ?? "file"))
        }
        for length in [0, 60, whole.count - 1] { #expect(try await !differences(whole.prefix(length)).isEmpty) }
        #expect(try await differences(whole + [0]).map(\.member) == ["file"])
    }

    @Test func abortRemovesTheFile() async throws {
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder)
        try await writer.append(member(1))
        await writer.abort()
        #expect(try folder.names.isEmpty)
        #expect(await error { try await writer.append(member(2)) }?.problem == .notComplete)
        #expect(await error { _ = try await writer.finish(.sample) }?.problem == .notComplete)
        #expect(try folder.names.isEmpty)
    }

    @Test func aWriterThatIsDroppedRemovesTheFile() async throws {
        do {
            let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder)
            try await writer.append(member(1))
        }
        for _ in 0..<3000 where try !folder.names.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try folder.names.isEmpty)
    }

    @Test func abortAfterFinishIsHarmless() async throws {
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder)
        _ = try await writer.finish(.sample)
        await writer.abort()
        #expect(try folder.names == ["a.sql.gz"])
        #expect(await error { _ = try await writer.finish(.sample) }?.reason == "the archive is finished already")
    }

    @Test func anExistingFileIsNeverReplaced() async throws {
        try folder.write("precious".utf8, to: "a.sql.gz")
        let early = await error { _ = try await ArchiveWriter("a.sql.gz", in: folder.folder) }
        #expect(early?.problem == .exists)
        #expect(early?.exitStatus == .cannotWrite)
        let writer = try await ArchiveWriter("b.sql.gz", in: folder.folder)
        try folder.write("precious".utf8, to: "b.sql.gz")
        #expect(await error { _ = try await writer.finish(.sample) }?.problem == .exists)
        #expect(try folder.read("a.sql.gz") == Array("precious".utf8))
        #expect(try folder.read("b.sql.gz") == Array("precious".utf8))
        #expect(try folder.names == ["a.sql.gz", "b.sql.gz"])
    }

    @Test func aDanglingLinkCountsAsAFile() async throws {
        try FileManager.default.createSymbolicLink(atPath: folder.file("a.gz"), withDestinationPath: "nowhere")
        #expect(await error { _ = try await ArchiveWriter("a.gz", in: folder.folder) }?.problem == .exists)
    }

    @Test func aLinkInPlaceOfThePartialFileIsNotFollowed() async throws {
        try folder.write([], to: "victim")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file(".partial-a.gz"), withDestinationPath: folder.file("victim"))
        #expect(await error { _ = try await ArchiveWriter("a.gz", in: folder.folder) }?.problem == .busy)
        #expect(try folder.read("victim").isEmpty)
    }

    @Test(arguments: ["", ".", "..", "a/b", "../x", "a\0b"])
    func aNameIsOnePartOfAPath(name: String) async throws {
        #expect(await error { _ = try await ArchiveWriter(name, in: folder.folder) }?.problem == .notWritten)
        #expect(try folder.names.isEmpty)
    }

    @Test(arguments: ["-rf", "a\nb.sql.gz", "ü.sql.gz", String(repeating: "n", count: 255)])
    func oddNamesAreJustNames(name: String) async throws {
        try await writeSample(name, in: folder.folder)
        #expect(try folder.names == [name])
    }

    @Test func aMissingFolderIsNamed() async throws {
        let path = folder.file("missing/a.sql.gz")
        let error = await error { _ = try await ArchiveWriter(path: path) }
        #expect(error?.message.contains("missing") == true)
        #expect(error?.exitStatus == .cannotWrite)
    }

    @Test func anyPathCanBeWritten() async throws {
        let writer = try await ArchiveWriter(path: folder.file("x.gz"), hashingFile: false)
        let result = try await writer.finish(.sample)
        #expect(result.sha256 == nil)
        #expect(result.path == folder.file("x.gz"))
        #expect(try await ArchiveReader.verify(path: result.path).isWhole)
    }

    @Test func membersAreWrittenInTheOrderOfTheirTickets() async throws {
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for ticket in (0..<200).reversed() {
                group.addTask {
                    for part in 0..<ticket % 4 { try await writer.append(member(ticket * 10 + part), ticket: ticket) }
                    try await writer.complete(ticket)
                }
            }
            try await group.waitForAll()
        }
        let index = try await writer.finish(.sample).index
        let expected = (0..<200).flatMap { ticket in (0..<ticket % 4).map { "t\(ticket * 10 + $0)" } }
        #expect(index.members.map(\.object) == expected)
        #expect(try await ArchiveReader.verify(path: folder.file("a.sql.gz")).isWhole)
    }

    @Test func whoIsAheadWaitsUntilLessIsHeld() async throws {
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder, heldLimit: 2500)
        try await writer.append(member(1, length: 1000), ticket: 1)
        try await writer.append(member(2, length: 1000), ticket: 2)
        let waiting = Task {
            try await writer.append(member(3, length: 1000), ticket: 3)
            return ContinuousClock.now
        }
        try await Task.sleep(for: .milliseconds(100))
        let before = ContinuousClock.now
        try await writer.append(member(0, length: 5000), ticket: 0)
        try await writer.complete(0)
        #expect(try await waiting.value > before)
        for ticket in 1...3 { try await writer.complete(ticket) }
        #expect(try await writer.finish(.sample).index.members.map(\.object) == ["t0", "t1", "t2", "t3"])
    }

    @Test func whoeverWaitsCanBeCancelled() async throws {
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder, heldLimit: 0)
        let waiting = Task { try await writer.append(member(3), ticket: 3) }
        try await Task.sleep(for: .milliseconds(50))
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test func whoeverWaitsLearnsThatWritingWasGivenUp() async throws {
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder, heldLimit: 0)
        let waiting = Task { try await writer.append(member(3), ticket: 3) }
        try await Task.sleep(for: .milliseconds(50))
        await writer.abort()
        #expect(await error { try await waiting.value }?.problem == .notComplete)
    }

    @Test func aTicketThatIsOpenKeepsTheArchiveFromBeingFinished() async throws {
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder)
        try await writer.append(member(1), ticket: 1)
        try await writer.complete(1)
        #expect(await error { _ = try await writer.finish(.sample) }?.reason == "ticket 0 was never completed")
        #expect(try folder.names.isEmpty)
    }
}
