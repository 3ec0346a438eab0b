import Foundation

extension MigrationChecks {
    /// No session holds what a DDL statement would wait for.
    enum LongTransactions: ObservedCheck {
        static let id = "MIG-106"
        static let title = "no long transaction and no statement that waits for a metadata lock"

        struct Observation: Sendable {
            /// Who and how long, in seconds.
            var transactions: [(session: String, seconds: Int)]
            /// The sessions that wait for a metadata lock.
            var waiting: [String]
        }

        /// A DDL statement waits ten seconds for its lock.
        private static let tolerable = 10
        private static let bad = 600

        static func observe(_ context: PreflightContext) async throws -> Observation {
            try await context.monitor.run { session in
                let transactions = try session.query(
                    """
                    SELECT CONCAT('session ', t.trx_mysql_thread_id, ' of ', p.USER, '@', p.HOST),
                        TIMESTAMPDIFF(SECOND, t.trx_started, NOW())
                    FROM information_schema.INNODB_TRX t
                    JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
                    WHERE t.trx_mysql_thread_id <> CONNECTION_ID()
                    ORDER BY 2 DESC
                    """)
                let waiting = try session.query(
                    """
                    SELECT CONCAT('session ', ID, ' of ', USER, '@', HOST, ', ', TIME, ' s: ', LEFT(INFO, 80))
                    FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for%metadata lock%'
                    """)
                return Observation(
                    transactions: transactions.map { ($0.text(0) ?? "", $0.int(1) ?? 0) },
                    waiting: waiting.compactMap { $0.text(0) })
            }
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            var findings = observed.transactions.filter { $0.seconds > tolerable }.map { transaction in
                CheckVerdict.Finding(
                    transaction.seconds > bad ? .fail : .warn,
                    "\(transaction.session) has a transaction open for \(transaction.seconds) s",
                    remedy: "SHOW FULL PROCESSLIST; -- end it there, or with KILL and its session's number")
            }
            findings += observed.waiting.map {
                CheckVerdict.Finding(
                    .warn, "waits for a metadata lock: \($0)",
                    remedy: "SHOW FULL PROCESSLIST; -- end what holds the lock, or with KILL and its number")
            }
            return .worst(
                of: findings,
                otherwise: "\(observed.transactions.count) open transactions, none older than "
                    + "\(tolerable) s", expected: "no transaction open for more than \(tolerable) s")
        }
    }

    /// A statement that copies the largest table has the room for it.
    enum CopySpace: ObservedCheck {
        static let id = "MIG-107"
        static let title = "the server's disk has room for a copy of the largest table"

        struct Observation: Sendable {
            var table: String
            /// In bytes, with its indexes.
            var bytes: Int
            var free: Int
            var folder: String
        }

        static func observe(_ context: PreflightContext) async throws -> Observation {
            let folder = try await ServerFolder.path(context)
            let database = context.settings.database.database
            let row = try await context.monitor.query(
                """
                SELECT TABLE_NAME, CAST(DATA_LENGTH + INDEX_LENGTH AS CHAR) FROM information_schema.TABLES
                WHERE TABLE_SCHEMA = \(database) AND TABLE_TYPE = 'BASE TABLE'
                ORDER BY DATA_LENGTH + INDEX_LENGTH DESC LIMIT 1
                """
            ).first
            guard let row, let table = row.text(0) else { throw CheckSkipped("\(database) has no tables") }
            let space = try await FileSystemSpace.of(folder)
            return Observation(table: table, bytes: row.int(1) ?? 0, free: space.free, folder: folder)
        }

        static func judge(_ observed: Observation) -> CheckVerdict {
            let needed = observed.bytes + observed.bytes / 5 + (64 << 20)
            let text =
                "\(DatabaseChecks.size(observed.free)) free in \(observed.folder); the largest table, "
                + "\(observed.table), has \(DatabaseChecks.size(observed.bytes))"
            let expected = "\(DatabaseChecks.size(needed)) free"
            return observed.free >= needed
                ? .pass(text, expected: expected)
                : .fail(text, expected: expected, remedy: "du -xh --max-depth=2 \(observed.folder) | sort -h | tail")
        }
    }
}
