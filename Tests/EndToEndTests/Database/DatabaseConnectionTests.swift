import OpsCore
import TestSupport
import Testing

@Suite struct DatabaseConnectionTests {
    @Test(arguments: TestTarget.all)
    func interpolatedValuesCannotEndTheirLiteral(_ target: TestTarget) async throws {
        let nasty = ["plain", "it's", #"back\slash"#, #"\' OR 1=1 -- "#, "new\nline", "emoji 🧬 ü", "", "nul\u{0}byte"]
        for mode in ["", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES"] {
            let connection = try await DatabaseConnection(target.settings(), selectingDatabase: false)
            try await connection.execute("SET SESSION sql_mode = \(mode)")
            for value in nasty {
                let row = try await connection.query("SELECT \(value) AS v, HEX(\(value)) AS h").first
                #expect(row?.text("v") == value)
                #expect(
                    row?.text("h")
                        == value.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined())
            }
            let null: String? = nil
            #expect(try await connection.query("SELECT \(null)").first?.text(0) == nil)
        }
    }

    @Test(arguments: TestTarget.all)
    func cancellingTheTaskInterruptsTheStatementOnTheServer(_ target: TestTarget) async throws {
        let settings = try await target.settings()
        let victim = try await DatabaseConnection(settings, selectingDatabase: false)
        let watcher = try await DatabaseConnection(settings, selectingDatabase: false)
        let marker = "interrupted_\(UInt32.random(in: 0 ... .max))"
        let task = Task {
            try await victim.query("SELECT SLEEP(600) AS \(identifier: marker)")
        }
        try await eventually { try await watcher.isRunning(victim, containing: marker) }
        let clock = ContinuousClock()
        let start = clock.now
        task.cancel()
        // A server may answer an interrupted SLEEP with an error or with 1; it must not go on sleeping.
        _ = await task.result
        #expect(clock.now - start < .seconds(30))
        try await eventually { try await !watcher.isRunning(victim, containing: marker) }
        #expect(try await victim.query("SELECT 42").first?.int(0) == 42)
    }

    @Test(arguments: TestTarget.all)
    func aTransactionIsRolledBackWhenItsBodyThrows(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let connection = try await DatabaseConnection(settings)
            try await connection.execute("CREATE TABLE t (a INT PRIMARY KEY) ENGINE=InnoDB")
            await #expect(throws: DatabaseError.self) {
                try await connection.transaction { session in
                    try session.execute("INSERT INTO t VALUES (1)")
                    try session.execute("INSERT INTO t VALUES (1)")
                }
            }
            #expect(try await connection.query("SELECT COUNT(*) FROM t").first?.int(0) == 0)
            try await connection.transaction { _ = try $0.execute("INSERT INTO t VALUES (2)") }
            #expect(try await connection.query("SELECT a FROM t").map { $0.int(0) } == [2])
        }
    }

    @Test(arguments: TestTarget.all)
    func resultsAreStreamedRowByRowAndAConnectionGoesOnAfterAnAbort(_ target: TestTarget) async throws {
        struct Enough: Error {}
        let connection = try await DatabaseConnection(target.settings(), selectingDatabase: false)
        let rows: SQLQuery = """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i, REPEAT('x', i) FROM n
            """
        let total = try await connection.run { session in
            var bytes = 0
            try session.stream(rows) { bytes += $0[1]?.count ?? 0 }
            return bytes
        }
        #expect(total == 500 * 501 / 2)
        await #expect(throws: Enough.self) {
            try await connection.run { try $0.stream(rows) { _ in throw Enough() } }
        }
        #expect(try await connection.query("SELECT 1").first?.int(0) == 1)
    }

    @Test(arguments: TestTarget.all)
    func aServerErrorCarriesItsNumberAndState(_ target: TestTarget) async throws {
        let connection = try await DatabaseConnection(target.settings(), selectingDatabase: false)
        let error = await #expect(throws: DatabaseError.self) { try await connection.query("SELEC 1") }
        #expect(error?.number == 1064)
        #expect(error?.sqlState == "42000")
        #expect(error?.exitStatus == .failed)
    }

    @Test(arguments: TestTarget.all)
    func aSessionThatTheServerEndsIsNoticedAtOnce(_ target: TestTarget) async throws {
        let settings = try await target.settings()
        let victim = try await DatabaseConnection(settings, selectingDatabase: false)
        let killer = try await DatabaseConnection(settings, selectingDatabase: false)
        #expect(try await victim.run { $0.isEnded(within: .milliseconds(20)) } == false)
        try await killer.execute(SQLQuery(unquoted: "KILL \(victim.connectionID)"))
        #expect(try await victim.run { $0.isEnded(within: .seconds(5)) })
        let error = await #expect(throws: DatabaseError.self) { try await victim.query("SELECT 1") }
        #expect(error?.isConnectionLost == true)
    }

    @Test(arguments: TestTarget.all)
    func theServersFlavourAndVersionAreKnown(_ target: TestTarget) async throws {
        let info = try await DatabaseConnection(target.settings(), selectingDatabase: false).serverInfo()
        #expect(info.version.count >= 3)
        #expect(!info.isGalera)
        if target.description.hasPrefix("mysql") {
            #expect(info.flavour == .mysql)
        } else {
            #expect(info.flavour == .mariadb)
            #expect(info.isAtLeast([10, 11]))
            #expect(!info.isAtLeast([99]))
        }
    }

    @Test func anUnreachableServerAWrongPasswordAndAMissingDatabaseAreToldApart() async throws {
        var settings = try await TestTarget.embedded.settings()
        settings.database = "no_such_database"
        let missing = await #expect(throws: DatabaseError.self) { try await DatabaseConnection(settings) }
        #expect(missing?.kind == .unknownDatabase)
        #expect(missing?.exitStatus == .badSettings)
        #expect(missing?.hint?.contains("CREATE DATABASE `no_such_database`") == true)

        var wrong = settings
        wrong.password = Secret("not-the-password")
        let denied = await #expect(throws: DatabaseError.self) { try await DatabaseConnection(wrong) }
        #expect(denied?.kind == .accessDenied)
        #expect(denied?.exitStatus == .notPermitted)
        #expect(denied?.description.contains("not-the-password") == false)

        var away = settings
        away.socket = nil
        away.port = 1
        let refused = await #expect(throws: DatabaseError.self) { try await DatabaseConnection(away) }
        #expect(refused?.kind == .unreachable)
        #expect(refused?.message.contains("127.0.0.1:1") == true)
    }
}

extension DatabaseConnection {
    /// True while the server works on a statement of `other` with that text in it.
    fileprivate func isRunning(_ other: DatabaseConnection, containing text: String) async throws -> Bool {
        let row = try await query(
            SQLQuery(unquoted: "SELECT INFO FROM information_schema.PROCESSLIST WHERE ID = \(other.connectionID)")
        ).first
        return row?.text(0)?.contains(text) ?? false
    }
}
