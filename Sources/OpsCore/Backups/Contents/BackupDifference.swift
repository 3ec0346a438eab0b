/// What changed between two backups, or between a backup and its database, as `backup diff` prints it.
public struct BackupDifference: Codable, Sendable, Equatable {
    /// What was compared.
    public struct Origin: Codable, Sendable, Equatable {
        /// Nil for a live database.
        @EncodedAsNull public var file: String?
        public let database: String
        /// The moment that it shows, in ISO 8601, UTC.
        public let createdAt: String
    }

    public enum Change: String, Codable, Sendable {
        case added, removed, changed
    }

    /// A table that is not the same on both sides.
    public struct Table: Codable, Sendable, Equatable {
        public let name: String
        public let change: Change
        /// True when its columns, keys or options are others; the next AUTO_INCREMENT value is no part of them.
        public let definitionChanged: Bool
        /// Nil where there is no such table, or its rows were not counted.
        @EncodedAsNull public var rowsBefore: Int?
        @EncodedAsNull public var rowsAfter: Int?
        /// Whether some row is another; nil where that cannot be told. With another definition, rows are spelt in another
        /// way, and count as changed.
        @EncodedAsNull public var rowsChanged: Bool?
    }

    /// Any other object that is not the same on both sides.
    public struct Object: Codable, Sendable, Equatable {
        public let kind: String
        public let name: String
        public let change: Change
    }

    public let from: Origin
    public let to: Origin
    public let identical: Bool
    /// In the order of their names.
    public let tables: [Table]
    public let objects: [Object]
}

extension BackupDifference {
    /// Compares two archives, which takes no reading of rows: their indexes have a checksum of each table.
    /// - Throws: ``ArchiveError``, also for the dump of another tool.
    public init(from: BackupReference, to: BackupReference) async throws {
        self = try await BlockingCall.run { BackupDifference(try BackupSide(from), try BackupSide(to)) }
    }

    /// Compares an archive with the live database, every row of which is read.
    /// - Parameter progress: is told each table before its rows are read, with how many are done and how many there are.
    /// - Throws: ``ArchiveError``, ``SchemaError``, ``DatabaseError``; `CancellationError`.
    public init(
        from: BackupReference, toLive database: DatabaseSettings,
        progress: @Sendable (_ table: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    ) async throws {
        let before = try await BlockingCall.run { try BackupSide(from) }
        self.init(before, try await BackupSide(live: database, progress: progress))
    }

    init(_ before: BackupSide, _ after: BackupSide) {
        let keys = Set(before.definitions.keys).union(after.definitions.keys)
            .sorted { ($0.kind, $0.text) < ($1.kind, $1.text) }
        let tableKind = SchemaObject.Kind.table.rawValue
        let tables = keys.filter { $0.kind == tableKind }.compactMap { Table($0, before, after) }
        let objects = keys.filter { $0.kind != tableKind }.compactMap { key in
            Change(key, before, after).map { Object(kind: key.kind, name: key.text, change: $0) }
        }
        self.init(
            from: before.origin, to: after.origin, identical: tables.isEmpty && objects.isEmpty, tables: tables,
            objects: objects)
    }
}

extension BackupDifference.Change {
    /// Nil when the definitions are the same.
    fileprivate init?(_ key: BackupSide.Key, _ before: BackupSide, _ after: BackupSide) {
        switch (before.definitions[key], after.definitions[key]) {
        case (nil, _): self = .added
        case (_, nil): self = .removed
        case (let old, let new):
            guard old != new else { return nil }
            self = .changed
        }
    }
}

extension BackupDifference.Table {
    /// Nil when definition and rows are the same.
    fileprivate init?(_ key: BackupSide.Key, _ before: BackupSide, _ after: BackupSide) {
        let definition = BackupDifference.Change(key, before, after)
        let (old, new) = (before.rows[key], after.rows[key])
        let rowsChanged = old.flatMap { old in new.map { old != $0 } }
        guard definition != nil || rowsChanged != false else { return nil }
        self.init(
            name: key.text, change: definition ?? .changed, definitionChanged: definition == .changed,
            rowsBefore: old?.rows, rowsAfter: new?.rows, rowsChanged: rowsChanged)
    }
}
