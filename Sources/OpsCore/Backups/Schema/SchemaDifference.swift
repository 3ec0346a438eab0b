/// One object that differs between two dumps of a schema.
public struct SchemaDifference: Sendable, Equatable, Codable, CustomStringConvertible {
    public enum Change: String, Sendable, Codable {
        case added, removed, altered
    }

    /// By what an object was found to be altered.
    public enum Aspect: String, Sendable, Codable {
        /// The statement that makes it is another.
        case definition
        /// Its statement is the same, and what information_schema says of its columns is not.
        case columns
        /// All is the same, but it was made at another time.
        case creationTime = "creation time"
    }

    public let kind: SchemaObject.Kind
    public let name: String
    public let change: Change
    /// Nil for what was added or removed.
    public var aspect: Aspect?

    public var description: String {
        "\(kind.rawValue) \(SQLQuery.identifier(name)) was \(change.rawValue)"
            + (aspect.map { " (\($0.rawValue))" } ?? "")
    }
}

extension SchemaDump {
    /// What has to happen to `earlier` to become this schema; counters do not count.
    public func differences(from earlier: SchemaDump) -> [SchemaDifference] {
        let old = Dictionary(earlier.objects.map { ($0.identity, $0.definition) }, uniquingKeysWith: { $1 })
        let new = Set(objects.map(\.identity))
        let changed = objects.compactMap { object -> SchemaDifference? in
            guard let definition = old[object.identity] else { return SchemaDifference(object, .added) }
            return definition == object.definition ? nil : SchemaDifference(object, .altered, .definition)
        }
        return changed + earlier.objects.filter { !new.contains($0.identity) }.map { SchemaDifference($0, .removed) }
    }

    /// What was altered on one server between two readings. Beside ``differences(from:)`` it finds tables that were dropped
    /// and made again, or rebuilt, with the same definition, by the time of their making, which the servers keep in whole
    /// seconds; and tables that were altered while the earlier schema was being read.
    ///
    /// This schema must have been read outside of a transaction: in one, MySQL answers from information_schema as of its
    /// snapshot, but shows statements as of now.
    public func alterations(since earlier: SchemaDump) -> [SchemaDifference] {
        let differences = differences(from: earlier)
        let known = Set(differences.filter { $0.kind == .table }.map { Array($0.name.utf8) })
        let before = Dictionary(earlier.tables.map { (Array($0.name.utf8), $0) }, uniquingKeysWith: { $1 })
        let remade = tables.compactMap { table -> SchemaDifference? in
            guard let old = before[Array(table.name.utf8)], !known.contains(Array(table.name.utf8)) else { return nil }
            return table.alteration(since: old).map {
                SchemaDifference(kind: .table, name: table.name, change: .altered, aspect: $0)
            }
        }
        return differences + remade
    }
}

extension TableDefinition {
    /// What of it is not in the statement that makes it, and yet tells that it is another.
    ///
    /// A missing time says nothing: MariaDB shows none of a table with a unique key on a hash in the moment in which
    /// another session opens that table anew, as all do after a FLUSH TABLES.
    fileprivate func alteration(since old: TableDefinition) -> SchemaDifference.Aspect? {
        if old.columns != columns { return .columns }
        guard let before = old.createdAt, let now = createdAt else { return nil }
        return before == now ? nil : .creationTime
    }
}

extension SchemaDifference {
    init(_ object: SchemaObject, _ change: Change, _ aspect: Aspect? = nil) {
        self.init(kind: object.kind, name: object.name, change: change, aspect: aspect)
    }
}
