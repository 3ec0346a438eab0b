import Foundation

/// The table `sysndd_ctl_jobs`: one row a job, the newest thousand. Each function runs single statements on a session that
/// may use another database. All times are the server's.
public struct JobStore: Sendable {
    /// Rows that are kept.
    static let limit = 1000
    /// How often a lease is looked at before the process of its job counts as dead.
    private static let looks = 3
    private static let pauseBetweenLooks = Duration.milliseconds(100)

    private let database: String
    private let died: @Sendable (Job) -> Void
    private var table: SQLQuery {
        SQLQuery(unquoted: "\(SQLQuery.identifier(database)).\(SchemaToolkitTable.jobs.rawValue)")
    }
    private static let unfinished: SQLQuery = "status IN ('accepted', 'running')"

    /// - Parameters:
    ///   - database: where the table is.
    ///   - died: told of each job that a look by this value failed, as its process had ended.
    public init(database: String, died: @escaping @Sendable (Job) -> Void = { _ in }) {
        self.database = database
        self.died = died
    }

    // MARK: - Writing

    /// Makes the table where it is missing.
    func prepare(_ session: MariaDBHandle) throws {
        try session.execute(
            """
            CREATE TABLE IF NOT EXISTS \(table) (
                id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
                operation VARCHAR(32) NOT NULL,
                status VARCHAR(16) NOT NULL COMMENT 'accepted, running, completed, failed or cancelled',
                step VARCHAR(255) NOT NULL,
                done BIGINT NOT NULL DEFAULT 0,
                total BIGINT NULL,
                submitted_by VARCHAR(255) NOT NULL,
                submitted_at DATETIME(6) NOT NULL,
                completed_at DATETIME(6) NULL,
                heartbeat_at DATETIME(6) NOT NULL,
                result LONGTEXT NULL COMMENT 'JSON',
                error_code VARCHAR(64) NULL,
                error_message TEXT NULL,
                KEY by_time (submitted_at)
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='sysndd-ctl'
            """)
    }

    func insert(_ id: String, _ operation: Job.Operation, by account: String, _ session: MariaDBHandle) throws {
        try session.execute(
            """
            INSERT INTO \(table) (id, operation, status, step, submitted_by, submitted_at, heartbeat_at)
            VALUES (\(id), \(operation.rawValue), 'accepted', 'accepted', \(account.clipped(255)),
                UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
            """)
        try session.execute(
            """
            DELETE FROM \(table) WHERE NOT \(Self.unfinished) AND submitted_at < (
                SELECT moment FROM (
                    SELECT submitted_at AS moment FROM \(table) ORDER BY submitted_at DESC
                    LIMIT 1 OFFSET \(Self.limit - 1)
                ) AS kept)
            """)
    }

    /// Says that the job is alive, and how far it is.
    /// - Returns: false when the job is over: somebody else ended it.
    func beat(_ id: String, _ progress: JobProgress, _ session: MariaDBHandle) throws -> Bool {
        try session.execute(
            """
            UPDATE \(table) SET status = 'running', step = \(progress.step.clipped(255)), done = \(progress.current),
                total = \(progress.total), heartbeat_at = UTC_TIMESTAMP(6)
            WHERE id = \(id) AND \(Self.unfinished)
            """
        ).affectedRows > 0
    }

    /// Ends the job, unless it is over already.
    /// - Returns: whether this call ended it.
    @discardableResult
    func finish(
        _ id: String, _ status: Job.Status, result: String? = nil, failure: Job.Failure? = nil,
        _ session: MariaDBHandle
    ) throws -> Bool {
        try session.execute(
            """
            UPDATE \(table) SET status = \(status.rawValue), completed_at = UTC_TIMESTAMP(6), result = \(result),
                error_code = \(failure?.code.clipped(64)), error_message = \(failure?.message.clipped(10_000))
            WHERE id = \(id) AND \(Self.unfinished)
            """
        ).affectedRows > 0
    }

    // MARK: - Reading

    /// A job; nil where there is none of that id.
    public func job(_ id: String, _ session: MariaDBHandle) throws -> Job? {
        guard UUID(uuidString: id) != nil else { return nil }
        try reap(session)
        return try jobs("WHERE id = \(id.lowercased())", session).first
    }

    /// The newest jobs, newest first.
    public func history(limit: Int, _ session: MariaDBHandle) throws -> [Job] {
        try reap(session)
        return try jobs("ORDER BY submitted_at DESC, id LIMIT \(max(0, limit))", session)
    }

    /// How long the operation took when it last succeeded; nil before that.
    public func lastDuration(of operation: Job.Operation, _ session: MariaDBHandle) throws -> Duration? {
        let rest: SQLQuery =
            "WHERE operation = \(operation.rawValue) AND status = 'completed' ORDER BY submitted_at DESC LIMIT 1"
        return try jobs(rest, session).first.map { .seconds($0.duration) }
    }

    /// The newest jobs of an operation that somebody asked for, and the time of the server.
    func latest(
        _ operation: Job.Operation, by account: String, limit: Int, _ session: MariaDBHandle
    ) throws -> (now: Date, jobs: [Job]) {
        try reap(session)
        let rest: SQLQuery =
            """
            WHERE operation = \(operation.rawValue) AND submitted_by = \(account)
            ORDER BY submitted_at DESC LIMIT \(limit)
            """
        let now = try session.query("SELECT \(Self.seconds("UTC_TIMESTAMP(6)")) AS now").first?.int("now") ?? 0
        return (Date(timeIntervalSince1970: Double(now) / 1e6), try jobs(rest, session))
    }

    /// How many rows there are of each operation and status.
    public func counts(_ session: MariaDBHandle) throws -> [(Job.Operation, Job.Status, Int)] {
        try reading {
            try session.query("SELECT operation, status, COUNT(*) AS n FROM \(table) GROUP BY operation, status")
                .compactMap { row in
                    guard let operation = row.text("operation").flatMap(Job.Operation.init),
                        let status = row.text("status").flatMap(Job.Status.init)
                    else { return nil }
                    return (operation, status, row.int("n") ?? 0)
                }
        }
    }

    /// Fails the jobs whose process has ended.
    ///
    /// A job is over before its lease is freed, so one that is not over, and had not the lease when that was looked at
    /// afterwards, has no process any more: unless it has ended in between, which the guard of the change sees.
    /// - Returns: the ids of the jobs that were failed.
    @discardableResult
    public func reap(_ session: MariaDBHandle) throws -> [String] {
        let open = try reading {
            try session.query("SELECT id FROM \(table) WHERE \(Self.unfinished)").compactMap { $0.text(0) }
        }
        let failed = try open.filter { id in
            try isDead(id, session) && finish(id, .failed, failure: .leaseExpired, session)
        }
        for id in failed { try jobs("WHERE id = \(id)", session).forEach(died) }
        return failed
    }

    /// Whether a job has no process any more.
    ///
    /// A lease that is free or another's is proof. One that still names the job but could be taken over is not: a lock on
    /// the whole server, as a backup takes one for its snapshot, keeps the holder from renewing it, and between two of its
    /// attempts no session of it is seen at work. Therefore it is looked at several times.
    private func isDead(_ id: String, _ session: MariaDBHandle) throws -> Bool {
        let lease = LeaseTable(database: database)
        for look in 1...Self.looks {
            guard try lease.row(Lease.maintenance, session)?.owner?.jobID == id else { return true }
            if try Lease.holder(in: database, session) != nil { return false }
            if look < Self.looks { usleep(UInt32(Self.pauseBetweenLooks.milliseconds * 1000)) }
        }
        return true
    }

    private func jobs(_ rest: SQLQuery, _ session: MariaDBHandle) throws -> [Job] {
        try reading {
            try session.query(
                """
                SELECT id, operation, status, step, done, total, submitted_by, result, error_code, error_message,
                    \(Self.seconds("submitted_at")) AS submitted, \(Self.seconds("completed_at")) AS completed,
                    \(Self.seconds("heartbeat_at")) AS heartbeat, \(Self.seconds("UTC_TIMESTAMP(6)")) AS now
                FROM \(table) \(rest)
                """
            ).compactMap(Job.init)
        }
    }

    /// Before the first job there is no table, and so there are no rows.
    private func reading<Value>(_ body: () throws -> [Value]) throws -> [Value] {
        do { return try body() } catch let error as DatabaseError where error.kind == .unknownTable { return [] }
    }

    /// Microseconds since 1970, whatever the session's time zone is.
    private static func seconds(_ column: String) -> SQLQuery {
        SQLQuery(unquoted: "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', \(column))")
    }
}

extension Job {
    /// Nil for a row of a version that knows other operations.
    fileprivate init?(_ row: DatabaseRow) {
        guard let operation = row.text("operation").flatMap(Operation.init),
            let status = row.text("status").flatMap(Status.init)
        else { return nil }
        func date(_ name: String) -> Date? {
            row.int(name).map { Date(timeIntervalSince1970: Double($0) / 1e6) }
        }
        id = row.text("id") ?? ""
        self.operation = operation
        self.status = status
        progress = JobProgress(step: row.text("step") ?? "", current: row.int("done") ?? 0, total: row.int("total"))
        submittedBy = row.text("submitted_by") ?? ""
        readAt = date("now") ?? Date()
        submittedAt = date("submitted") ?? readAt
        completedAt = date("completed")
        heartbeatAt = date("heartbeat") ?? submittedAt
        result = row.text("result")
        failure = row.text("error_code").map { Failure(code: $0, message: row.text("error_message") ?? "") }
    }
}
