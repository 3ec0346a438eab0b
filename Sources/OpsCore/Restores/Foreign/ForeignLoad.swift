import Foundation

/// Loads the dump of another tool over one session, statement by statement.
struct ForeignLoad: RestoreLoad {
    let source: RestoreSource
    let scope: RestoreScope
    let database: DatabaseSettings
    let server: ServerInfo
    let meter: RestoreProgressMeter
    private let options: Restore.Options
    private let survey: ForeignSurvey

    /// Reads the whole dump, and refuses it where it would have to be refused later.
    /// - Throws: ``RestoreError``, ``ByteSourceError``, ``DatabaseError``; `CancellationError`.
    init(
        _ source: RestoreSource, options: Restore.Options, database: DatabaseSettings, server: ServerInfo,
        meter: RestoreProgressMeter
    ) async throws {
        self.source = source
        self.options = options
        self.database = database
        self.server = server
        self.meter = meter
        let survey = try await DatabaseConnection(database).run { session in
            try ForeignSurvey(
                source, target: database.database, mapsCollations: options.mapsCollations, over: session)
        }
        scope = try RestoreScope(asked: options.tables, of: survey.tables, in: source.path)
        self.survey = survey
    }

    var path: String { source.path }
    var notes: [String] { survey.notes }

    var relations: [RestoreRelation] {
        survey.tables.filter { scope.contains($0) }.map {
            RestoreRelation($0, isToolkit: SchemaToolkitTable(rawValue: $0) != nil)
        }
            + (scope.isWhole ? survey.sequences.map { RestoreRelation($0, .sequence) } : [])
    }

    func record(safetyBackup: String) -> RestoreRecord {
        RestoreRecord(
            phase: .loading, archive: URL(filePath: path).path, safetyBackup: URL(filePath: safetyBackup).path,
            tables: relations.filter { $0.kind == .table }.count, scope: scope, definer: options.definer)
    }

    func run(
        into schema: DatabaseSettings, covering cover: ([DatabaseConnection]) async throws -> Void
    ) async throws -> RestoreLoaded {
        meter.update {
            $0.step = .load
            $0.totalRows = survey.rows
        }
        let connection = try await RestoreSession.open(schema, server: server, header: [], isFirst: true)
        try await cover([connection])
        return try await connection.run { session in
            try session.execute("SET SESSION unique_checks = 0, foreign_key_checks = 0")
            let (loader, notes) = try load(schema.database, session)
            meter.begin(.comparison)
            try dropMomentary(schema.database, session)
            let rows = try count(schema.database, loader, session)
            var definers = RestoreDefiners(policy: options.definer)
            let objects = try definers.settle([RestoreObjects.header] + loader.objects.ordered, session)
            return RestoreLoaded(
                tables: rows.count, rows: rows.reduce(0, +), objects: objects, notes: notes + definers.notes)
        }
    }

    private func load(_ schema: String, _ session: MariaDBHandle) throws -> (ForeignLoader, notes: [String]) {
        var loader = try ForeignLoader(
            session, schema: schema, database: database.database, scope: scope, meter: meter)
        var pass = ForeignPass(
            source.path, target: database.database, mapsCollations: options.mapsCollations, over: session)
        try pass.run(source.dump()) { try loader.take($0) }
        try loader.finish()
        return (loader, [])
    }

    /// What the toolkit knows of the present moment is not restored.
    private func dropMomentary(_ schema: String, _ session: MariaDBHandle) throws {
        for table in try RestoreRelation.list(schema, session) where table.isToolkit {
            if RestoreJournal.tables.contains(table.name) { continue }
            guard SchemaToolkitTable(rawValue: table.name)?.isDumped == false else { continue }
            try session.execute("DROP TABLE \(identifier: schema).\(identifier: table.name)")
        }
    }

    /// - Returns: how many rows the tables have.
    /// - Throws: ``RestoreError`` where that is another number than the dump's.
    private func count(
        _ schema: String, _ loader: ForeignLoader, _ session: MariaDBHandle
    ) throws -> [Int] {
        var rows: [Int] = []
        var differences: [String] = []
        for table in try RestoreRelation.list(schema, session)
        where table.kind == .table && !RestoreJournal.tables.contains(table.name) {
            try Task.checkCancellation()
            let query: SQLQuery = "SELECT COUNT(*) FROM \(identifier: schema).\(identifier: table.name)"
            // What is seen through a table of MERGE belongs to others.
            let count = try loader.hasOwnRows(table.name) ? session.query(query).first?.int(0) ?? 0 : 0
            rows.append(count)
            if let sent = loader.sent(table.name), sent != count {
                differences.append("\(table.name) has \(count) rows instead of \(sent)")
            }
        }
        guard differences.isEmpty else { throw RestoreError.notEqual(differences, source.path) }
        return rows
    }
}
