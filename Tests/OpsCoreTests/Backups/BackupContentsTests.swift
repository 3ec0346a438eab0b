import Foundation
import Synchronization
import Testing

@testable import OpsCore

/// What is shown of, taken out of, and compared between backups.
@Suite struct BackupContentsTests {
    private static let name = "manual_2026-01-02_03-04-05.sql.gz"

    /// Collects what an extraction writes.
    private final class Collector: Sendable {
        private let bytes = Mutex<[UInt8]>([])
        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
        var sink: BackupExtraction.Sink {
            { piece in self.bytes.withLock { $0 += piece } }
        }
    }

    private func reference(_ name: String, in folder: ArchiveTestFolder) throws -> BackupReference {
        try BackupReference(name, directory: folder.path, database: "genes")
    }

    private func extract(_ table: String, of name: String, in folder: ArchiveTestFolder) async throws -> String {
        let collector = Collector()
        _ = try await BackupExtraction(reference(name, in: folder), table: table).write(to: collector.sink)
        return collector.text
    }

    // MARK: - Naming

    @Test func aBackupIsNamedByNameByPathOrAsTheLatest() async throws {
        let folder = try ArchiveTestFolder()
        try await writeSample(Self.name, in: folder.folder)
        let catalog = BackupCatalog(folder: try BackupFolder(folder.path), readers: .files)
        #expect(try reference(Self.name, in: folder).name == Self.name)
        #expect(try reference(folder.file(Self.name), in: folder).catalog == nil)
        #expect(throws: BackupFolderError.self) { try reference("latest", in: folder) }
        try await catalog.updateLatest(of: "genes")
        #expect(try reference("latest", in: folder).name == Self.name)
        let hostile = #expect(throws: BackupFolderError.self) { try reference("../\(Self.name)x", in: folder) }
        #expect(hostile?.code == "INVALID_FILENAME")
    }

    // MARK: - Show

    @Test func anArchiveTellsItsTablesAndObjectsFromItsIndex() async throws {
        let folder = try ArchiveTestFolder()
        let members = sampleMembers + [(MemberLabel(.routine, object: "gene"), "CREATE FUNCTION gene();\n")]
        try await writeSample(Self.name, in: folder.folder, members: members)
        let contents = try await BackupContents.read(reference(Self.name, in: folder))
        #expect(contents.tables?.map(\.name) == ["gene", "gène`s"])
        #expect(contents.tables?.map(\.rows) == [3, 0])
        #expect(
            contents.tables?.first?.inflatedBytes == sampleMembers[1].sql.utf8.count + sampleMembers[2].sql.utf8.count)
        #expect(contents.objects?.map { "\($0.kind) \($0.name)" } == ["view v", "routine gene"])
        #expect(contents.database == "genes")
        #expect(contents.rows == 3)
        #expect(contents.complete)
        #expect(contents.verifiedAt == nil)
    }

    @Test func aVerificationAndItsResultAreShown() async throws {
        let folder = try ArchiveTestFolder()
        try await writeSample(Self.name, in: folder.folder)
        let catalog = BackupCatalog(folder: try BackupFolder(folder.path), readers: .files)
        let backup = try reference(Self.name, in: folder)
        try await catalog.noteVerified(backup.file, at: Date(timeIntervalSince1970: 0))
        #expect(try await BackupContents.read(backup).verifiedAt == "1970-01-01T00:00:00Z")
        try await catalog.noteDamaged(backup.file)
        let contents = try await BackupContents.read(backup)
        #expect(!contents.complete)
        #expect(contents.problem != nil)
    }

    @Test func theDumpOfAnotherToolIsShownWithWhatItTells() async throws {
        let folder = try ArchiveTestFolder()
        try folder.write("-- MySQL dump 10.13\nCREATE TABLE a (i INT);\n".utf8, to: "old.sql")
        let contents = try await BackupContents.read(reference("old.sql", in: folder))
        #expect(contents.tool == "mysqldump")
        #expect(contents.tableCount == 1)
        #expect(!contents.complete)
        #expect(contents.tables == nil)
    }

    // MARK: - Extract

    @Test func oneTableIsTakenOutOfAnArchiveAndNothingElse() async throws {
        let folder = try ArchiveTestFolder()
        let members = sampleMembers + [(MemberLabel(.view, object: "gene"), "CREATE VIEW gene;\n")]
        try await writeSample(Self.name, in: folder.folder, members: members)
        let sql = try await extract("gene", of: Self.name, in: folder)
        #expect(sql.hasPrefix("-- table `gene` of \(Self.name)"))
        #expect(sql.contains(SchemaHeader.begin + sampleMembers[1].sql + sampleMembers[2].sql + SchemaHeader.end))
        #expect(!sql.contains("VIEW"))
        #expect(!sql.contains("gène"))
    }

    /// Damage in the rest of the file is no reason to lose the table.
    @Test func onlyTheMembersOfTheTableAreRead() async throws {
        let folder = try ArchiveTestFolder()
        let written = try await writeSample(Self.name, in: folder.folder)
        let broken = try #require(written.index.members(of: "gène`s").first)
        var bytes = try folder.read(Self.name)
        bytes[broken.location.offset + 12] ^= 0xFF
        try folder.write(bytes, to: Self.name)
        #expect(try await extract("gene", of: Self.name, in: folder).contains("INSERT INTO `gene`"))
        let error = await #expect(throws: ArchiveError.self) { try await extract("gène`s", of: Self.name, in: folder) }
        #expect(error?.object == "gène`s")
    }

    @Test func aTableThatIsNotThereIsAnError() async throws {
        let folder = try ArchiveTestFolder()
        try await writeSample(Self.name, in: folder.folder)
        for name in ["Gene", "v", "gen"] {
            let error = await #expect(throws: BackupError.self) { try await extract(name, of: Self.name, in: folder) }
            #expect(error?.code == "TABLE_NOT_IN_BACKUP")
            #expect(error?.exitStatus == .badInput)
        }
    }

    private static let foreign = """
        -- MySQL dump 10.13
        /*!40101 SET NAMES utf8mb4 */;
        CREATE TABLE `a` (i INT);
        INSERT INTO `a` VALUES (1);
        CREATE TABLE `b` (t TEXT);
        INSERT INTO `b` VALUES ('x;y\\'; INSERT INTO `a`');
        DELIMITER ;;
        CREATE TRIGGER tr BEFORE INSERT ON b FOR EACH ROW BEGIN SET @a = 1; END ;;
        DELIMITER ;
        -- Dump completed on 2024-03-05  9:01:02

        """

    @Test(arguments: [false, true])
    func aTableOfAnotherToolsDumpIsStreamed(_ isCompressed: Bool) async throws {
        let folder = try ArchiveTestFolder()
        try folder.write(Self.foreign.utf8, to: "old.sql")
        if isCompressed { #expect(try run("gzip", [folder.file("old.sql")]).status == 0) }
        let sql = try await extract("b", of: isCompressed ? "old.sql.gz" : "old.sql", in: folder)
        #expect(
            sql.hasSuffix(
                "\n\n/*!40101 SET NAMES utf8mb4 */;\nCREATE TABLE `b` (t TEXT);\n"
                    + "INSERT INTO `b` VALUES ('x;y\\'; INSERT INTO `a`');\n"))
    }

    @Test func aDumpThatIsCutOffIsAnErrorAlthoughTheTableWasFound() async throws {
        let folder = try ArchiveTestFolder()
        try folder.write(Self.foreign.utf8.dropLast(60), to: "old.sql")
        let error = await #expect(throws: BackupError.self) { try await extract("a", of: "old.sql", in: folder) }
        #expect(error?.code == "BACKUP_INCOMPLETE")
    }

    @Test func aReaderThatGoesAwayEndsIt() async throws {
        struct Gone: Error {}
        let folder = try ArchiveTestFolder()
        try await writeSample(Self.name, in: folder.folder)
        await #expect(throws: Gone.self) {
            try await BackupExtraction(reference(Self.name, in: folder), table: "gene").write { _ in throw Gone() }
        }
    }

    // MARK: - Diff

    private func difference(
        _ earlier: [(label: MemberLabel, sql: String)], _ later: [(label: MemberLabel, sql: String)]
    ) async throws -> BackupDifference {
        let folder = try ArchiveTestFolder()
        try await writeSample("a.sql.gz", in: folder.folder, members: earlier)
        try await writeSample("b.sql.gz", in: folder.folder, members: later)
        return try await BackupDifference(
            from: reference("a.sql.gz", in: folder), to: reference("b.sql.gz", in: folder))
    }

    private func table(_ name: String, _ options: String = "") -> (label: MemberLabel, sql: String) {
        (MemberLabel(.table, object: name), "\n-- table `\(name)`\nCREATE TABLE `\(name)` (`i` int)\(options);\n")
    }

    private func rows(_ name: String, _ count: Int, _ sum: String?) -> (label: MemberLabel, sql: String) {
        (MemberLabel(.rows, object: name, rows: count, rowChecksum: sum), "INSERT INTO `\(name)` VALUES (1);\n")
    }

    @Test func rangesInAnotherOrderAndAnotherNextValueAreNoDifference() async throws {
        let found = try await difference(
            [table("a", " AUTO_INCREMENT=5"), rows("a", 1, "0000000000000001"), rows("a", 2, "ffffffffffffffff")],
            [table("a", " AUTO_INCREMENT=9"), rows("a", 3, "0000000000000000")])
        #expect(found.identical)
        #expect(found.tables == [])
    }

    @Test func whatChangedOfEachTableIsTold() async throws {
        let found = try await difference(
            [
                table("altered"), rows("altered", 1, "0000000000000001"), table("dropped"),
                rows("dropped", 4, "0000000000000004"), table("edited"), rows("edited", 2, "0000000000000002"),
                table("old"), rows("old", 1, nil), table("same"),
            ],
            [
                table("altered", " COMMENT='x'"), rows("altered", 1, "0000000000000001"), table("edited"),
                rows("edited", 2, "0000000000000003"), table("made"), table("old"), rows("old", 1, nil), table("same"),
            ])
        #expect(!found.identical)
        #expect(
            found.tables == [
                .init(
                    name: "altered", change: .changed, definitionChanged: true, rowsBefore: 1, rowsAfter: 1,
                    rowsChanged: false),
                .init(
                    name: "dropped", change: .removed, definitionChanged: false, rowsBefore: 4, rowsAfter: nil,
                    rowsChanged: nil),
                .init(
                    name: "edited", change: .changed, definitionChanged: false, rowsBefore: 2, rowsAfter: 2,
                    rowsChanged: true),
                .init(
                    name: "made", change: .added, definitionChanged: false, rowsBefore: nil, rowsAfter: 0,
                    rowsChanged: nil),
                // Without checksums nobody knows, so it is not called the same.
                .init(
                    name: "old", change: .changed, definitionChanged: false, rowsBefore: nil, rowsAfter: nil,
                    rowsChanged: nil),
            ])
    }

    @Test func objectsOfTheSameNameAreToldApartByTheirKind() async throws {
        func routine(_ kind: String, _ body: String) -> (label: MemberLabel, sql: String) {
            (MemberLabel(.routine, object: "f"), "\n-- \(kind) `f`\nCREATE \(kind) f \(body);\n")
        }
        let found = try await difference(
            [routine("function", "a"), routine("procedure", "a")],
            [routine("procedure", "b"), routine("function", "a")])
        #expect(found.objects == [.init(kind: "procedure", name: "f", change: .changed)])
        #expect(!found.identical)
    }

    @Test func thePositionOfASequenceDoesNotCount() async throws {
        func sequence(_ next: Int) -> (label: MemberLabel, sql: String) {
            (
                MemberLabel(.sequence, object: "s"),
                "\n-- sequence `s`\nCREATE SEQUENCE s;\nDO SETVAL(`s`, \(next), 0, 0);\n"
            )
        }
        #expect(try await difference([sequence(1)], [sequence(2)]).identical)
    }

    @Test func theDumpOfAnotherToolCannotBeCompared() async throws {
        let folder = try ArchiveTestFolder()
        try folder.write(Self.foreign.utf8, to: "old.sql")
        let old = try reference("old.sql", in: folder)
        let error = await #expect(throws: ArchiveError.self) { try await BackupDifference(from: old, to: old) }
        #expect(error?.problem == .foreign)
    }
}
