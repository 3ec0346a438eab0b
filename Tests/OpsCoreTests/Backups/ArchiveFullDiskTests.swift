import Foundation
import Testing

@testable import OpsCore

/// A file system of a few hundred kilobytes in memory, unmounted with the object.
private final class SmallDisk {
    let folder: ArchiveTestFolder

    init(kilobytes: Int) throws {
        folder = try ArchiveTestFolder()
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            throw Failure(reason: String(cString: strerror(errno)))
        }
    }

    deinit { umount2(folder.path, Int32(MNT_DETACH)) }

    struct Failure: Error {
        let reason: String
    }

    /// Whether this process may mount: a root in a container often may not.
    static let isPossible = (try? SmallDisk(kilobytes: 64)) != nil
}

@Suite(.enabled(if: SmallDisk.isPossible, "needs to mount a small tmpfs, which this account may not"))
struct ArchiveFullDiskTests {
    private var noise: [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test func aFullDiskLeavesNothingBehind() async throws {
        let disk = try SmallDisk(kilobytes: 256)
        let opened = try ArchiveFolder(path: disk.folder.path)
        let writer = try await ArchiveWriter("a.sql.gz", in: opened)
        let compressor = MemberCompressor()
        var failure: ArchiveError?
        do {
            for _ in 0..<20 {
                try await writer.append(noise.withUnsafeBytes { compressor.compress($0, as: MemberLabel(.rows)) })
            }
        } catch {
            failure = error as? ArchiveError
        }
        let error = try #require(failure)
        #expect(error.problem == .noSpace)
        #expect(error.exitStatus == .cannotWrite)
        #expect(error.message.hasSuffix("a.sql.gz: cannot write: no space left on device"))
        #expect(error.hint?.contains("free some space") == true)
        #expect(try disk.folder.names.isEmpty)
        await #expect(throws: error) { _ = try await writer.finish(.sample) }
        #expect(try disk.folder.names.isEmpty)
    }

    @Test func aDiskThatIsFullAtTheVeryEndLeavesNothingBehind() async throws {
        // One try after the other is given a little more room, so that signature, member, index, summary and trailer
        // each meet the end of the disk.
        let disk = try SmallDisk(kilobytes: 64)
        let opened = try ArchiveFolder(path: disk.folder.path)
        var outcomes: Set<Bool> = []
        for filler in stride(from: 64 * 1024, through: 0, by: -4096) {
            try disk.folder.write([UInt8](repeating: 1, count: filler), to: "filler")
            do {
                try await writeSample("a.sql.gz", in: opened)
                outcomes.insert(true)
                #expect(try disk.folder.names == ["a.sql.gz", "filler"])
                try FileManager.default.removeItem(atPath: disk.folder.file("a.sql.gz"))
            } catch let error as ArchiveError {
                outcomes.insert(false)
                #expect(error.problem == .noSpace)
                #expect(try disk.folder.names == ["filler"])
            }
        }
        #expect(outcomes == [true, false])
    }
}
