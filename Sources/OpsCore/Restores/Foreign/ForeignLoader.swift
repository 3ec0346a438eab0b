/// Runs the statements of a dump in a shadow schema over one session.
///
/// Memory: the largest statement.
struct ForeignLoader {
    /// A commit for about so many bytes of rows.
    private static let batch = 16 << 20
    /// Engines whose rows are in the table itself. Those of FEDERATED or MERGE are in others.
    private static let engines: Set = [
        "innodb", "myisam", "aria", "memory", "csv", "archive", "blackhole", "rocksdb", "tokudb", "columnstore",
        "ndbcluster",
    ]

    let session: MariaDBHandle
    let scope: RestoreScope
    let meter: RestoreProgressMeter
    private let schema: String
    /// The default of the database that is restored.
    private let collation: ForeignObjectScript.Collation
    private(set) var objects = ForeignObjects()
    /// Rows that were sent, by the bytes of a table's name; nil where that is not how many there are afterwards.
    private var sent: [[UInt8]: Int?] = [:]
    /// Tables whose engine was looked at.
    private var checked: Set<[UInt8]> = []
    private var uncommitted = 0

    /// - Parameter schema: the one that the session has selected; it gets the default of `database`.
    init(
        _ session: MariaDBHandle, schema: String, database: String, scope: RestoreScope, meter: RestoreProgressMeter
    ) throws {
        self.session = session
        self.schema = schema
        self.scope = scope
        self.meter = meter
        collation = try Self.collation(of: database, session)
        try session.execute(
            SQLQuery(unquoted: "ALTER DATABASE \(SQLQuery.identifier(schema)) \(collation.clause)"))
    }

    private static func collation(of schema: String, _ session: MariaDBHandle) throws -> ForeignObjectScript.Collation {
        let row = try session.query(
            """
            SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA
            WHERE SCHEMA_NAME = \(schema)
            """
        ).first
        return ForeignObjectScript.Collation(
            characterSet: row?.text(0) ?? "utf8mb4", collation: row?.text(1) ?? "utf8mb4_general_ci")
    }

    /// - Throws: ``ForeignRefusal``, ``DatabaseError``.
    mutating func take(_ step: ForeignPass.Step) throws {
        switch step.verdict {
        case .definition(let text, let effect): try define(text, effect)
        case .rows(let found, let text):
            guard scope.contains(found.table) else { return }
            try insert(found, text, step.text)
        case .object(let key, let text):
            if scope.isWhole || key.type == "trigger" && key.table.map(scope.contains) == true {
                objects.add(ForeignObject(key: key, script: try script(key, text)))
            }
        case .dropped(let keys): objects.drop(keys)
        case .collation(let options):
            let head = Array("ALTER DATABASE \(SQLQuery.identifier(schema)) ".utf8)
            try execute(head + options)
        case .pass, .session: break
        }
    }

    /// Makes the last rows durable.
    mutating func finish() throws {
        if session.isInTransaction { try session.execute("COMMIT") }
    }

    // MARK: - Tables

    private mutating func define(_ text: [UInt8], _ effect: ForeignVerdict.Effect) throws {
        switch effect {
        case .createsTable(let name), .changes(let name), .empties(let name):
            if case .changes = effect {} else { sent[Array(name.utf8)] = .some(0) }
            guard scope.contains(name) || !isTable(effect) else { return }
        case .createsSequence: break
        case .drops(let names): for name in names { sent[Array(name.utf8)] = nil }
        }
        checked = []
        try finish()
        try execute(text)
    }

    /// Sequences are loaded whatever the scope, because a table may draw from them.
    private func isTable(_ effect: ForeignVerdict.Effect) -> Bool {
        guard case .changes(let name) = effect else { return true }
        return sent[Array(name.utf8)] != nil
    }

    private mutating func insert(_ found: ForeignRows, _ text: [UInt8]?, _ original: UnsafeRawBufferPointer) throws {
        let key = Array(found.table.utf8)
        if !checked.contains(key) {
            try requireOwnRows(found.table)
            checked.insert(key)
        }
        if !session.isInTransaction { try session.execute("START TRANSACTION") }
        if let text { try execute(text) } else { _ = try session.execute(bytes: original) }
        let before = sent[key] ?? .some(0)
        sent[key] = .some(found.isExact ? before.map { $0 + found.count } : nil)
        uncommitted += original.count
        if uncommitted > Self.batch {
            try finish()
            uncommitted = 0
        }
        meter.update { $0.rows += found.count }
    }

    /// Whatever the dump has made of a table: its rows must not go elsewhere.
    private func requireOwnRows(_ table: String) throws {
        guard let engine = try engineElsewhere(of: table) else { return }
        throw ForeignRefusal("an INSERT into \(table), whose engine \(engine) keeps its rows elsewhere,")
    }

    /// Whether what is seen through a table is its own.
    func hasOwnRows(_ table: String) throws -> Bool { try engineElsewhere(of: table) == nil }

    /// How many rows were sent to a table; nil where that is not how many there are afterwards.
    func sent(_ table: String) -> Int? { sent[Array(table.utf8)] ?? nil }

    /// The engine of a table whose rows are in others; nil for every other table.
    private func engineElsewhere(of table: String) throws -> String? {
        let rows = try session.query(
            """
            SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(schema) AND TABLE_NAME = \(table)
            """)
        return rows.first?.text(0).flatMap { Self.engines.contains($0.lowercased()) ? nil : $0 }
    }

    private func execute(_ text: [UInt8]) throws {
        try text.withUnsafeBytes { _ = try session.execute(bytes: $0) }
    }

    // MARK: - Objects

    /// The statement with the session's settings around it, which a routine remembers.
    private func script(_ key: ForeignObject.Key, _ text: [UInt8]) throws -> [UInt8] {
        let row = try session.query(
            "SELECT @@character_set_client, @@collation_connection, @@sql_mode, @@time_zone"
        ).first
        let current = try Self.collation(of: schema, session)
        var script = ForeignObjectScript(
            key, dialect: session.dialect, isMySQL: !session.serverVersion.contains("MariaDB"))
        script.add(
            text, settings: (0..<4).map { row?.text($0) ?? "" },
            collations: current == collation ? nil : (current, collation))
        return script.bytes
    }
}
