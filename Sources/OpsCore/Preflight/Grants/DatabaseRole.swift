/// What a database account is for.
public enum DatabaseRole: String, Codable, Sendable, CaseIterable {
    /// Reads and writes rows: the application and the shim.
    case app
    /// Applies migration files.
    case migrate
    /// Reads everything of one database, as of one moment.
    case backup
    /// Loads a backup beside the live database and swaps the two.
    case restore
    /// Looks, as `preflight` does.
    case monitor
}
