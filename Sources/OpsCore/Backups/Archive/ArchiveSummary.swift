/// What listings show of an archive: the JSON document of the summary member.
public struct ArchiveSummary: Codable, Sendable, Equatable {
    /// Major version of the format.
    public let format: Int
    /// Minor version of the format; higher ones only add fields.
    public let minor: Int
    /// Version of the toolkit that made it.
    public let tool: String
    /// What it is a copy of.
    public let source: ArchiveSource
    /// What is in it.
    public let totals: Totals
    /// Where the index lies.
    public let index: ArchiveLocation

    /// Sums over all members of the index.
    public struct Totals: Codable, Sendable, Equatable {
        /// Members in the index.
        public var members = 0
        /// Tables, which is members of the kind `table`.
        public var tables = 0
        /// Rows in all tables.
        public var rows = 0
        /// Bytes of SQL before compression.
        public var inflatedBytes = 0

        enum CodingKeys: String, CodingKey {
            case members, tables, rows
            case inflatedBytes = "inflated_bytes"
        }

        mutating func add(_ entry: ArchiveEntry) {
            members += 1
            if entry.kind == .table { tables += 1 }
            rows += entry.rows ?? 0
            inflatedBytes += entry.location.inflatedLength
        }
    }

    init(source: ArchiveSource, totals: Totals, index: ArchiveLocation) {
        format = ArchiveFormat.major
        minor = ArchiveFormat.minor
        tool = ToolVersion.current
        self.source = source
        self.totals = totals
        self.index = index
    }
}
