import OpsCore
import TestSupport
import Testing

/// Objects that were made with the name of their database in them, and bodies that no dump tool can write.
@Suite struct SchemaQualifiedTests {
    @Test(arguments: TestTarget.all)
    func objectsThatNameTheirDatabaseComeBackInAnother(_ target: TestTarget) async throws {
        let oracle = SchemaOracle(target: target)
        try await TestDatabase.with(on: target) { foreign in
            try await DatabaseConnection(foreign).run("CREATE TABLE o (a INT PRIMARY KEY)")
            try await TestDatabase.with(on: target) { settings in
                let (own, other) = (SQLQuery.identifier(settings.database), SQLQuery.identifier(foreign.database))
                let connection = try await DatabaseConnection(settings)
                try await connection.run(
                    "CREATE TABLE \(own).t (a INT PRIMARY KEY, b INT, FOREIGN KEY (b) REFERENCES \(other).o (a), FOREIGN KEY (b) REFERENCES \(own).t (a))",
                    "CREATE TABLE \(own).\(own) (a INT, \(own) INT)",
                    "CREATE FUNCTION \(own).f(i INT) RETURNS INT DETERMINISTIC NO SQL RETURN i",
                    "CREATE VIEW \(own).v AS SELECT \(own).t.a, \(own).f(t.a) AS f, '\(own).t' AS l FROM \(own).t JOIN \(other).o ON o.a = t.a",
                    "CREATE VIEW a_first AS SELECT \(own).v.a, \(own).\(own) FROM v, \(own).\(own)",
                    "CREATE VIEW alias AS SELECT \(own).b FROM \(own).t AS \(own) JOIN \(other).o ON \(own).a = o.a",
                    "CREATE TRIGGER \(own).tr BEFORE INSERT ON \(own).t FOR EACH ROW SET NEW.b = NULL",
                    "CREATE EVENT \(own).e ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01' DO DELETE FROM t")
                if connection.serverVersion.contains("MariaDB") {
                    try await connection.run(
                        "CREATE SEQUENCE \(own).s", "CREATE TABLE q (a INT DEFAULT (NEXT VALUE FOR \(own).s))",
                        "CREATE VIEW n AS SELECT NEXTVAL(\(own).s) AS n, o.a FROM \(other).o")
                }
                let schema = try await connection.schema()
                try await TestDatabase.with(on: target) { copy in
                    try await oracle.restore(schema.script, into: copy)
                    try await DatabaseConnection(settings).run("DROP TABLE t")
                    let restored = try await DatabaseConnection(copy)
                    #expect(try await restored.schema().differences(from: schema) == [])
                    // Everything works without the first database.
                    for view in ["v", "a_first", "alias"] {
                        _ = try await restored.query("SELECT * FROM \(identifier: view)")
                    }
                }
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func bodiesComeBackByteForByteFromTheDefaultClient(_ target: TestTarget) async throws {
        let oracle = SchemaOracle(target: target)
        try await TestDatabase.with(on: target) { settings in
            let connection = try await DatabaseConnection(settings)
            try await connection.run(
                "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01' DO SET @a = ';; // $$ $$1$$'",
                "CREATE PROCEDURE p() BEGIN -- it's \"all\" `kinds`\n # of ;; comments\n SELECT 1; /* and\n blocks */ END",
                "CREATE PROCEDURE q() BEGIN /* ; */ SELECT '/* no */'; -- last\n END")
            let isMariaDB = connection.serverVersion.contains("MariaDB")
            if isMariaDB {
                try await connection.run(
                    "CREATE PROCEDURE r() SELECT 'a line \\\n and the next', \"`\\\n\" -- back\\\n",
                    "CREATE PROCEDURE s() SELECT 1 # x")
            }
            let schema = try await connection.schema()
            #expect(schema.notices == [])
            try await settings.recreate()
            try await oracle.restore(schema.script, into: settings)
            #expect(try await DatabaseConnection(settings).schema().differences(from: schema) == [])
        }
    }

    @Test(arguments: TestTarget.all)
    func lineEndsThatAClientWouldChangeAreTold(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let connection = try await DatabaseConnection(settings)
            try await connection.run("CREATE PROCEDURE windows() BEGIN\r\n SELECT 1;\r\nEND")
            let schema = try await connection.schema()
            #expect(schema.notices.map(\.reason) == [.changedByPlainClient])
            #expect(schema.objects.last?.sql.containsText("SELECT 1;\r\n") == true)
        }
    }

    @Test(arguments: TestTarget.all)
    func anAccountThatMaySeeOnlyAPartIsRefused(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let root = try await DatabaseConnection(settings)
            let user = "u\(UInt32.random(in: 0 ... .max))"
            let isMariaDB = root.serverVersion.contains("MariaDB")
            let account = "\(user)@'%'"
            let database = SQLQuery.identifier(settings.database)
            try await root.run(
                "CREATE TABLE a (x INT)", "CREATE TABLE b (x INT)", "CREATE VIEW v AS SELECT x FROM a",
                "CREATE PROCEDURE p() SELECT 1", "CREATE USER \(account) IDENTIFIED BY 'Tr0ub4dor&3'")
            var limited = settings
            limited.user = user
            limited.password = Secret("Tr0ub4dor&3")
            func refusal(_ grants: String...) async throws -> SchemaError? {
                for grant in grants { try await root.run("GRANT \(grant) TO \(account)") }
                let connection = try await DatabaseConnection(limited)
                return await #expect(throws: SchemaError.self) { try await connection.schema() }
            }
            let one = try await refusal("SELECT ON \(database).a")
            #expect(one?.code == "SCHEMA_PRIVILEGE_MISSING")
            #expect(one?.exitStatus == .notPermitted)
            #expect(one?.message.contains("SELECT, TRIGGER, EVENT") == true)
            let all = try await refusal("SELECT ON \(database).*", "TRIGGER, EVENT, EXECUTE ON \(database).*")
            #expect(all?.message.contains("procedure `p`") == true)
            let view = try await refusal(isMariaDB ? "SELECT ON mysql.proc" : "SHOW_ROUTINE ON *.*")
            #expect(view?.message.contains("view `v`") == true)
            #expect(view?.message.contains("SHOW VIEW") == true)
            try await root.run("GRANT SHOW VIEW ON \(database).* TO \(account)")
            let schema = try await DatabaseConnection(limited).schema()
            #expect(try await root.schema().differences(from: schema) == [])
            try await root.run("DROP USER \(account)")
        }
    }
}
