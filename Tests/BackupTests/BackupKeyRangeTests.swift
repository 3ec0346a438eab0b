import TestSupport
import Testing

@testable import OpsCore

/// The ranges of a table cover every row once, whatever its key is, and are read along the key's index.
@Suite struct BackupKeyRangeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Columns and keys of the table.
        var definition: String
        /// The values of row `n`, which counts from 0.
        var values: String
        /// The definition has its closing parenthesis, and the partitions behind it.
        var isPartitioned = false
        /// How many ranges there are at least.
        var fewest = 15
        /// False where one session reads the table as a whole.
        var isCut = true
    }

    static let cases = [
        Case(
            testDescription: "negative with gaps", definition: "k INT PRIMARY KEY",
            values: "(n - 900) * (1 + n % 3) * 1000 + n"),
        Case(
            testDescription: "unsigned bigint at its ends", definition: "k BIGINT UNSIGNED PRIMARY KEY",
            values: "IF(n % 2, 18446744073709551615 - n, n)"),
        Case(
            testDescription: "signed bigint at its ends", definition: "k BIGINT PRIMARY KEY",
            values: "IF(n % 2, 9223372036854775807 - n, -9223372036854775808 + n)"),
        Case(
            testDescription: "text without case",
            definition: "k VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci PRIMARY KEY",
            values: "CONCAT(CHAR(65 + n % 26 + 32 * (n % 2)), 'ß''\\\\ ', n, IF(n % 5 = 0, 'ü', ''))"),
        Case(
            testDescription: "text in latin1 with German order",
            definition: "k VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_german2_ci PRIMARY KEY",
            values: "CONCAT(ELT(1 + n % 4, 'ä', 'ae', 'AF', 'z'), n)"),
        Case(
            testDescription: "text with spaces at its end",
            definition: "k CHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY",
            values: "CONCAT(n, REPEAT(' ', n % 3), CHAR(IF(n % 2, 9, 33)))"),
        Case(
            testDescription: "bytes", definition: "k VARBINARY(20) PRIMARY KEY",
            values: "CONCAT(UNHEX(LPAD(HEX(n * 7), 4, '0')), X'00', REPEAT(X'20', n % 4))"),
        Case(
            testDescription: "fixed bytes", definition: "k BINARY(4) PRIMARY KEY",
            values: "UNHEX(LPAD(HEX(n * 77777), 8, '0'))"),
        Case(
            testDescription: "several columns, few of the first",
            definition: "a INT, k VARCHAR(20) CHARACTER SET utf8mb4, c DECIMAL(12, 3), PRIMARY KEY (a, k, c)",
            values: "n % 3, CONCAT('g', n % 20), n / 8"),
        Case(
            testDescription: "several columns, many of the first", definition: "a INT, b INT, PRIMARY KEY (a, b)",
            values: "n DIV 5 - 100, n % 5"),
        Case(
            testDescription: "several columns, very many rows for some of the first",
            definition: "a INT, b INT, PRIMARY KEY (a, b)",
            values: "IF(n < 100, n, 1000000 * (1 + (n - 100) DIV 950)), n", fewest: 10),
        Case(
            testDescription: "times", definition: "k DATETIME(3) PRIMARY KEY",
            values: "'1999-12-31 23:00:00' + INTERVAL n * 61 SECOND"),
        Case(
            testDescription: "an index of its own", definition: "x INT, k INT NOT NULL, UNIQUE KEY `o``dd` (k)",
            values: "n % 2, n * 3"),
        Case(
            testDescription: "enum", definition: "k ENUM('c', 'a', 'b'), n INT, PRIMARY KEY (k, n)",
            values: "1 + n % 3, n", isCut: false),
        Case(testDescription: "no key", definition: "k INT, KEY (k)", values: "n % 7", isCut: false),
        Case(
            testDescription: "partitions", definition: "k INT PRIMARY KEY) PARTITION BY HASH (k) PARTITIONS 4",
            values: "n * 5", isPartitioned: true),
    ]

    private static let rows = 2000

    @Test(arguments: TestTarget.all, cases)
    func theRangesCoverEveryRowOnce(_ target: TestTarget, _ test: Case) async throws {
        try await TestDatabase.with(on: target) { settings in
            let info = try await DatabaseConnection(settings).serverInfo()
            try await SnapshotSession.open(settings, server: info).run { session in
                try Self.fill(session, test)
                let table = try #require(try SchemaDump(reading: session).tables.first)
                let key = table.key.flatMap(KeyRangeKey.init)
                #expect((key != nil) == test.isCut)
                let dump = TableDump(table)
                let whole = try dump.checksum(over: session)
                #expect(whole.rows == Self.rows)
                guard let key else { return }
                let ranges = try Self.ranges(of: table, key, session)
                #expect(ranges.count >= test.fewest)
                var sum = RowChecksum()
                for range in ranges {
                    let part = try dump.checksum(of: range, over: session)
                    #expect(part.rows > 0)
                    sum.add(part)
                }
                #expect(sum == whole)
                // All ranges together read each row little more than once.
                #expect(
                    try Self.rowsRead(session) { _ = try dump.checksum(of: ranges[ranges.count / 2], over: session) }
                        < 500)
            }
        }
    }

    private static func fill(_ session: MariaDBHandle, _ test: Case) throws {
        try session.execute(SQLQuery(unquoted: "CREATE TABLE t (\(test.definition)\(test.isPartitioned ? "" : ")")"))
        try session.execute("CREATE TEMPORARY TABLE n (n INT PRIMARY KEY)")
        let numbers = (0..<rows).map { "(\($0))" }.joined(separator: ",")
        try session.execute(SQLQuery(unquoted: "INSERT INTO n VALUES \(numbers)"))
        try session.execute(SQLQuery(unquoted: "INSERT INTO t SELECT \(test.values) FROM n"))
        try session.execute("ANALYZE TABLE t")
    }

    private static func ranges(
        of table: TableDefinition, _ key: KeyRangeKey, _ session: MariaDBHandle
    ) throws -> [KeyRange] {
        var cursor = KeyRangeCursor(table: table.name, key: key, step: KeyRangeStep(target: 1000, bytesPerRow: 10))
        var ranges: [KeyRange] = []
        while let step = try cursor.next({ query in
            try session.query(query).first.map { row in (0..<row.columns.count).map { row.text($0) ?? "" } }
        }) {
            ranges.append(step.range)
            let count = try TableDump(table).checksum(of: step.range, over: session).rows
            cursor.learn(step, bytes: count * 10)
        }
        return ranges
    }

    private static func rowsRead(_ session: MariaDBHandle, _ body: () throws -> Void) throws -> Int {
        func count() throws -> Int {
            try session.query("SHOW SESSION STATUS LIKE 'Handler_read%'").reduce(0) { $0 + ($1.int(1) ?? 0) }
        }
        let before = try count()
        try body()
        return try count() - before
    }
}
