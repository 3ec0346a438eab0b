/// One object that differs between two dumps of a schema.
public struct SchemaDifference: Sendable, Equatable, Codable, CustomStringConvertible {
    public enum Change: String, Sendable, Codable {
        case added, removed, altered
    }

    public let kind: SchemaObject.Kind
    public let name: String
    public let change: Change

    public var description: String { "\(kind.rawValue) \(SQLQuery.identifier(name)) was \(change.rawValue)" }
}

extension SchemaDump {
    /// What has to happen to `earlier` to become this schema; counters do not count.
    public func differences(from earlier: SchemaDump) -> [SchemaDifference] {
        let old = Dictionary(earlier.objects.map { ($0.identity, $0.definition) }, uniquingKeysWith: { $1 })
        let new = Set(objects.map(\.identity))
        let changed = objects.compactMap { object -> SchemaDifference? in
            guard let definition = old[object.identity] else { return SchemaDifference(object, .added) }
            return definition == object.definition ? nil : SchemaDifference(object, .altered)
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
        let remade = tables.filter { table in
            guard let old = before[Array(table.name.utf8)], !known.contains(Array(table.name.utf8)) else {
                return false
            }
            return old.createdAt != table.createdAt || old.columns != table.columns
        }
        return differences + remade.map { SchemaDifference(kind: .table, name: $0.name, change: .altered) }
    }
}

extension SchemaDifference {
    init(_ object: SchemaObject, _ change: Change) {
        self.init(kind: object.kind, name: object.name, change: change)
    }
}
