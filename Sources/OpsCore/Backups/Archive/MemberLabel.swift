/// What the writer of a member tells about its contents.
public struct MemberLabel: Sendable, Hashable {
    /// What it holds.
    public var kind: ArchiveMemberKind
    /// The name of the table, view … as the server spells it, without quotes; nil where there is no single one.
    public var object: String?
    /// The table of a trigger; nil for everything else.
    public var table: String?
    /// How many rows it inserts; nil where it inserts none by nature.
    public var rows: Int?
    /// A checksum of its rows, in the form that the dump and the restore have agreed on.
    public var rowChecksum: String?
    /// The keys of its rows, for people.
    public var range: String?

    /// The most bytes of `range` that are kept: the index is a document for every reader, not a copy of the keys.
    public static let longestRange = 200

    /// Describes a member; a `range` that is too long is cut.
    public init(
        _ kind: ArchiveMemberKind, object: String? = nil, table: String? = nil, rows: Int? = nil,
        rowChecksum: String? = nil, range: String? = nil
    ) {
        self.kind = kind
        self.object = object
        self.table = table
        self.rows = rows
        self.rowChecksum = rowChecksum
        self.range = range.map(Self.cut)
    }

    private static func cut(_ range: String) -> String {
        guard range.utf8.count > longestRange else { return range }
        var text = range
        while text.utf8.count > longestRange { text.removeLast(max(1, (text.utf8.count - longestRange) / 4)) }
        return text + "…"
    }
}
