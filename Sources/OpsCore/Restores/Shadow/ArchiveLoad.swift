import Foundation

/// Loads an archive of this toolkit.
struct ArchiveLoad: RestoreLoad {
    let reader: ArchiveReader
    /// The members that are wanted.
    let index: ArchiveIndex
    let scope: RestoreScope
    let server: ServerInfo
    let meter: RestoreProgressMeter
    /// Sessions; nil lets the size of the archive decide.
    private let jobs: Int?
    private let definer: DefinerPolicy

    /// - Throws: ``RestoreError`` for a table that the archive lacks, ``ArchiveError``.
    init(
        _ source: RestoreSource, options: Restore.Options, server: ServerInfo, meter: RestoreProgressMeter
    ) throws {
        let reader = try source.open()
        let index = try reader.index()
        let available = index.members.filter { $0.kind == .table }.compactMap(\.object)
        let scope = try RestoreScope(asked: options.tables, of: available, in: source.path)
        self.init(
            reader, index, scope: scope, definer: options.definer, jobs: options.jobs, server: server, meter: meter)
    }

    /// The load of a restore that was begun.
    init(
        _ reader: ArchiveReader, _ index: ArchiveIndex, scope: RestoreScope, definer: DefinerPolicy, jobs: Int?,
        server: ServerInfo, meter: RestoreProgressMeter
    ) {
        self.reader = reader
        self.index = index.within(scope)
        self.scope = scope
        self.definer = definer
        self.jobs = jobs
        self.server = server
        self.meter = meter
    }

    var path: String { reader.path }
    var notes: [String] { [] }

    var relations: [RestoreRelation] {
        index.members.filter { $0.kind == .table || $0.kind == .sequence }.compactMap(\.object).map { name in
            RestoreRelation(name, isToolkit: SchemaToolkitTable(rawValue: name)?.isDumped ?? false)
        }
    }

    func record(safetyBackup: String) -> RestoreRecord {
        var record = RestoreRecord(path, index, phase: .loading, safetyBackup: safetyBackup)
        record.scope = scope
        record.definer = definer
        return record
    }

    func run(
        into schema: DatabaseSettings, covering cover: ([DatabaseConnection]) async throws -> Void
    ) async throws -> RestoreLoaded {
        let jobs = jobs ?? ShadowLoader.jobs(for: index, processors: ProcessInfo.processInfo.activeProcessorCount)
        let memory = try await ShadowLoaderMemory.read(RestoreJournal(database: schema), index, in: schema)
        let loader = ShadowLoader(
            reader: reader, index: index, schema: schema, server: server, jobs: jobs, meter: meter, memory: memory)
        try await loader.loadTables(covering: cover)
        meter.begin(.comparison)
        let comparison = ShadowComparison(index: index, path: reader.path, schema: schema, server: server, jobs: jobs)
        try await comparison.run(covering: cover)
        let objects = try await BlockingCall.run { try RestoreObjects.within(scope, RestoreObjects.of(reader, index)) }
        let definer = definer
        return try await DatabaseConnection(schema).run { session in
            var definers = RestoreDefiners(policy: definer)
            let settled = try definers.settle(objects, session)
            let totals = index.summary.totals
            return RestoreLoaded(
                tables: totals.tables, rows: totals.rows, objects: settled, notes: definers.notes)
        }
    }
}

extension ArchiveIndex {
    /// Only what is needed for some tables: their members, and everything that may belong to them.
    func within(_ scope: RestoreScope) -> ArchiveIndex {
        guard !scope.isWhole else { return self }
        let kept = members.filter { entry in
            entry.isOfTable
                ? entry.object.map(scope.contains) == true : [.header, .sequence, .trigger].contains(entry.kind)
        }
        var totals = ArchiveSummary.Totals()
        for entry in kept { totals.add(entry) }
        return ArchiveIndex(
            summary: ArchiveSummary(source: summary.source, totals: totals, index: summary.index), members: kept)
    }
}
