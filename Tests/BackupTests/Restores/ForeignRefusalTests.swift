import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// A dump that reaches out of its database is refused with the line, before anything is touched.
@Suite struct ForeignRefusalTests {
    private static let head =
        "-- MySQL dump 10.13\n--\n-- Host: localhost    Database: shop\nCREATE TABLE t (id INT);\n"
    private static let tail = "\n-- Dump completed on 2026-01-02  3:04:05\n"

    private func expectRefused(
        _ dump: String, _ scope: BackupScope, line: Int?, _ text: String
    ) async throws {
        let state = try await RestoreState(scope)
        let path = try scope.write(dump, as: "bad.sql")
        let tool = Tool(database: scope.database, environment: ["BACKUP_DIR": scope.folder])
        let outcome = try await tool.run("restore", path, "--confirm", "RESTORE", "--format", "json")
        #expect(outcome.exitCode == ExitStatus.badInput.rawValue, "\(text): \(outcome.errorOutput)")
        let error = try outcome.json()["error"] as? [String: Any]
        let message = error?["message"] as? String ?? ""
        #expect(message.contains(text), "\(message)")
        if let line { #expect(message.contains("line \(line):"), "\(message)") }
        #expect(try await RestoreState(scope) == state)
        #expect(try await scope.scratchSchemas() == [])
        #expect(!scope.files.contains { $0.hasPrefix("pre-restore_") })
    }

    @Test func whatReachesOutOfTheDatabaseIsRefusedWithItsLine() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)")
            let live = scope.database.database
            for (statement, text) in [
                ("DROP DATABASE `shop`;", "DROP DATABASE"), ("USE other;", "USE other"),
                ("GRANT ALL ON *.* TO x;", "GRANT"),
                ("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t;", "LOAD DATA LOCAL"), ("\\! touch /tmp/x", "\\!"),
                ("source /tmp/x.sql", "source"), ("system touch /tmp/x", "system"), ("tee /tmp/x", "tee"),
                ("INSERT INTO `\(live)`.a VALUES (9);", "INSERT into a table in the database \(live)"),
                ("/*!50001 INSERT INTO `\(live)`.`a` VALUES (9) */;", "in the database \(live)"),
                ("INSERT /*!999999 INTO t */ INTO `\(live)`.a VALUES (9);", "in the database \(live)"),
                ("DELIMITER ;;\nCREATE TABLE \(live).b (id INT);;\nDELIMITER ;", "in the database \(live)"),
                ("SET GLOBAL general_log = 1;", "SET GLOBAL general_log"),
                ("PREPARE s FROM 'DROP TABLE \(live).a';", "PREPARE"),
                ("SELECT 1 INTO OUTFILE '/tmp/x';", "SELECT"),
            ] {
                let line = statement.hasPrefix("DELIMITER") ? 6 : 5
                try await expectRefused(Self.head + statement + Self.tail, scope, line: line, text)
            }
        }
    }

    /// Rows of such a table would be written where it points to; the server tells what the dump has made of it.
    @Test func rowsDoNotGoThroughATableIntoAnother() async throws {
        try await BackupScope.with { scope in
            let live = scope.database.database
            try await scope.execute("CREATE TABLE a (id INT) ENGINE=MyISAM")
            let direct = "CREATE TABLE m (id INT) ENGINE=MERGE UNION=(`\(live)`.`a`) INSERT_METHOD=LAST;"
            try await expectRefused(Self.head + direct + Self.tail, scope, line: 5, "a name with the qualifier \(live)")
            let state = try await RestoreState(scope)
            let dump = """
                CREATE TABLE b (id INT) ENGINE=MyISAM;
                CREATE TABLE m (id INT) ENGINE=MERGE UNION=(b) INSERT_METHOD=LAST;
                INSERT INTO m VALUES (1);
                """
            let path = try scope.write(Self.head + dump + Self.tail, as: "merge.sql")
            let error = await #expect(throws: RestoreError.self) { try await scope.restore.run(.init(file: path)) }
            #expect(error?.message.contains("line 7: an INSERT into m, whose engine MRG_MyISAM") == true, "\(error!)")
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    @Test func aDumpThatIsNotWholeIsRefused() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)")
            try await expectRefused(Self.head, scope, line: nil, "is not a whole dump")
            try await expectRefused(Self.head + "INSERT INTO t VALUES ('x", scope, line: nil, "never closed")
            try await expectRefused("", scope, line: nil, "it holds no statement")
            let gzip = try await scope.mydumper()
            let path = scope.parent + "/cut.sql.gz"
            try gzip.dropLast(9).write(to: URL(filePath: path))
            let error = await #expect(throws: RestoreError.self) { try await scope.restore.run(.init(file: path)) }
            #expect(error?.code == "BACKUP_DAMAGED")
            #expect(error?.exitStatus == .badInput)
        }
    }

    /// What the server refuses while the shadow is loaded leaves the database as it is, and tells the line.
    @Test func aStatementThatTheServerRefusesIsToldWithItsLine() async throws {
        try await BackupScope.with { scope in
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)")
            let state = try await RestoreState(scope)
            let path = try scope.write(Self.head + "INSERT INTO t VALUES (1,2);" + Self.tail, as: "x.sql")
            let error = await #expect(throws: RestoreError.self) { try await scope.restore.run(.init(file: path)) }
            #expect(error?.code == "RESTORE_REFUSED")
            #expect(error?.message.contains("line 5: the server refused") == true)
            #expect(try await RestoreState(scope) == state)
            #expect(try await scope.scratchSchemas() == [])
        }
    }

    /// A routine of the dump does not run while it is loaded, whatever calls it.
    @Test func nothingOfTheDumpRunsWhileItIsLoaded() async throws {
        try await BackupScope.with { scope in
            let live = scope.database.database
            try await scope.execute("CREATE TABLE a (id INT PRIMARY KEY)")
            let dump = """
                DELIMITER ;;
                CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW INSERT INTO `\(live)`.a VALUES (9);;
                DELIMITER ;
                INSERT INTO t VALUES (1);
                """
            let path = try scope.write(Self.head + dump + Self.tail, as: "trigger.sql")
            let result = try await scope.restore.run(.init(file: path))
            let undo = SQLQuery(unquoted: try #require(result.undoSchema))
            let connection = try await DatabaseConnection(scope.database)
            #expect(try await connection.query("SELECT * FROM \(undo).a").isEmpty)
            #expect(try await connection.query("SELECT COUNT(*) FROM t").first?.int(0) == 1)
            #expect(try await connection.query("SHOW TRIGGERS").count == 1)
        }
    }
}
