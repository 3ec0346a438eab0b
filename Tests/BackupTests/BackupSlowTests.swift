import Foundation
import Subprocess
import TestSupport
import Testing

@testable import OpsCore

/// What takes gigabytes of memory or minutes; `make test-slow` runs it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["SYSNDD_TEST_SLOW"] != nil, "run by make test-slow"))
struct BackupSlowTests {
    private static let settings = ["max-allowed-packet": "1073741824", "innodb-log-file-size": "2G"]

    /// A value for which the INSERT is only just within what any server takes.
    @Test func aValueAlmostAsLargeAsThePacketComesBack() async throws {
        try await BackupScope.withOwnServer(settings: Self.settings) { scope, server in
            let size = (1 << 30) - (64 << 10)
            try await scope.execute(
                "CREATE TABLE big (id INT PRIMARY KEY, b LONGBLOB, t TEXT)",
                "INSERT INTO big VALUES (1, NULL, 'before')",
                "INSERT INTO big VALUES (2, REPEAT('x', \(size)), NULL)", "INSERT INTO big VALUES (3, '', 'after')")
            #expect(try await Self.lengths(scope.database) == [nil, size, 0])
            let result = try await scope.backup.create(.init(jobs: 1))
            #expect(result.rows == 3)
            #expect(try await BackupVerifier.verify(path: result.file).ok)
            let expected = try await BackupScope.checksums(scope.database)
            try await Self.restore(result.file, scope.database)
            #expect(try await Self.lengths(scope.database) == [nil, size, 0])
            #expect(try await BackupScope.checksums(scope.database) == expected)
        }
    }

    private static func lengths(_ database: DatabaseSettings) async throws -> [Int?] {
        try await DatabaseConnection(database).query("SELECT LENGTH(b) FROM big ORDER BY id").map { $0.int(0) }
    }

    /// As the manual says: with `zcat` and the plain client, which has to be told of large packets.
    private static func restore(_ file: String, _ database: DatabaseSettings) async throws {
        let socket = try #require(database.socket)
        let script = """
            set -o pipefail
            zcat "$1" | mariadb --no-defaults --max-allowed-packet=1G --socket="$2" --user="$3" "$4"
            """
        let result = try await Subprocess.run(
            .name("bash"), arguments: ["-c", script, "restore", file, socket, database.user, database.database],
            environment: .inherit.updating(["MYSQL_PWD": database.password?.exposed ?? ""]), output: .discarded,
            error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else { throw SchemaOracle.Failure(description: result.standardError) }
    }
}
