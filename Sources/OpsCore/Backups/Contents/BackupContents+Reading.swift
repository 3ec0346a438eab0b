import Foundation

extension BackupContents {
    /// Reads the end of an archive, or the whole of another tool's dump.
    /// - Throws: ``ArchiveError`` for an archive that is damaged or of a later format, ``ByteSourceError``.
    public static func read(_ backup: BackupReference) async throws -> BackupContents {
        try await BlockingCall.run {
            do {
                return BackupContents(backup, try backup.archive().index())
            } catch let error as ArchiveError where error.problem == .foreign {
                return BackupContents(
                    backup, try ForeignDump.inspect(descriptor: backup.file.descriptor, path: backup.name))
            }
        }
    }

    private init(_ backup: BackupReference, _ index: ArchiveIndex) {
        let summary = index.summary
        let record = backup.knownRecord
        self.init(
            file: backup.name, kind: backup.file.entry.name.kind, sizeBytes: backup.file.entry.size,
            createdAt: summary.source.createdAt.formatted(.iso8601), tool: "sysndd-ctl \(summary.tool)",
            database: summary.source.database,
            server: "\(summary.source.server.flavour) \(summary.source.server.version)",
            snapshot: summary.source.snapshot, tableCount: summary.totals.tables, rows: summary.totals.rows,
            inflatedBytes: summary.totals.inflatedBytes, complete: record?.isComplete ?? true,
            problem: record?.isComplete == false ? "a verification found it damaged" : nil,
            verifiedAt: record?.verifiedAt?.formatted(.iso8601), provenAt: record?.provenAt?.formatted(.iso8601),
            restoreMs: record?.restoreMs,
            tables: Self.tables(index), objects: Self.objects(index))
    }

    private init(_ backup: BackupReference, _ dump: ForeignDump) {
        let record = backup.knownRecord
        self.init(
            file: backup.name, kind: backup.file.entry.name.kind, sizeBytes: backup.file.entry.size,
            createdAt: dump.createdAt.formatted(.iso8601), tool: dump.tool.rawValue, database: nil, server: nil,
            snapshot: nil, tableCount: dump.tableCount, rows: nil, inflatedBytes: dump.inflatedBytes,
            complete: dump.completeness == .complete, problem: dump.reason,
            verifiedAt: record?.verifiedAt?.formatted(.iso8601), provenAt: record?.provenAt?.formatted(.iso8601),
            restoreMs: record?.restoreMs,
            tables: nil, objects: nil)
    }

    private static func tables(_ index: ArchiveIndex) -> [Table] {
        var places: [[UInt8]: Int] = [:]
        var tables: [Table] = []
        for member in index.members where member.isOfTable {
            guard let name = member.object else { continue }
            // By bytes: to a String, two names are equal that a server tells apart.
            let place = places[Array(name.utf8), default: tables.count]
            if place == tables.count {
                places[Array(name.utf8)] = place
                tables.append(Table(name: name))
            }
            tables[place].rows += member.rows ?? 0
            tables[place].sizeBytes += member.location.length
            tables[place].inflatedBytes += member.location.inflatedLength
        }
        return tables
    }

    private static func objects(_ index: ArchiveIndex) -> [Object] {
        index.members.filter { !$0.isOfTable }.compactMap { member in
            member.object.map { Object(kind: member.kind.rawValue, name: $0) }
        }
    }
}

extension ArchiveEntry {
    /// Whether it is a part of a table, and not of another object that may have the same name.
    var isOfTable: Bool { [.table, .rows, .keys].contains(kind) }

    /// Whether it is a part of this table. Names are compared by their bytes.
    func isOfTable(_ name: String) -> Bool { isOfTable && object.map { $0.utf8.elementsEqual(name.utf8) } == true }
}

extension BackupReference {
    /// What the catalog remembers, without reading the file for it.
    fileprivate var knownRecord: BackupRecord? {
        guard let state = catalog?.store.load(), let summary = state.summary(of: file.entry) else { return nil }
        return BackupRecord(file.entry, summary, state.facts(of: file.entry, summary))
    }
}
