import Foundation
import Testing

@testable import OpsCore

@Suite struct ArchiveRoundTripTests {
    private let folder: ArchiveTestFolder

    init() throws { folder = try ArchiveTestFolder() }

    @Test(arguments: ArchiveLevel.allCases)
    func whatWasWrittenIsRead(level: ArchiveLevel) async throws {
        let result = try await writeSample("a.sql.gz", in: folder.folder, level: level)
        let reader = try ArchiveReader("a.sql.gz", in: folder.folder)
        let index = try reader.index()
        #expect(index == result.index)
        #expect(reader.summary.source == .sample)
        #expect(reader.summary.totals.tables == 2)
        #expect(reader.summary.totals.rows == 3)
        #expect(reader.summary.tool == ToolVersion.current)
        #expect(reader.completedAt == Date(timeIntervalSince1970: 1_700_000_100))
        #expect(index.members.map(\.kind) == sampleMembers.map(\.label.kind))
        #expect(index.members.map(\.object) == sampleMembers.map(\.label.object))
        #expect(index.members[2].range == "1 to 3")
        for (entry, member) in zip(index.members, sampleMembers) {
            #expect(try reader.bytes(of: entry) == Array(member.sql.utf8))
        }
        #expect(try await ArchiveReader.verify(path: result.path, jobs: 3).isWhole)
    }

    @Test func theResultDescribesTheFile() async throws {
        let result = try await writeSample("a.sql.gz", in: folder.folder)
        let bytes = try folder.read("a.sql.gz")
        #expect(result.size == bytes.count)
        let sum = try run("sha256sum", [result.path])
        #expect(String(decoding: sum.output, as: UTF8.self).hasPrefix(try #require(result.sha256)))
        let mode = try FileManager.default.attributesOfItem(atPath: result.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try folder.names == ["a.sql.gz"])
    }

    @Test func ordinaryToolsReadTheArchive() async throws {
        let path = try await writeSample("a.sql.gz", in: folder.folder).path
        #expect(try run("gzip", ["-t", path]).status == 0)
        let inflated = try run("zcat", [path])
        #expect(inflated.status == 0)
        let script = "import gzip, sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())"
        #expect(try run("python3", ["-c", script, path]).output == inflated.output)
        let text = String(decoding: inflated.output, as: UTF8.self)
        #expect(text.hasPrefix("-- sysndd-ctl archive format 001\n" + sampleMembers.map(\.sql).joined()))
        #expect(text.hasSuffix("\n-- Dump completed on 2023-11-14 22:15:00\n"))
    }

    @Test func indexSummaryAndTrailerAreShortCommentLines() async throws {
        let members = (0..<300).map { (MemberLabel(.rows, object: "t", rows: 1, range: "\($0)"), "SELECT 1;\n") }
        let path = try await writeSample("a.sql.gz", in: folder.folder, members: members).path
        let sql = members.map { $0.1 }.joined()
        let lines = try run("zcat", [path]).output.split(separator: UInt8(ascii: "\n"))
        let comments = lines.filter { $0.starts(with: "-- ".utf8) }
        #expect(lines.count - comments.count == sql.utf8.count { $0 == UInt8(ascii: "\n") })
        #expect(comments.allSatisfy { $0.count < 1024 })
    }

    @Test func theCommentLinesAreOneJSONDocument() async throws {
        let path = try await writeSample("a.sql.gz", in: folder.folder).path
        let text = String(decoding: try run("zcat", [path]).output, as: UTF8.self)
        let lines = text.split(separator: "\n").dropFirst(6).dropLast(5)
        let json = lines.map { $0.dropFirst(3) }.joined(separator: "\n")
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: [[String: Any]]])
        #expect(document["members"]?.map { $0["kind"] as? String } == ["header", "table", "rows", "table", "view"])
    }

    @Test func anArchiveMayBeEmpty() async throws {
        let path = try await writeSample("a.sql.gz", in: folder.folder, members: []).path
        #expect(try ArchiveReader(path: path).index().members.isEmpty)
        #expect(try await ArchiveReader.verify(path: path).isWhole)
    }

    @Test func aMemberMayBeEmptyLargeOrIncompressible() async throws {
        var random = SystemRandomNumberGenerator()
        let noise = (0..<3_000_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let large = [UInt8](repeating: 65, count: 40 << 20)
        let writer = try await ArchiveWriter("a.sql.gz", in: folder.folder)
        let compressor = MemberCompressor()
        for bytes in [[], noise, large, [1, 2, 3]] {
            try await writer.append(bytes.withUnsafeBytes { compressor.compress($0, as: MemberLabel(.rows)) })
        }
        let path = try await writer.finish(.sample).path
        let reader = try ArchiveReader(path: path)
        let members = try reader.index().members
        let inflater = MemberInflater()
        for (entry, bytes) in zip(members, [[], noise, large, [1, 2, 3]]) {
            #expect(try reader.withMember(entry, using: inflater) { $0.elementsEqual(bytes) })
        }
        #expect(try await ArchiveReader.verify(path: path).isWhole)
        #expect(try run("gzip", ["-t", path]).status == 0)
    }

    @Test(arguments: [1, 7, 4096, 131_072, 1_000_000])
    func aMemberMayBeMadeOfPieces(length: Int) throws {
        let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 / 7 &* 31) }.prefix(length * 300)
        let compressor = MemberCompressor()
        for start in stride(from: 0, to: bytes.count, by: length) {
            bytes[start..<min(start + length, bytes.count)].withUnsafeBytes { compressor.append($0) }
        }
        let member = compressor.finish(as: MemberLabel(.rows))
        #expect(member.inflatedLength == bytes.count)
        #expect(try inflate(member.bytes) == Array(bytes))
    }

    @Test func everyMemberBeginsWithTheSameHeader() {
        let member = MemberCompressor().compress("SELECT 1;", as: MemberLabel(.rows))
        #expect(member.bytes.starts(with: GzipStored.header))
    }

    @Test func aLongRangeIsCut() {
        let label = MemberLabel(.rows, range: String(repeating: "é", count: 1_000_000))
        #expect((100...210).contains(label.range?.utf8.count ?? 0))
    }

    @Test func fiveThousandTablesHaveASmallIndex() async throws {
        let members = (0..<5000).flatMap { number in
            [
                (MemberLabel(.table, object: "table_\(number)"), "CREATE TABLE `table_\(number)` (id INT);\n"),
                (
                    MemberLabel(.rows, object: "table_\(number)", rows: 10, rowChecksum: "123456789abcdef\(number)"),
                    "INSERT INTO `table_\(number)` VALUES (1);\n"
                ),
            ]
        }
        let path = try await writeSample("a.sql.gz", in: folder.folder, members: members).path
        let reader = try ArchiveReader(path: path)
        #expect(reader.summary.index.length < 800_000)
        #expect(try reader.index().members.count == 10_000)
        #expect(reader.summary.totals.tables == 5000)
    }
}
