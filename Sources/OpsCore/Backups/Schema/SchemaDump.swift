import Crypto
import Foundation

/// The schema of one database, as it was when it was read: a plain value.
public struct SchemaDump: Sendable, Equatable {
    /// The server that it was read from.
    public let server: ServerInfo
    /// The name of the database; it stands in no statement of ``objects``.
    public let database: String
    /// The default collation of the database.
    public let collation: String
    /// The tables that have rows of their own, in the order of their names' bytes, without sequences.
    public let tables: [TableDefinition]
    /// All objects in the order in which they can be made: first those of phase ``SchemaObject/Phase/beforeRows``.
    public let objects: [SchemaObject]
    /// What an operator should know of them.
    public let notices: [SchemaNotice]

    /// Reads the session's default database. Inside a consistent snapshot it gives up the locks on definitions that it
    /// took; definitions themselves are not part of a snapshot, so read them again over another session afterwards and
    /// look at ``alterations(since:)``.
    ///
    /// - Throws: ``SchemaError`` when an object cannot be read, or when the account could not see one; ``DatabaseError``.
    public init(reading session: MariaDBHandle) throws {
        self = try SchemaReadingSession.with(session) { session in
            var reader = SchemaReader(session)
            return try reader.read()
        }
    }

    init(
        server: ServerInfo, database: String, collation: String, tables: [TableDefinition], objects: [SchemaObject],
        notices: [SchemaNotice]
    ) {
        self.server = server
        self.database = database
        self.collation = collation
        self.tables = tables
        self.objects = objects
        self.notices = notices
    }

    /// The objects of one phase, in order.
    public func objects(in phase: SchemaObject.Phase) -> [SchemaObject] { objects.filter { $0.phase == phase } }

    /// SHA-256 over all definitions, in hexadecimal digits. AUTO_INCREMENT values and positions of sequences are left out,
    /// and so is the name of the database: equal fingerprints mean equal schemas.
    public var fingerprint: String {
        var hash = SHA256()
        let order = objects.sorted { $0.identity.lexicographicallyPrecedes($1.identity) }
        for object in order {
            for part in [object.identity, object.definition] {
                withUnsafeBytes(of: UInt64(part.count).littleEndian) { hash.update(bufferPointer: $0) }
                hash.update(data: part)
            }
        }
        return hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

extension SchemaObject {
    /// What makes two objects of two dumps the same one.
    var identity: [UInt8] { Array("\(kind.rawValue) ".utf8) + Array(name.utf8) }
}
