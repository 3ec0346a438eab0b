import Foundation
import Testing

@testable import OpsCore

/// Inflates bytes that arrive in pieces.
func inflate(_ bytes: [UInt8], chunk: Int = .max, output: Int = 64 * 1024) throws -> [UInt8] {
    let stream = GzipInputStream(MemoryByteSource(bytes, chunkSize: chunk))
    var inflated: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: output)
    while true {
        let count = try buffer.withUnsafeMutableBytes { try stream.read(into: $0) }
        guard count > 0 else { return inflated }
        inflated += buffer[..<count]
    }
}

/// The error that inflating ends with, nil where there is none.
func gzipError(_ bytes: [UInt8], chunk: Int = .max) -> GzipError? {
    do {
        _ = try inflate(bytes, chunk: chunk)
        return nil
    } catch {
        return error as? GzipError
    }
}

private func member(_ text: String) -> [UInt8] { MemberCompressor().compress(text, as: MemberLabel(.rows)).bytes }

@Suite struct GzipInputStreamTests {
    private let texts = ["", "first\n", String(repeating: "repeated ", count: 3000), "x", "", "last\n"]
    private var bytes: [UInt8] { texts.flatMap(member) }

    @Test(arguments: Array(1...64) + [100, 1000, 4096])
    func membersAreReadWhereverTheInputIsCut(chunk: Int) throws {
        #expect(try inflate(bytes, chunk: chunk) == Array(texts.joined().utf8))
    }

    @Test(arguments: [1, 2, 3, 100, 32_768, 1_000_000])
    func membersAreReadIntoAnyBuffer(output: Int) throws {
        #expect(try inflate(bytes, chunk: 50, output: output) == Array(texts.joined().utf8))
    }

    @Test(arguments: ["-1", "-6", "-9"])
    func filesOfGzipAreRead(level: String) throws {
        let folder = try ArchiveTestFolder()
        let text = (0..<200_000).map { "line \($0 &* 2_654_435_761 % 1000)\n" }.joined()
        try folder.write(text.utf8, to: "name.sql")
        #expect(try run("gzip", [level, folder.file("name.sql")]).status == 0)
        let stream = try GzipInputStream(path: folder.file("name.sql.gz"))
        var buffer = [UInt8](repeating: 0, count: 1 << 22)
        var inflated: [UInt8] = []
        while case let count = try buffer.withUnsafeMutableBytes({ try stream.read(into: $0) }), count > 0 {
            inflated += buffer[..<count]
        }
        #expect(inflated == Array(text.utf8))
    }

    @Test(arguments: [1, 3, 1000])
    func headersMayHaveEveryField(chunk: Int) throws {
        let script = """
            import sys, zlib, struct
            head = bytes([0x1f,0x8b,8,31,1,2,3,4,2,3]) + struct.pack('<H',5) + b'abcde' + b'name\\0' + b'comment\\0'
            head += struct.pack('<H', zlib.crc32(head) & 0xffff)
            c = zlib.compressobj(9, 8, -15); body = c.compress(b'hello') + c.flush()
            sys.stdout.buffer.write(head + body + struct.pack('<II', zlib.crc32(b'hello'), 5))
            """
        let bytes = try run("python3", ["-c", script]).output
        #expect(try inflate(bytes + bytes, chunk: chunk) == Array("hellohello".utf8))
        var damaged = bytes
        damaged[13] ^= 1
        #expect(gzipError(damaged, chunk: chunk)?.problem == .corrupt)
    }

    @Test func everyTruncationIsFound() {
        let bytes = bytes
        var boundaries: Set<Int> = [bytes.count]
        var end = 0
        for text in texts {
            end += member(text).count
            boundaries.insert(end)
        }
        for count in 0..<bytes.count {
            let error = gzipError(Array(bytes[..<count]))
            #expect(error == nil ? boundaries.contains(count) : error?.problem == .truncated, "cut to \(count)")
        }
        #expect(gzipError([])?.message == "byte 0, gzip member 0: the file is empty")
    }

    @Test func everyFlippedBitThatMattersIsFound() {
        let text = "INSERT INTO t VALUES (1,'a'),(2,'b');\n"
        let bytes = member(text)
        var harmless = 0
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8(bit)
                guard gzipError(damaged) == nil else { continue }
                harmless += 1
                #expect((try? inflate(damaged)) == Array(text.utf8), "byte \(index), bit \(bit)")
            }
        }
        // Time, extra flags and system in the header, its flag for text, and what fills the last byte of the data.
        #expect((49...56).contains(harmless))
    }

    @Test(arguments: ["garbage", "\0\0\0\0\0\0\0\0", "\u{1F}", "\u{1F}x"])
    func whatFollowsTheLastMemberIsAnError(garbage: String) throws {
        let bytes = member("one") + member("two")
        let error = try #require(gzipError(bytes + Array(garbage.utf8)))
        #expect(error.problem == (garbage == "\u{1F}" ? .truncated : .trailingGarbage))
        #expect(error.offset >= bytes.count)
        #expect(error.exitStatus == .badInput)
    }

    @Test func whatIsNotGzipIsToldApart() {
        #expect(gzipError(Array("CREATE TABLE".utf8))?.problem == .notGzip)
        var bytes = member("x")
        bytes[2] = 7
        #expect(gzipError(bytes)?.reason == "a compression method other than deflate")
        bytes = member("x")
        bytes[3] = 0x80
        #expect(gzipError(bytes)?.problem == .corrupt)
    }

    @Test func aWrongLengthIsFoundInALaterMember() throws {
        var bytes = member("one") + member("two")
        bytes[bytes.count - 4] ^= 1
        let error = try #require(gzipError(bytes, chunk: 5))
        #expect(error.problem == .corrupt)
        #expect(error.member == 2)
        #expect(error.offset == member("one").count)
    }

    @Test func anErrorStays() throws {
        let stream = GzipInputStream(MemoryByteSource(Array("nonsense".utf8)), path: "x.gz")
        var buffer = [UInt8](repeating: 0, count: 10)
        for _ in 0..<2 {
            #expect(throws: GzipError.self) { try buffer.withUnsafeMutableBytes { _ = try stream.read(into: $0) } }
        }
    }
}
