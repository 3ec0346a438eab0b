import Foundation
import Testing

@testable import OpsCore

@Suite struct ForeignDumpTests {
    private let folder: ArchiveTestFolder

    init() throws { folder = try ArchiveTestFolder() }

    private func inspect(_ sql: String) throws -> ForeignDump {
        try folder.write(sql.utf8, to: "x.sql")
        return try ForeignDump.inspect(path: folder.file("x.sql"))
    }

    private static let mysqldump = """
        -- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
        --
        -- Host: localhost    Database: genes
        -- ------------------------------------------------------
        -- Server version\t8.0.36

        /*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
        /*!50503 SET NAMES utf8mb4 */;
        /*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;
        DROP TABLE IF EXISTS `gene`;
        CREATE TABLE `gene` (`id` int NOT NULL, `text` text) ENGINE=InnoDB;
        INSERT INTO `gene` VALUES (1,'CREATE TABLE a (b int);'),(2,'\\n-- Dump completed on 2001-01-01 00:00:00\\n');
        -- CREATE TABLE commented (a int);
        DROP TABLE IF EXISTS `o``dd (x)`;
        CREATE TABLE `o``dd (x)` (`id` int);
        /*!50001 CREATE TABLE `view` (`id` tinyint NOT NULL) ENGINE=MyISAM */;
        /*!50001 DROP TABLE IF EXISTS `view`*/;
        /*!50001 CREATE VIEW `view` AS SELECT 1 AS `id` */;
        /*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

        -- Dump completed on 2024-03-05  9:01:02

        """

    private static let phpMyAdmin = """
        -- phpMyAdmin SQL Dump
        -- version 5.2.1
        -- https://www.phpmyadmin.net/

        SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";
        START TRANSACTION;
        SET time_zone = "+00:00";
        /*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
        /*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
        CREATE TABLE `gene` (`id` int(11) NOT NULL) ENGINE=InnoDB;
        -- Stand-in structure for view `v`
        CREATE TABLE `v` (
        `id` int(11)
        );
        DROP TABLE IF EXISTS `v`;
        CREATE ALGORITHM=UNDEFINED VIEW `v` AS SELECT 1 AS `id`;
        COMMIT;

        /*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
        /*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;

        """

    @Test func mysqldumpIsKnown() throws {
        let dump = try inspect(Self.mysqldump)
        #expect(dump.tool == .mysqldump)
        #expect(dump.completeness == .complete)
        #expect(dump.reason == nil)
        #expect(dump.tableCount == 2)
        #expect(dump.createdAt == Date(timeIntervalSince1970: 1_709_629_262))
        #expect(dump.inflatedBytes == Self.mysqldump.utf8.count)
    }

    @Test func everyCutDumpIsIncomplete() throws {
        let bytes = Array(Self.mysqldump.utf8)
        let whole = try #require(bytes.firstRange(of: Array("-- Dump completed on 2024".utf8))).lowerBound
        for count in stride(from: 60, to: whole + 16, by: 3) {
            try folder.write(bytes[..<count], to: "x.sql")
            let dump = try ForeignDump.inspect(path: folder.file("x.sql"))
            #expect(dump.completeness == .incomplete, "cut to \(count)")
        }
    }

    @Test(arguments: [
        ("-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)", ForeignDump.Tool.mariadbDump),
        ("/*M!999999\\- enable the sandbox mode */\n-- MariaDB dump 10.19-11.4.2-MariaDB, for Linux", .mariadbDump),
        ("-- MySQL dump 10.16  Distrib 10.1.48-MariaDB, for debian-linux-gnu (x86_64)", .mariadbDump),
        ("-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)", .mysqldump),
        ("-- phpMyAdmin SQL Dump", .phpMyAdmin), ("-- sysndd-ctl archive format 001", .sysnddCtl),
        ("/*!40101 SET NAMES binary*/;", .mydumper),
        ("/*!40101 SET NAMES utf8mb4*/;\n/*!40014 SET FOREIGN_KEY_CHECKS=0*/;", .mydumper), ("-- by hand", .unknown),
    ])
    func toolsAreKnownByTheirHeaders(header: String, tool: ForeignDump.Tool) throws {
        #expect(try inspect(header + "\nCREATE TABLE `t` (a int);\n").tool == tool)
    }

    @Test func aDumpWithoutDateIsComplete() throws {
        let dump = try inspect("-- MySQL dump 10.13\nCREATE TABLE t (a int);\n-- Dump completed\n")
        #expect(dump.completeness == .complete)
        #expect(abs(dump.createdAt.timeIntervalSinceNow) < 60)
    }

    @Test func phpMyAdminIsKnownByItsLastStatement() throws {
        let dump = try inspect(Self.phpMyAdmin)
        #expect(dump.tool == .phpMyAdmin)
        #expect(dump.completeness == .complete)
        #expect(dump.tableCount == 1)
        let end = try #require(Self.phpMyAdmin.range(of: "\n/*!40101 SET CHARACTER_SET_CLIENT"))
        let cut = try inspect(String(Self.phpMyAdmin[..<end.lowerBound]))
        #expect(cut.completeness == .incomplete)
        #expect(cut.reason?.contains("put back the settings") == true)
    }

    @Test func aDumpWithoutCommentsIsJudgedByItsFrame() throws {
        let start = "/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;\nCREATE TABLE t (a int);\n"
        #expect(try inspect(start).completeness == .incomplete)
        #expect(try inspect(start + "/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;\n").completeness == .complete)
        #expect(try inspect("CREATE TABLE t (a int);\n").completeness == .unknown)
        #expect(try inspect("").completeness == .unknown)
    }

    @Test func mydumperTellsNothingOfItsEnd() throws {
        let dump = try inspect("/*!40101 SET NAMES binary*/;\nCREATE TABLE `t` (a int);\n")
        #expect(dump.completeness == .unknown)
        #expect(dump.reason == "mydumper does not mark the end of its files, so rows at the end may be missing")
        #expect(dump.endsUnmarked)
        let torn = try inspect("/*!40101 SET NAMES binary*/;\nINSERT INTO `t` VALUES ('a")
        #expect(torn.completeness == .incomplete)
        #expect(!torn.endsUnmarked)
    }

    @Test func tablesAreCountedWhateverTheWriting() throws {
        let sql = """
            create table a (x int); CREATE TABLE IF NOT EXISTS `b` (x int); CREATE OR REPLACE TABLE c (x int);
            CREATE TEMPORARY TABLE d (x int); CREATE /* odd */ TABLE e (x int); CREATE TABLE `s`.`f`(x int);
            CREATE TABLE "g" (x int); CREATE VIEW h AS SELECT 'CREATE TABLE i (x int)';
            DROP TABLE IF EXISTS `b`; USE other; CREATE TABLE a (x int); CREATE TABLE a2 LIKE a;
            DELIMITER $$
            CREATE PROCEDURE p() BEGIN CREATE TABLE j (x int); END $$
            DELIMITER ;
            """
        #expect(try inspect(sql).tableCount == 7)
    }

    @Test func compressedDumpsAreInflatedWhateverTheirName() throws {
        let member = MemberCompressor().compress(Self.mysqldump, as: MemberLabel(.rows)).bytes
        try folder.write(member, to: "odd.sql")
        let dump = try ForeignDump.inspect(path: folder.file("odd.sql"))
        #expect(dump.completeness == .complete)
        #expect(dump.tableCount == 2)
        try folder.write(member.dropLast(5), to: "odd.sql")
        let cut = try ForeignDump.inspect(path: folder.file("odd.sql"))
        #expect(cut.completeness == .incomplete)
        #expect(cut.reason?.contains("ends in the middle of a member") == true)
        try folder.write(member + [0], to: "odd.sql")
        #expect(try ForeignDump.inspect(path: folder.file("odd.sql")).completeness == .incomplete)
    }

    @Test func textThatIsNotSQLIsNotCalledComplete() throws {
        let dump = try inspect(
            "-- MySQL dump 10.13\nINSERT INTO t VALUES ('open;\n-- Dump completed on 2024-01-01 00:00:00\n")
        #expect(dump.completeness == .unknown)
        #expect(dump.reason?.contains("x.sql") == false)
        #expect(dump.reason?.contains("never closed") == true)
        #expect(try inspect("a\0b").completeness == .incomplete)
    }

    @Test func aMissingFileIsAnError() {
        #expect(throws: ByteSourceError.self) { try ForeignDump.inspect(path: folder.file("missing")) }
        #expect(throws: ByteSourceError.self) { try ForeignDump.inspect(path: folder.path) }
    }

    @Test func anUnpackedArchiveOfOursIsADump() async throws {
        let path = try await writeSample("a.sql.gz", in: folder.folder).path
        let dump = try ForeignDump.inspect(path: path)
        #expect(dump.tool == .sysnddCtl)
        #expect(dump.completeness == .complete)
        #expect(dump.tableCount == 2)
        #expect(dump.createdAt == Date(timeIntervalSince1970: 1_700_000_100))
    }
}
