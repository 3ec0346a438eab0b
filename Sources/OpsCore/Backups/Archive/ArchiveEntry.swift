/// One line of the index: a member, where it lies and what it holds.
public struct ArchiveEntry: Codable, Sendable, Hashable {
    /// What it holds.
    public let kind: ArchiveMemberKind
    /// The table, view … that it belongs to.
    public let object: String?
    /// The table of a trigger.
    public let table: String?
    /// Where it lies.
    public let location: ArchiveLocation
    /// How many rows it inserts.
    public let rows: Int?
    /// The checksum of its rows.
    public let rowChecksum: String?
    /// The keys of its rows, for people.
    public let range: String?

    enum CodingKeys: String, CodingKey {
        case kind, object, table, rows, range
        case rowChecksum = "row_checksum"
    }

    init(_ member: ArchiveMember, at offset: Int) {
        kind = member.label.kind
        object = member.label.object
        table = member.label.table
        rows = member.label.rows
        rowChecksum = member.label.rowChecksum
        range = member.label.range
        location = ArchiveLocation(
            offset: offset, length: member.bytes.count, inflatedLength: member.inflatedLength, sha256: member.sha256)
    }

    /// Reads the fields of the location from the same JSON object.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        kind = try container.decode(ArchiveMemberKind.self, forKey: .kind)
        object = try container.decodeIfPresent(String.self, forKey: .object)
        table = try container.decodeIfPresent(String.self, forKey: .table)
        rows = try container.decodeIfPresent(Int.self, forKey: .rows)
        rowChecksum = try container.decodeIfPresent(String.self, forKey: .rowChecksum)
        range = try container.decodeIfPresent(String.self, forKey: .range)
        location = try ArchiveLocation(from: decoder)
    }

    /// Writes the fields of the location into the same JSON object; what is nil is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encodeIfPresent(object, forKey: .object)
        try container.encodeIfPresent(table, forKey: .table)
        try container.encodeIfPresent(rows, forKey: .rows)
        try container.encodeIfPresent(rowChecksum, forKey: .rowChecksum)
        try container.encodeIfPresent(range, forKey: .range)
        try location.encode(to: encoder)
    }
}
