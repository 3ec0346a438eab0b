extension BackupCatalog {
    /// Lets `latest.<db>.sql.gz` follow the newest complete manual or scheduled backup of a database; without one the
    /// link goes. To be called after a backup was made or removed.
    /// - Returns: the backup that the link points to now.
    @discardableResult
    public func updateLatest(of database: String) async throws -> BackupName? {
        let newest = try await list().first {
            $0.database == database && $0.isComplete && ($0.kind == .manual || $0.kind == .scheduled)
        }
        guard let name = newest.flatMap({ BackupName($0.filename) }) else {
            try folder.removeLatest(of: database)
            return nil
        }
        if folder.latest(of: database) != name { try folder.pointLatest(of: database, to: name) }
        return name
    }
}
