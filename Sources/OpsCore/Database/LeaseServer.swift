/// The run of a server: which one it is, and since when it has been up.
struct LeaseServer: Sendable, Equatable {
    /// Host, port and the names that the server knows itself by; in a Galera cluster each node has its own.
    let node: String
    /// When it was started, seconds since 1970 by its own clock.
    let started: Int
    /// Why its tables cannot be changed; nil when they can. An administrator's account could write to a read-only
    /// replica all the same, and would break its replication.
    let readOnlyReason: String?

    private static let nameVariables = [
        "hostname", "port", "server_id", "server_uuid", "server_uid", "wsrep_node_name",
    ]
    private static let readOnlyVariables = ["read_only", "super_read_only", "innodb_read_only"]

    init(node: String, started: Int, readOnlyReason: String? = nil) {
        self.node = node
        self.started = started
        self.readOnlyReason = readOnlyReason
    }

    /// The one run of the one server, as a text.
    var run: String { "\(node)/\(started)" }

    /// Asks the server behind `session`.
    init(asking session: MariaDBHandle) throws {
        // A server leaves out the variables that it does not have.
        let rows = try session.query(
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN \(list: Self.nameVariables + Self.readOnlyVariables)")
        let values = Dictionary(
            rows.map { ($0.text(0) ?? "", $0.text(1) ?? "") }, uniquingKeysWith: { first, _ in first })
        let lock = Self.readOnlyVariables.first { !["", "OFF", "0"].contains(values[$0] ?? "") }
        let names = Self.nameVariables.compactMap { values[$0] }.filter { !$0.isEmpty }
        self.init(
            node: names.joined(separator: "/").clipped(255), started: try Self.start(session),
            readOnlyReason: lock.map { "the server is set to \($0)" })
    }

    /// The server computes both numbers from the same reading of its clock, so their difference is the same in every
    /// call, also after the clock was set.
    private static func start(_ session: MariaDBHandle) throws -> Int {
        let schema = session.serverVersion.contains("MariaDB") ? "information_schema" : "performance_schema"
        let rows = try session.query(
            """
            SELECT UNIX_TIMESTAMP() - CAST(VARIABLE_VALUE AS SIGNED) FROM \(SQLQuery(unquoted: schema)).global_status
            WHERE VARIABLE_NAME = 'Uptime'
            """)
        return rows.first?.int(0) ?? 0
    }
}
