import FoundationEssentials

/// What an archive is a copy of.
public struct ArchiveSource: Codable, Sendable, Equatable {
    /// The moment that the data shows.
    public var createdAt: Date
    /// The name of the database.
    public var database: String
    /// The server it came from.
    public var server: Server
    /// How the moment was held.
    public var snapshot: Snapshot
    /// The fingerprint of the schema; nil where none was taken.
    public var schemaFingerprint: String?

    /// A server as it names itself.
    public struct Server: Codable, Sendable, Equatable {
        /// `MariaDB` or `MySQL`.
        public var flavour: String
        /// `VERSION()`.
        public var version: String

        /// Takes both as the server gave them.
        public init(flavour: String, version: String) {
            self.flavour = flavour
            self.version = version
        }
    }

    /// How all tables came to show the same moment.
    public struct Snapshot: Codable, Sendable, Equatable {
        /// The way it was done, in one word or a few.
        public var method: String
        /// False when some table may show another moment.
        public var isConsistent: Bool
        /// Binlog position or GTID set; nil where the server has none.
        public var position: String?

        enum CodingKeys: String, CodingKey {
            case method, position
            case isConsistent = "consistent"
        }

        /// Takes what the dump found out.
        public init(method: String, isConsistent: Bool, position: String? = nil) {
            self.method = method
            self.isConsistent = isConsistent
            self.position = position
        }
    }

    enum CodingKeys: String, CodingKey {
        case database, server, snapshot
        case createdAt = "created_at"
        case schemaFingerprint = "schema_fingerprint"
    }

    /// Describes a source; the moment is kept to the second.
    public init(
        createdAt: Date, database: String, server: Server, snapshot: Snapshot, schemaFingerprint: String? = nil
    ) {
        self.createdAt = Date(timeIntervalSince1970: createdAt.timeIntervalSince1970.rounded(.down))
        self.database = database
        self.server = server
        self.snapshot = snapshot
        self.schemaFingerprint = schemaFingerprint
    }
}
