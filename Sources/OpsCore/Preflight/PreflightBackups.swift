import Foundation

/// The backup folder, for looking only; it is listed once, whatever asks.
actor PreflightBackups {
    nonisolated let path: String
    nonisolated let database: String
    private var recordsTask: Task<[BackupRecord], any Error>?

    init(path: String, database: String) {
        self.path = path
        self.database = database
    }

    /// - Throws: ``CheckSkipped`` when the folder cannot be opened: that is told once, by the first check.
    nonisolated func folder() throws -> BackupFolder {
        do {
            return try BackupFolder(path, creating: false)
        } catch {
            throw CheckSkipped("\(error.message): see BAK-201")
        }
    }

    nonisolated func catalog() throws -> BackupCatalog {
        BackupCatalog(folder: try folder(), readers: .files, remembers: false)
    }

    /// All backups, newest first.
    /// - Throws: ``BackupFolderError`` when the folder cannot be opened.
    func records() async throws -> [BackupRecord] {
        if let recordsTask { return try await recordsTask.value }
        let task = Task { [path] in
            let folder = try BackupFolder(path, creating: false)
            return try await BackupCatalog(folder: folder, readers: .files, remembers: false)
                .list(readLimit: .seconds(10))
        }
        recordsTask = task
        return try await task.value
    }

    /// Those of the application's database, and those that tell no database, newest first.
    func ownRecords() async throws -> [BackupRecord] {
        try await records().filter { $0.database == nil || $0.database == database }
    }

    /// - Throws: ``CheckSkipped`` when there is none.
    func newest(where condition: (BackupRecord) -> Bool = { _ in true }) async throws -> BackupRecord {
        _ = try folder()
        guard let newest = try await ownRecords().first(where: condition) else {
            throw CheckSkipped("no backup of \(database) in \(path): see BAK-201")
        }
        return newest
    }
}
