extension MigrationOptions {
    /// Asks for a safety backup, whose name begins with `pre-migrate_`, before the first statement runs.
    public mutating func backUp(_ database: DatabaseSettings, to directory: String) {
        makeBackup = { lease in
            try await BackupFolder(directory).withLock(operation: "backup") {
                try await Backup(database: database, directory: directory)
                    .create(Backup.Options(kind: .preMigrate), under: lease).file
            }
        }
    }
}
