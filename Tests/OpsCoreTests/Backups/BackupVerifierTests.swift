import Foundation
import TestSupport
import Testing

@testable import OpsCore

@Suite struct BackupVerifierTests {
    private static let name = "manual_2026-03-01_03-00-00.sql.gz"

    /// A folder with an archive in it.
    private func withArchive(_ body: (String) async throws -> Void) async throws {
        try await TestFolder.with { path in
            try await writeSample(Self.name, in: ArchiveFolder(path: path))
            try await body(path)
        }
    }

    @Test func aPathNeedsNoBackupFolder() async throws {
        try await withArchive { path in
            let finding = try await BackupVerifier.verify("\(path)/\(Self.name)", directory: "/does/not/exist")
            #expect(finding.ok)
            #expect(finding.members == sampleMembers.count)
            #expect(finding.file == "\(path)/\(Self.name)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [Self.name])
        }
    }

    @Test func aPathIntoTheFolderIsTheSameAsTheName() async throws {
        try await withArchive { path in
            let finding = try await BackupVerifier.verify("\(path)/./\(Self.name)", directory: path)
            #expect(finding.ok)
            #expect(finding.file == Self.name)
            let catalog = BackupCatalog(folder: try BackupFolder(path), readers: .files)
            #expect(try await catalog.list().map { $0.verifiedAt != nil } == [true])
        }
    }

    @Test func aLinkIsFollowedByItsPathButIsNoBackupOfTheFolder() async throws {
        try await withArchive { path in
            let link = "manual_2026-03-02_03-00-00.sql.gz"
            try FileManager.default.createSymbolicLink(atPath: "\(path)/\(link)", withDestinationPath: Self.name)
            #expect(try await BackupVerifier.verify("\(path)/\(link)", directory: path).ok)
            let error = await #expect(throws: BackupFolderError.self) {
                try await BackupVerifier.verify(link, directory: path)
            }
            #expect(error?.kind == .notFound)
        }
    }

    @Test(arguments: ["../x.sql.gz", "/x.sql.gz", "/dev/null/x", "a/b\nc.sql.gz", "-/-x.sql.gz"])
    func aPathToNothingIsBadInput(_ file: String) async throws {
        try await withArchive { path in
            let error = await #expect(throws: ArchiveError.self) {
                try await BackupVerifier.verify(file, directory: path)
            }
            #expect(error?.exitStatus == .badInput)
        }
    }

    @Test func anIntactDumpOfMydumperIsWholeAsFarAsCanBeTold() async throws {
        let dump = "/*!40101 SET NAMES binary*/;\nINSERT INTO `t` VALUES (1);\n"
        try await TestFolder.with(files: ["db.t.sql": dump]) { path in
            let gzip = try run("gzip", ["-k", "\(path)/db.t.sql"])
            #expect(gzip.status == 0)
            for file in ["db.t.sql", "db.t.sql.gz"] {
                let finding = try await BackupVerifier.verify(file, directory: path)
                #expect(finding.ok)
                #expect(finding.bad == [])
                #expect(finding.notes.count == 1)
                #expect(finding.notes.first?.contains("rows at the end may be missing") == true)
            }
            try damage("\(path)/db.t.sql.gz")
            let finding = try await BackupVerifier.verify("db.t.sql.gz", directory: path)
            #expect(!finding.ok)
            #expect(finding.notes == [])
        }
    }

    @Test func aDumpOfWhichNothingIsKnownIsNotVouchedFor() async throws {
        try await TestFolder.with(files: ["x.sql": "CREATE TABLE t (a INT);\n"]) { path in
            let finding = try await BackupVerifier.verify("x.sql", directory: path)
            #expect(!finding.ok)
            #expect(finding.bad.map(\.problem) == ["nothing marks its end"])
        }
    }

    /// Flips a bit of the checksum at the end.
    private func damage(_ path: String) throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count - 6] ^= 1
        try bytes.write(to: URL(filePath: path))
    }
}
