extension BackupCatalog {
    /// Lets `latest.<db>.sql.gz` follow the newest complete manual or scheduled backup of a database; without one the
    /// link goes. To be called after a backup was made or removed.
    /// - Returns: the backup that the link points to now.
    @discardableResult
    public func updateLatest(of database: String) async throws -> BackupName? {
        try follow(database, in: try await candidates())
    }

    /// The same for every such link of the folder: to be called where backups of any database may have been removed.
    public func updateLatestLinks() async throws {
        let databases = try folder.latestDatabases()
        guard !databases.isEmpty else { return }
        let records = try await candidates()
        for database in databases { try follow(database, in: records) }
    }

    /// Removes a backup as the only operation in the folder, and lets the links follow.
    /// - Returns: its size in bytes.
    /// - Throws: ``BackupFolderError``.
    public func remove(_ name: BackupName) async throws -> Int {
        try await folder.withLock(operation: "delete") {
            let size = try folder.delete(name)
            try await updateLatestLinks()
            return size
        }
    }

    /// All backups; a dump of another tool is only read where its name tells a database, as no other can be followed.
    private func candidates() async throws -> [BackupRecord] { try await list { $0.name.database != nil } }

    /// - Parameter records: newest first.
    @discardableResult
    private func follow(_ database: String, in records: [BackupRecord]) throws -> BackupName? {
        let newest = records.first {
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
