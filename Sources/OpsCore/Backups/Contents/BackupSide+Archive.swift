extension BackupSide {
    /// Reads the index of an archive and its definitions; its rows are not read. Blocks.
    /// - Throws: ``ArchiveError``.
    init(_ backup: BackupReference) throws {
        let reader = try backup.archive()
        let index = try reader.index()
        let source = index.summary.source
        self.init(
            .init(file: backup.name, database: source.database, createdAt: source.createdAt.formatted(.iso8601)))
        let inflater = MemberInflater()
        for member in index.members {
            guard let name = member.object, member.kind != .rows else { continue }
            let sql = try reader.withMember(member, using: inflater) { [UInt8]($0) }
            add(SchemaObject.Kind(member.kind, sql: sql), name, sql: sql)
        }
        let parts = Dictionary(grouping: index.members.filter { $0.kind == .rows }) { Array(($0.object ?? "").utf8) }
        for member in index.members where member.kind == .table {
            guard let name = member.object, let sum = RowChecksum(parts[Array(name.utf8)] ?? []) else { continue }
            add(rows: sum, of: name)
        }
    }
}

extension SchemaObject.Kind {
    /// The kind of an object, which the first line of its statements tells more exactly than the kind of its member.
    fileprivate init(_ member: ArchiveMemberKind, sql: [UInt8]) {
        let named = Self.allCases.first { sql.starts(with: "\n-- \($0.rawValue) `".utf8) }
        let fallback: Self =
            switch member {
            case .sequence: .sequence
            case .package: .package
            case .routine: .procedure
            case .view: .view
            case .trigger: .trigger
            case .event: .event
            default: .table
            }
        self = named ?? fallback
    }
}
