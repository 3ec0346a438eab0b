/// Where migrations are.
public struct MigrationSettings: Sendable, Equatable {
    /// Folder of the migration files (MIGRATIONS_DIR), absolute or from the working directory.
    public var directory: String

    /// Values that no variable gave; each default is that of its variable.
    public init(directory: String = "migrations") {
        self.directory = directory
    }

    init(_ values: inout SettingValues) {
        self.init(directory: values.text(.migrationsDirectory))
    }
}
