import OpsCore
import TestSupport
import Testing

@Suite struct SchemaDumpTests {
    @Test(arguments: TestTarget.all)
    func theDumpToolSaysTheSameOfTheCorpusAndOfItsRestore(_ target: TestTarget) async throws {
        let oracle = SchemaOracle(target: target)
        try await TestDatabase.with(on: target) { settings in
            try await oracle.loadCorpus(into: settings)
            let connection = try await DatabaseConnection(settings)
            let schema = try await connection.schema()
            #expect(schema.objects.count >= 170)
            #expect(schema.notices.filter { $0.reason != .brokenView } == [])
            // What is not restored, on purpose, must not be in the first dump either.
            for object in SchemaOracle.notRestored { try await connection.run("DROP \(object)") }
            let before = try await oracle.dump(settings)
            try await settings.recreate()
            try await oracle.restore(schema.script, into: settings)
            let after = try await oracle.dump(settings)
            let lines = (before.split(separator: "\n"), after.split(separator: "\n"))
            #expect(Array(lines.1.difference(from: lines.0).prefix(20)).isEmpty)
            #expect(before == after)
        }
    }

    @Test(arguments: TestTarget.all)
    func theCorpusComesBackUnderAnotherName(_ target: TestTarget) async throws {
        let oracle = SchemaOracle(target: target)
        try await TestDatabase.with(on: target) { settings in
            try await oracle.loadCorpus(into: settings)
            let schema = try await DatabaseConnection(settings).schema()
            try await TestDatabase.with(on: target) { other in
                try await oracle.restore(schema.script, into: other)
                let copy = try await DatabaseConnection(other).schema()
                #expect(copy.differences(from: schema).filter { !["v_broken", "v_broken_2"].contains($0.name) } == [])
                #expect(copy.tables.map(\.columns) == schema.tables.map(\.columns))
                #expect(copy.tables.map(\.key) == schema.tables.map(\.key))
                #expect(copy.tables.map(\.autoIncrement) == schema.tables.map(\.autoIncrement))
                #expect(!copy.script.containsText(settings.database))
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func viewsThatCannotBeReadAreToldAndKeptAsText(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let connection = try await DatabaseConnection(settings)
            try await connection.run(
                "CREATE TABLE t (a INT)", "CREATE VIEW broken AS SELECT a AS `x\ny` FROM t",
                "CREATE TABLE u (a INT)", "CREATE DEFINER=`nobody`@`nowhere.example` VIEW strange AS SELECT a FROM u",
                "DROP TABLE t")
            let schema = try await connection.schema()
            #expect(schema.objects.filter(\.isBroken).map(\.name) == ["broken"])
            #expect(schema.notices.map(\.reason) == [.brokenView])
            let broken = try #require(schema.objects.first { $0.name == "broken" })
            let text = String(decoding: broken.sql, as: UTF8.self)
            #expect(text.contains("select"))
            #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("--") })
        }
    }

    @Test(arguments: TestTarget.all)
    func theToolkitsOwnTablesOfTheMomentAreLeftOut(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let connection = try await DatabaseConnection(settings)
            for name in ["lease", "jobs", "outbox", "audit"] {
                try await connection.run("CREATE TABLE sysndd_ctl_\(name) (a INT) COMMENT='sysndd-ctl'")
            }
            try await connection.run("CREATE TABLE sysndd_ctl_other (a INT) COMMENT='sysndd-ctl'")
            let tables = try await connection.schema().tables
            #expect(tables.filter(\.isToolkitTable).map(\.name) == ["sysndd_ctl_audit", "sysndd_ctl_outbox"])
            #expect(tables.map(\.name) == ["sysndd_ctl_audit", "sysndd_ctl_other", "sysndd_ctl_outbox"])
            try await connection.run("ALTER TABLE sysndd_ctl_jobs COMMENT='mine'")
            #expect(try await connection.schema().tables.map(\.name).contains("sysndd_ctl_jobs"))
        }
    }

    @Test(arguments: TestTarget.all)
    func alterationsBetweenTwoReadingsAreNoticedAndCountersAreNot(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let connection = try await DatabaseConnection(settings)
            try await connection.run(
                "CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, v INT)", "CREATE TABLE b (id INT)",
                "CREATE TABLE c (id INT)", "CREATE VIEW v AS SELECT id FROM a")
            let first = try await connection.schema()
            try await connection.run("INSERT INTO a (v) VALUES (1), (2)", "INSERT INTO b VALUES (1)")
            let second = try await connection.schema()
            #expect(second.alterations(since: first) == [])
            #expect(second.fingerprint == first.fingerprint)
            #expect(second.tables[0].autoIncrement == 3)
            try await Task.sleep(for: .milliseconds(1100))
            try await connection.run(
                "ALTER TABLE a ADD COLUMN w INT", "DROP TABLE b", "DROP TABLE c", "CREATE TABLE c (id INT)",
                "CREATE TABLE d (id INT)", "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.v = 1")
            let third = try await connection.schema()
            #expect(
                third.alterations(since: first).map(\.description) == [
                    "table `a` was altered (definition)", "table `d` was added", "trigger `t` was added",
                    "table `b` was removed",
                    "table `c` was altered (creation time)",
                ])
            #expect(third.fingerprint != first.fingerprint)
        }
    }

    @Test(arguments: TestTarget.all)
    func inASnapshotItLeavesNeitherLocksNorSettingsBehind(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let connection = try await DatabaseConnection(settings)
            // MariaDB is asked for the default `?`, which takes a lock that SHOW CREATE TABLE does not keep. While it
            // writes a binary log, going back to a save point does not give that lock up.
            let writesLog = try await connection.query("SELECT @@log_bin").first?.int(0) == 1
            try await connection.run(
                "CREATE TABLE t (a INT, q VARCHAR(5) DEFAULT '\(writesLog ? "" : "?")')",
                "INSERT INTO t (a) VALUES (1)",
                "SET SESSION sql_mode = 'ANSI_QUOTES'", "START TRANSACTION WITH CONSISTENT SNAPSHOT")
            let schema = try await connection.schema()
            #expect(schema.tables.map(\.name) == ["t"])
            let session = try await connection.query("SELECT @@sql_mode, @@character_set_results").first
            #expect(session?.text(0) == "ANSI_QUOTES")
            #expect(session?.text(1) == "utf8mb4")
            let other = try await DatabaseConnection(settings)
            try await other.run(
                "SET SESSION lock_wait_timeout = 2", "INSERT INTO t (a) VALUES (2)", "CREATE TABLE u (a INT)")
            try await other.run("ALTER TABLE u ADD COLUMN b INT", "ALTER TABLE t COMMENT = 'not locked'")
            #expect(try await other.schema().tables.map(\.name) == ["t", "u"])
        }
    }

    /// MariaDB counts an information_schema query as one, MySQL too; what is left must be one SHOW CREATE for each table.
    @Test(arguments: TestTarget.all)
    func theNumberOfQueriesGrowsByOneForEachTable(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let connection = try await DatabaseConnection(settings)
            func questions() async throws -> Int {
                let before = try await connection.query("SHOW SESSION STATUS LIKE 'Questions'").first?.int(1) ?? 0
                _ = try await connection.schema()
                return (try await connection.query("SHOW SESSION STATUS LIKE 'Questions'").first?.int(1) ?? 0) - before
            }
            try await connection.run("CREATE TABLE t0 (a INT PRIMARY KEY, b INT, UNIQUE KEY (b))")
            let few = try await questions()
            for number in 1...40 { try await connection.run("CREATE TABLE t\(number) LIKE t0") }
            #expect(try await questions() == few + 40)
            #expect(few < 30)
        }
    }

    @Test(arguments: TestTarget.all)
    func anotherCollationOfTheDatabaseIsKeptWithARoutine(_ target: TestTarget) async throws {
        let oracle = SchemaOracle(target: target)
        try await TestDatabase.with(on: target) { settings in
            let connection = try await DatabaseConnection(settings)
            try await connection.run(
                "ALTER DATABASE COLLATE latin1_german1_ci",
                "CREATE FUNCTION f(s VARCHAR(10)) RETURNS VARCHAR(10) DETERMINISTIC NO SQL RETURN s",
                "ALTER DATABASE COLLATE utf8mb4_bin")
            let schema = try await connection.schema()
            #expect(schema.collation == "utf8mb4_bin")
            try await settings.recreate()
            try await oracle.restore(schema.script, into: settings)
            let copy = try await DatabaseConnection(settings)
            #expect(try await copy.schema().fingerprint == schema.fingerprint)
            let row = try await copy.query(
                """
                SELECT DATABASE_COLLATION AS d, @@collation_database AS c
                FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
                """
            ).first
            #expect(row?.text("d") == "latin1_german1_ci")
            #expect(row?.text("c") == "utf8mb4_bin")
        }
    }
}
