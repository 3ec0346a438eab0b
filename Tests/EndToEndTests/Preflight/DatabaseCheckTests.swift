import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// The checks of a schema, each proven both ways on every server.
@Suite struct DatabaseCheckTests {
    @Test(arguments: TestTarget.all)
    func aGoodDatabasePassesWhatIsAskedOfIt(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let connection = try await DatabaseConnection(database)
            try await connection.execute("CREATE TABLE a (i INT PRIMARY KEY, t VARCHAR(10)) CHARACTER SET utf8mb4")
            try await connection.execute("CREATE VIEW v AS SELECT i FROM a")
            let report = try await PreflightSupport(database).report(CheckSelection(only: ["DB"]))
            let bad = report.checks.filter { $0.status == .error }
            #expect(bad.isEmpty, "\(bad)")
            let status = Dictionary(uniqueKeysWithValues: report.checks.map { ($0.id, $0.status) })
            for id in [
                "DB-001", "DB-002", "DB-010", "DB-020", "DB-021", "DB-030", "DB-031", "DB-033", "DB-040", "DB-041",
                "DB-050",
            ] {
                #expect(status[id] == .pass, "\(id): \(report.checks.first { $0.id == id }?.observed ?? "")")
            }
            #expect(status["DB-051"] == .skip)
            #expect(status["DB-052"] == .skip)
        }
    }

    @Test(arguments: TestTarget.all)
    func otherEncodingsAreWarnedOf(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let connection = try await DatabaseConnection(database)
            let support = PreflightSupport(database)
            try await connection.execute("CREATE TABLE old (i INT PRIMARY KEY, t VARCHAR(10) CHARACTER SET latin1)")
            let latin = try await support.run("DB-021")
            #expect(latin.status == .warn)
            #expect(latin.observed.contains("old.t (latin1)"))
            #expect(latin.remedy == "ALTER TABLE `old` CONVERT TO CHARACTER SET utf8mb4;")
            try await connection.execute("ALTER TABLE `old` CONVERT TO CHARACTER SET utf8mb4")
            #expect(try await support.status("DB-021") == .pass)

            try await connection.execute("ALTER DATABASE \(identifier: database.database) CHARACTER SET latin1")
            #expect(try await support.status("DB-021") == .warn)
        }
    }

    /// MySQL lets a column of a key be converted while it does not check keys. MariaDB refuses that; there such keys come
    /// with data folders of older versions.
    @Test(arguments: TestTarget.all)
    func keysOfUnequalCollationFail(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let connection = try await DatabaseConnection(database)
            let support = PreflightSupport(database)
            let key = "VARCHAR(10) CHARACTER SET utf8mb4 COLLATE"
            try await connection.execute(SQLQuery(unquoted: "CREATE TABLE p (k \(key) utf8mb4_bin PRIMARY KEY)"))
            try await connection.execute(
                SQLQuery(unquoted: "CREATE TABLE c (k \(key) utf8mb4_bin, FOREIGN KEY (k) REFERENCES p (k))"))
            #expect(try await support.status("DB-021") == .pass)
            try await connection.execute("SET SESSION foreign_key_checks = 0")
            let convert = SQLQuery(unquoted: "ALTER TABLE c MODIFY k \(key) utf8mb4_general_ci")
            if try await connection.serverInfo().flavour == .mariadb {
                await #expect(throws: DatabaseError.self) { try await connection.execute(convert) }
            } else {
                try await connection.execute(convert)
                let unequal = try await support.run("DB-021")
                #expect(unequal.status == .fail, "\(unequal)")
                #expect(unequal.observed.contains("c.k (utf8mb4_general_ci)"), "\(unequal)")
            }
        }
    }

    @Test func keysOfUnequalCollationAreJudgedAlike() {
        func status(_ keys: [String]) -> CheckStatus {
            DatabaseChecks.Encoding.judge(
                .init(database: "d", defaultCharacterSet: "utf8mb4", otherColumns: [], unequalKeys: keys)
            ).status
        }
        #expect(status([]) == .pass)
        #expect(status(["c.k (utf8mb4_general_ci) and p.k (utf8mb4_bin)"]) == .fail)
    }

    @Test(arguments: TestTarget.all)
    func tablesWithoutKeyAndOtherEnginesAreFound(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let connection = try await DatabaseConnection(database)
            let support = PreflightSupport(database)
            try await connection.execute("CREATE TABLE nokey (i INT)")
            let noKey = try await support.run("DB-040")
            #expect(noKey.status == .warn)
            #expect(noKey.observed.contains("nokey"))
            try await connection.execute("CREATE TABLE m (i INT PRIMARY KEY) ENGINE = MyISAM")
            let engine = try await support.run("DB-040")
            #expect(engine.status == .fail)
            #expect(engine.observed.contains("m (MyISAM)"))
            // The remedies do what they say.
            for line in (engine.remedy ?? "").split(separator: "\n") {
                try await connection.execute(SQLQuery(unquoted: String(line.dropLast())))
            }
            #expect(try await support.status("DB-040") == .pass)
        }
    }

    @Test(arguments: TestTarget.all)
    func invalidViewsAndDefinersThatDoNotExistAreFound(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { database in
            let connection = try await DatabaseConnection(database)
            let support = PreflightSupport(database)
            try await connection.execute("CREATE TABLE a (i INT PRIMARY KEY)")
            try await connection.execute("CREATE VIEW broken AS SELECT i FROM a")
            try await connection.execute("ALTER TABLE a CHANGE i j INT")
            let invalid = try await support.run("DB-041")
            #expect(invalid.status == .fail)
            #expect(invalid.observed.contains("broken"))
            try await connection.execute("DROP VIEW broken")
            #expect(try await support.status("DB-041") == .pass)
            try await connection.execute(
                "CREATE DEFINER = 'ghost'@'nowhere' TRIGGER tr BEFORE INSERT ON a FOR EACH ROW SET @x = 1")
            let ghost = try await support.run("DB-041")
            #expect(ghost.status == .fail)
            #expect(ghost.observed.contains("trigger tr of ghost@nowhere"))
        }
    }

    @Test func aServerThatIsNotThereFailsAndTheRestAreErrors() async throws {
        var settings = try await TestTarget.embedded.settings()
        settings.socket = nil
        settings.host = "127.0.0.1"
        settings.port = Int(try FreePort.find())
        let report = try await PreflightSupport(settings).report(CheckSelection(only: ["DB"]))
        let status = Dictionary(uniqueKeysWithValues: report.checks.map { ($0.id, $0.status) })
        #expect(status["DB-001"] == .fail)
        #expect(status["DB-002"] == .fail)
        #expect(status["DB-030"] == .error)
        #expect(report.exitCode(failOnWarnings: false) == 3)
    }

    @Test func aWrongPasswordAndAnUnknownDatabaseFailTheLoginOnly() async throws {
        try await TestDatabase.with { database in
            var wrong = database
            wrong.password = Secret("not the password")
            #expect(try await PreflightSupport(wrong).status("DB-001") == .pass)
            let login = try await PreflightSupport(wrong).run("DB-002")
            #expect(login.status == .fail)
            #expect(!"\(login)".contains("not the password"))
            var unknown = database
            unknown.database = "no_such_database"
            let missing = try await PreflightSupport(unknown).run("DB-002")
            #expect(missing.status == .fail)
            #expect(missing.remedy?.contains("CREATE DATABASE `no_such_database`") == true)
        }
    }

    @Test func versionsAreJudgedByTheirLastDay() throws {
        func status(_ text: String, _ day: String) throws -> CheckStatus {
            let now = try Date(day + "T12:00:00Z", strategy: .iso8601)
            return DatabaseChecks.Version.judge((ServerInfo(versionText: text, isGalera: false), now)).status
        }
        #expect(try status("10.11.6-MariaDB-1", "2026-11-24") == .pass)
        #expect(try status("10.11.6-MariaDB-1", "2027-12-01") == .warn)
        #expect(try status("10.11.6-MariaDB-1", "2028-02-16") == .warn)
        #expect(try status("10.11.6-MariaDB-1", "2028-02-17") == .fail)
        #expect(try status("8.0.40", "2026-11-24") == .fail)
        #expect(try status("8.4.9", "2026-11-24") == .pass)
        #expect(try status("9.1.0", "2026-11-24") == .warn)
        #expect(try status("9.7.0", "2026-11-24") == .pass)
    }
}
