/// What fills the shadow schema of a restore: an archive of this toolkit, or the dump of another tool.
protocol RestoreLoad: Sendable {
    var path: String { get }
    /// Which tables it is about.
    var scope: RestoreScope { get }
    /// The tables and sequences that come in.
    var relations: [RestoreRelation] { get }
    /// What the operator should know of it before it begins.
    var notes: [String] { get }

    /// What the journal says when it begins.
    func record(safetyBackup: String) -> RestoreRecord

    /// Fills a schema that is empty, or that an earlier attempt has begun to fill, and compares what is in it then with what the backup says.
    /// - Parameter cover: told the sessions before they do anything.
    /// - Returns: what is known of it then.
    func run(
        into schema: DatabaseSettings, covering cover: ([DatabaseConnection]) async throws -> Void
    ) async throws -> RestoreLoaded
}

/// A shadow schema that is filled.
struct RestoreLoaded: Sendable {
    var tables: Int
    var rows: Int
    /// What is made after the exchange.
    var objects: [RestoreJournal.Object]
    var notes: [String] = []
}
