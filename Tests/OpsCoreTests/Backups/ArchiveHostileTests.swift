import Foundation
import Testing

@testable import OpsCore

/// Archives that no writer makes: every hash is right, and the numbers or texts are not.
@Suite struct ArchiveHostileTests {
    private let folder: ArchiveTestFolder
    private let body: [UInt8]
    private let entries: [ArchiveEntry]

    init() async throws {
        folder = try ArchiveTestFolder()
        let index = try await writeSample("a.sql.gz", in: folder.folder).index
        entries = index.members
        body = Array(try folder.read("a.sql.gz")[..<index.summary.index.offset])
    }

    /// Puts an index text, and a summary that fits it, behind the members of the sample.
    private func forge(
        index text: [UInt8], inflatedLength: Int? = nil, totals: ArchiveSummary.Totals? = nil,
        summary: (String) -> String = { $0 }
    ) throws {
        let compressor = MemberCompressor()
        let index = text.withUnsafeBytes { compressor.compress($0, as: MemberLabel(.index)) }
        let location = ArchiveLocation(
            offset: body.count, length: index.bytes.count, inflatedLength: inflatedLength ?? index.inflatedLength,
            sha256: index.sha256)
        var sums = ArchiveSummary.Totals()
        entries.forEach { sums.add($0) }
        let document = try ArchiveDocument.encode(
            ArchiveSummary(source: .sample, totals: totals ?? sums, index: location))
        let summary = compressor.compress(summary(String(decoding: document, as: UTF8.self)), as: MemberLabel(.summary))
        let place = ArchiveLocation(
            offset: body.count + index.bytes.count, length: summary.bytes.count, inflatedLength: summary.inflatedLength,
            sha256: summary.sha256)
        let trailer = ArchiveTrailer(summary: place, completedAt: Date(timeIntervalSince1970: 0))
        try folder.write(body + index.bytes + summary.bytes + trailer.bytes, to: "x")
    }

    /// The error of a reader; nil when it takes the file.
    private func refusal() -> ArchiveError? {
        do {
            _ = try ArchiveReader(path: folder.file("x")).index()
            return nil
        } catch {
            return error as? ArchiveError
        }
    }

    private func indexText(_ change: (String) -> String) throws -> [UInt8] {
        Array(change(String(decoding: try ArchiveDocument.encode(entries), as: UTF8.self)).utf8)
    }

    @Test func theForgeItselfIsRight() throws {
        try forge(index: try indexText { $0 })
        #expect(refusal() == nil)
    }

    @Test(arguments: [
        ("\"offset\":56", "\"offset\":55"), ("\"offset\":56", "\"offset\":-56"), ("\"offset\":56", "\"offset\":0"),
        ("\"offset\":56", "\"offset\":9223372036854775807"), ("\"offset\":56", "\"offset\":99999999999999999999"),
        ("\"offset\":56", "\"offset\":1e300"), ("\"offset\":56", "\"offset\":\"56\""),
        ("\"inflated_length\":19", "\"inflated_length\":-1"),
        ("\"inflated_length\":19", "\"inflated_length\":2147483648"),
        ("\"inflated_length\":19", "\"inflated_length\":9223372036854775807"),
        ("\"length\":", "\"length\":-"), ("\"length\":", "\"length\":9"),
        ("\"length\":", "\"length\":9223372036854775"),
        ("\"rows\":3", "\"rows\":-3"), ("\"rows\":3", "\"rows\":9223372036854775807"), ("\"rows\":3", "\"rows\":4"),
        ("\"kind\":\"view\"", "\"kind\":\"trailer\""), ("\"kind\":\"view\"", "\"kind\":\"novelty\""),
        ("\"object\":\"v\"", "\"object\":7"), ("-- ]}", "-- ]"), ("-- ", "--"), ("{\"members\":[", "{\"members\":{"),
        ("\"object\":\"v\"", "\"object\":\"\\ud800\""),
    ])
    func numbersAndTextsThatCannotBeAreRefused(from: String, to: String) throws {
        try forge(index: try indexText { $0.replacing(from, with: to) })
        let error = try #require(refusal(), "\(from) became \(to)")
        #expect(error.problem == .corrupt)
        #expect(error.member == "index")
        #expect(error.exitStatus == .badInput)
    }

    @Test func membersMayNotOverlapOrBeLeftOut() throws {
        let lists = [
            Array(entries.dropLast()), Array(entries.dropFirst()), entries + [entries[4]], Array(entries.reversed()),
            [],
        ]
        for members in lists {
            try forge(index: try ArchiveDocument.encode(members))
            #expect(refusal()?.member == "index")
        }
    }

    @Test func aMemberThatInflatesToMoreThanItSaysIsStopped() async throws {
        let text = try indexText { $0.replacing("\"inflated_length\":19", with: "\"inflated_length\":18") }
        var totals = ArchiveSummary.Totals()
        entries.forEach { totals.add($0) }
        totals.inflatedBytes -= 1
        try forge(index: text, totals: totals)
        let reader = try ArchiveReader(path: folder.file("x"))
        let members = try reader.index().members
        #expect(throws: ArchiveError.self) { try reader.bytes(of: members[0]) }
        #expect(try await ArchiveReader.verify(path: folder.file("x")).problems.map(\.member) == ["header 1"])
    }

    @Test func deepNestingIsRefused() throws {
        let nesting = String(repeating: "[", count: 60_000)
        try forge(index: Array("-- {\"members\":[\n-- \(nesting)\n-- ]}\n".utf8))
        #expect(refusal()?.member == "index")
    }

    @Test func aLineWithoutEndIsRefused() throws {
        try forge(index: Array("-- {\"members\":[\n-- \(String(repeating: "0,", count: 5_000_000))\n-- ]}\n".utf8))
        #expect(refusal()?.member == "index")
    }

    @Test func bytesThatAreNotUTF8AreRefused() throws {
        var text = try ArchiveDocument.encode(entries)
        let index = try #require(text.firstRange(of: Array("gene".utf8)))
        text[index.lowerBound] = 0xFF
        try forge(index: text)
        #expect(refusal()?.member == "index")
    }

    @Test func anIndexThatInflatesToTooMuchIsNotInflated() throws {
        try forge(index: try indexText { $0 }, inflatedLength: ArchiveFormat.longestIndex + 1)
        #expect(refusal()?.member == "index")
        try forge(index: [UInt8](repeating: 32, count: 4 << 20), inflatedLength: 1000)
        #expect(refusal()?.reason == "it inflates to more than the index says")
    }

    @Test(arguments: [
        ("\"format\":1", "\"format\":2"), ("\"format\":1", "\"format\":\"1\""), ("\"tables\":2", "\"tables\":3"),
        ("\"created_at\":\"", "\"created_at\":\"x"), ("\"index\":{", "\"index\":{\"offset\":0,\"was\":{},"),
        ("-- {", "{"),
        ("\"offset\":", "\"offset\":-"), ("\"offset\":", "\"offset\":9223372036854775807, \"x\":"),
    ])
    func aSummaryThatCannotBeIsRefused(from: String, to: String) throws {
        try forge(index: try indexText { $0 }, summary: { $0.replacing(from, with: to) })
        #expect(refusal()?.exitStatus == .badInput)
    }

    @Test func fieldsOfALaterMinorVersionAreIgnored() throws {
        try forge(
            index: try indexText { $0.replacing("{\"inflated", with: "{\"zeta\":[{}],\"inflated") },
            summary: { $0.replacing("\"minor\":0", with: "\"minor\":7,\"novelty\":{\"a\":[1]}") })
        #expect(refusal() == nil)
        #expect(try ArchiveReader(path: folder.file("x")).summary.minor == 7)
    }

    @Test(arguments: [
        (0, 0, 0), (1 << 62, 100, 100), (56, 1 << 33, 10), (56, 100, 1 << 33), (56, 9_999_999_999, 10),
        (0, 9_999_999_999, 1),
    ])
    func aTrailerThatCannotBeIsRefused(offset: Int, length: Int, inflated: Int) throws {
        let place = ArchiveLocation(
            offset: offset, length: length, inflatedLength: inflated, sha256: String(repeating: "0", count: 64))
        let trailer = ArchiveTrailer(summary: place, completedAt: Date(timeIntervalSince1970: 0))
        try folder.write(body + trailer.bytes, to: "x")
        #expect(refusal() != nil)
        try folder.write(trailer.bytes, to: "x")
        #expect(refusal() != nil)
    }

    @Test(arguments: [
        ("-- summary offset 0", "-- Summary offset 0"), ("offset 00", "offset +0"), (" sha256 ", " SHA256 "),
    ])
    func aTrailerIsSpelledExactly(from: String, to: String) throws {
        let bytes = try folder.read("a.sql.gz")
        let text = try #require(GzipStored.decode(bytes.suffix(ArchiveTrailer.length)))
        let changed = String(decoding: text, as: UTF8.self).replacing(from, with: to)
        try folder.write(bytes.dropLast(ArchiveTrailer.length) + GzipStored.encode(Array(changed.utf8)), to: "x")
        #expect(refusal()?.member == "trailer")
    }
}
