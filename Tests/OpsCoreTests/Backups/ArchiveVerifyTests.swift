import Foundation
import Testing

@testable import OpsCore

@Suite struct ArchiveVerifyTests {
    private let folder: ArchiveTestFolder
    private let bytes: [UInt8]
    private let index: ArchiveIndex

    init() async throws {
        folder = try ArchiveTestFolder()
        index = try await writeSample("a.sql.gz", in: folder.folder).index
        bytes = try folder.read("a.sql.gz")
    }

    private func verify(
        _ bytes: [UInt8], depth: ArchiveReader.Depth = .contents
    ) async throws -> ArchiveVerification {
        try folder.write(bytes, to: "x")
        return try await ArchiveReader.verify(path: folder.file("x"), depth: depth)
    }

    /// The part of the file to which a byte belongs, as problems name it.
    private func part(at offset: Int) -> (member: String, object: String?) {
        if offset < ArchiveFormat.signature.count { return ("signature", nil) }
        for (number, entry) in index.members.enumerated() where offset < entry.location.offset + entry.location.length {
            return ("\(entry.kind) \(number + 1)", entry.object)
        }
        if offset < index.summary.index.offset + index.summary.index.length { return ("index", nil) }
        return (offset < bytes.count - ArchiveTrailer.length ? "summary" : "trailer", nil)
    }

    @Test(arguments: [(ArchiveReader.Depth.contents, 1), (.hashes, 7)])
    func everyFlippedByteIsFoundAndNamed(depth: ArchiveReader.Depth, step: Int) async throws {
        for offset in stride(from: 0, to: bytes.count, by: step) {
            var damaged = bytes
            damaged[offset] ^= 0xFF
            let problems = try await verify(damaged, depth: depth).problems
            let part = part(at: offset)
            #expect(problems.map(\.member) == [part.member], "byte \(offset)")
            #expect(problems.map(\.object) == [part.object], "byte \(offset)")
            #expect(problems.map(\.kind) == [.corrupt], "byte \(offset)")
        }
    }

    @Test func everyFlippedBitOfTheEndIsFound() async throws {
        for offset in (bytes.count - ArchiveTrailer.length)..<bytes.count {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[offset] ^= 1 << UInt8(bit)
                #expect(try await verify(damaged).isWhole == false, "byte \(offset), bit \(bit)")
            }
        }
    }

    @Test func everyTruncationIsFound() async throws {
        for count in 0..<bytes.count {
            guard count >= ArchiveFormat.signature.count else {
                await #expect(throws: ArchiveError.self) { try await verify(Array(bytes[..<count])) }
                continue
            }
            let problems = try await verify(Array(bytes[..<count])).problems
            #expect(problems.map(\.kind) == [.unfinished], "cut to \(count)")
        }
    }

    @Test func bytesThatAreCutOutAreMissedInTheRightMembers() async throws {
        let gone = index.members[2].location
        let problems = try await verify(Array(bytes[..<gone.offset] + bytes[(gone.offset + gone.length)...])).problems
        #expect(problems.map(\.member) == ["file", "rows 3"])
        #expect(problems.map(\.kind) == [.missing, .missing])
        #expect(problems.last?.object == "gene")
        let offset = index.members[3].location.offset + 30
        let torn = try await verify(Array(bytes[..<offset] + bytes[(offset + 5)...])).problems
        #expect(torn.map(\.member) == ["file", "table 4"])
        #expect(torn.last?.object == "gène`s")
    }

    @Test func bytesThatArePutInAreFound() async throws {
        let offset = index.members[1].location.offset
        let problems = try await verify(Array(bytes[..<offset]) + [1, 2, 3] + Array(bytes[offset...])).problems
        #expect(problems.map(\.member) == ["file"])
        #expect(problems.map(\.kind) == [.corrupt])
        #expect(try await verify(bytes + [0]).problems.map(\.kind) == [.unfinished])
    }

    @Test func aFileOfTheWrongLengthIsNotOpened() throws {
        try folder.write(Array(bytes[..<100] + bytes[103...]), to: "x")
        let error = #expect(throws: ArchiveError.self) { try ArchiveReader(path: folder.file("x")) }
        #expect(error?.reason == "3 bytes are missing: the trailer tells of a longer file")
        #expect(error?.exitStatus == .badInput)
    }

    @Test func aFileOfAnotherToolIsToldApart() async throws {
        for text in ["", "-- MySQL dump 10.13\n", String(repeating: "INSERT ", count: 1000)] {
            try folder.write(text.utf8, to: "x")
            let error = #expect(throws: ArchiveError.self) { try ArchiveReader(path: folder.file("x")) }
            #expect(error?.problem == .foreign)
        }
    }

    @Test func aLaterFormatIsRefusedWithAClearMessage() throws {
        let later = GzipStored.encode(Array(ArchiveFormat.firstLine(major: 2).utf8))
        let text = Array((ArchiveFormat.firstLine(major: 2) + String(repeating: "-", count: 200)).utf8)
        for bytes in [later + bytes.dropFirst(56).dropLast(256), later + GzipStored.encode(text)] {
            try folder.write(bytes, to: "x")
            let error = #expect(throws: ArchiveError.self) { try ArchiveReader(path: folder.file("x")) }
            #expect(error?.problem == .tooNew)
            #expect(error?.message.hasSuffix("x: format 2, of which this version knows nothing") == true)
            #expect(error?.hint?.contains("newer sysndd-ctl") == true)
        }
    }

    @Test func whatIsNoFileIsRefused() throws {
        #expect(throws: ArchiveError.self) { try ArchiveReader(path: folder.path) }
        #expect(throws: ArchiveError.self) { try ArchiveReader(path: "/dev/zero") }
        #expect(throws: ArchiveError.self) { try ArchiveReader(path: folder.file("missing")) }
        #expect(try run("mkfifo", [folder.file("pipe")]).status == 0)
        #expect(throws: ArchiveError.self) { try ArchiveReader(path: folder.file("pipe")) }
    }

    @Test func linksAreFollowedOnlyByPath() throws {
        try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "a.sql.gz")
        #expect(try ArchiveReader(path: folder.file("link")).size == bytes.count)
        #expect(throws: ArchiveError.self) { try ArchiveReader("link", in: folder.folder) }
    }

    @Test func aDamagedMemberIsNotHandedOut() throws {
        var damaged = bytes
        damaged[index.members[2].location.offset + 20] ^= 1
        try folder.write(damaged, to: "x")
        let reader = try ArchiveReader(path: folder.file("x"))
        let members = try reader.index().members
        let error = #expect(throws: ArchiveError.self) { try reader.bytes(of: members[2]) }
        #expect(error?.object == "gene")
        #expect(try reader.bytes(of: members[1]) == Array(sampleMembers[1].sql.utf8))
    }

    @Test func threadsReadAtTheSameTime() async throws {
        let reader = try ArchiveReader(path: folder.file("a.sql.gz"))
        let members = try reader.index().members
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let entry = members[number % members.count]
                    return (try? reader.bytes(of: entry)) == Array(sampleMembers[number % members.count].sql.utf8)
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func verifyingCanBeCancelled() async throws {
        let path = folder.file("a.sql.gz")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await ArchiveReader.verify(path: path)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
