/// One object of a schema, with the statements that make it again.
public struct SchemaObject: Sendable, Equatable {
    /// What it is. The raw value is how the servers and people call it.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The database's own default collation; its name is empty, so that it holds in whatever database is restored.
        case database
        case sequence, table, library, function, procedure, package
        case packageBody = "package body"
        case view, trigger, event
    }

    /// When it is made in a restore.
    public enum Phase: String, Sendable, Codable {
        case beforeRows, afterRows
    }

    public let kind: Kind
    public let name: String
    /// The table of a trigger; nil for everything else.
    public let table: String?
    /// A view that the server refuses to read, because something that it uses is gone: `sql` is only a comment then.
    public let isBroken: Bool
    /// Whole statements for the plain client, in the character set of the object: comment lines, the session's settings,
    /// DROP … IF EXISTS, CREATE, and the settings put back. No database is named but foreign ones.
    public let sql: [UInt8]
    /// What is compared between two schemas: everything but counters.
    let definition: [UInt8]

    init(
        _ kind: Kind, _ name: String, table: String? = nil, isBroken: Bool = false, sql: [UInt8],
        definition: [UInt8]? = nil
    ) {
        self.kind = kind
        self.name = name
        self.table = table
        self.isBroken = isBroken
        self.sql = sql
        self.definition = definition ?? sql
    }

    /// Tables and what they need come before the rows; what would act on rows, or reads them, comes after.
    public var phase: Phase {
        switch kind {
        case .database, .sequence, .table: .beforeRows
        case .library, .function, .procedure, .package, .packageBody, .view, .trigger, .event: .afterRows
        }
    }
}
