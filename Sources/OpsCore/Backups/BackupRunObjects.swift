import Foundation

/// The members of an archive that hold no rows.
///
/// Those that come before the rows are compressed before the snapshot is opened, because a lock may be held while they
/// are written.
struct BackupRunObjects: Sendable {
    private let schema: SchemaDump
    private let settings: [UInt8]
    private let beforeRows: [ArchiveMember]
    private let afterRows: [ArchiveMember]

    init(_ schema: SchemaDump, level: ArchiveLevel) {
        self.schema = schema
        let compressor = MemberCompressor(level: level)
        let objects = schema.objects(in: .beforeRows)
        // What is set for the database itself is a part of the header.
        settings = objects.filter { $0.kind == .database }.flatMap(\.sql)
        beforeRows = objects.filter { $0.kind != .database }.map { Self.member($0, compressor) }
        let footer = Self.member(Array(SchemaHeader.end.utf8), MemberLabel(.footer), compressor)
        afterRows = schema.objects(in: .afterRows).map { Self.member($0, compressor) } + [footer]
    }

    /// Writes the header and what the rows need.
    /// - Returns: how many tickets of the archive that took.
    func writeBeforeRows(at position: SnapshotPosition, createdAt: Date, to writer: ArchiveWriter) async throws -> Int {
        let header = Array((comment(position, createdAt) + SchemaHeader.begin).utf8) + settings
        try await writer.append(Self.member(header, MemberLabel(.header), MemberCompressor()))
        for member in beforeRows { try await writer.append(member) }
        return beforeRows.count + 1
    }

    /// Writes what needs the tables, and the footer.
    func writeAfterRows(to writer: ArchiveWriter) async throws {
        for member in afterRows { try await writer.append(member) }
    }

    private func comment(_ position: SnapshotPosition, _ createdAt: Date) -> String {
        let server = "\(schema.server.flavour.rawValue) \(schema.server.versionText)"
        let lines = [
            "sysndd-ctl \(ToolVersion.current), database \(SQLQuery.identifier(schema.database)), server \(server)",
            "snapshot of \(createdAt.formatted(.iso8601))" + (position.text.map { " at \($0)" } ?? ""),
        ]
        return lines.map { "-- \(SchemaScript.commentText($0))\n" }.joined() + "\n"
    }

    private static func member(_ object: SchemaObject, _ compressor: MemberCompressor) -> ArchiveMember {
        let label = MemberLabel(ArchiveMemberKind(object.kind), object: object.name, table: object.table)
        return member(object.sql, label, compressor)
    }

    private static func member(
        _ sql: [UInt8], _ label: MemberLabel, _ compressor: MemberCompressor
    ) -> ArchiveMember {
        sql.withUnsafeBytes { compressor.compress($0, as: label) }
    }
}

extension ArchiveMemberKind {
    /// The kind of the member that holds an object.
    init(_ kind: SchemaObject.Kind) {
        self =
            switch kind {
            case .database: .header
            case .sequence: .sequence
            case .table: .table
            case .library, .function, .procedure: .routine
            case .package, .packageBody: .package
            case .view: .view
            case .trigger: .trigger
            case .event: .event
            }
    }
}
