import Foundation

/// The operations that are asked for over HTTP, each as a job.
public struct Maintenance: Sendable {
    /// A job that runs now.
    public struct Accepted: Sendable, Equatable {
        public let id: String
        /// How long it will probably take.
        public let estimatedSeconds: Int
    }

    /// Bytes of table data that are taken for a second of work before the operation has run once: a cautious figure for a
    /// small machine.
    private static let bytesPerSecond = 20_000_000

    private let settings: Settings
    private let runner: JobRunner
    private let pool: DatabasePool
    private var store: JobStore { runner.store }

    public init(settings: Settings, runner: JobRunner, pool: DatabasePool) {
        self.settings = settings
        self.runner = runner
        self.pool = pool
    }

    /// Makes a manual backup.
    /// - Throws: ``JobError``, ``FreeSpaceError``, ``BackupFolderError``, ``LeaseError``, ``DatabaseError`` before it began.
    public func backUp(by account: String) async throws -> Accepted {
        let folder = try BackupFolder(settings.backups.directory)
        try folder.requireWritable()
        let size = try await dataBytes()
        let ratio = try await BackupCatalog(folder: folder, readers: .files).lastRatio(of: settings.database.database)
        let needed = FreeSpace.estimate(dataBytes: size, ratio: ratio)
        try FreeSpace(in: folder, needed: needed).require(in: folder)
        return try await accept(.backupCreate, by: account, bytes: size) { [settings] job in
            let backup = Backup(database: settings.database, directory: settings.backups.directory)
            return try await folder.withLock(operation: "backup", wait: .seconds(5)) {
                try await backup.create(Backup.Options(), under: job.lease) { job.report(JobProgress($0)) }
            }
        }
    }

    /// Reads every byte of a backup. One that is damaged fails the job.
    /// - Throws: ``BackupFolderError`` for a file that is not there; the same as ``backUp(by:)``.
    public func verify(_ name: BackupName, by account: String) async throws -> Accepted {
        let folder = try BackupFolder(settings.backups.directory, holding: name)
        let size = try folder.open(name).entry.size
        return try await accept(.backupVerify, by: account, bytes: size) { job in
            job.report(JobProgress(step: "verification"))
            let finding = try await BackupVerifier(folder: folder).verify(name)
            if let bad = finding.bad.first {
                throw JobFinding(damaged: name, bad.member, bad.problem, finding.bad.count)
            }
            return finding
        }
    }

    /// Removes a backup, at once.
    /// - Returns: its size in bytes.
    /// - Throws: ``JobError`` while another operation works in the folder; ``BackupFolderError``.
    public func delete(_ name: BackupName) async throws -> Int {
        let folder = try BackupFolder(settings.backups.directory, holding: name)
        do {
            return try await BackupCatalog(folder: folder, readers: .files).remove(name)
        } catch let error as BackupFolderError where error.kind == .busy {
            throw await holder().map(JobError.init(heldBy:)) ?? .folderBusy
        }
    }

    /// Restores the database from a backup of the folder.
    /// - Throws: ``BackupFolderError`` for a file that is not there; the same as ``backUp(by:)``.
    public func restore(_ name: BackupName, by account: String) async throws -> Accepted {
        let folder = try BackupFolder(settings.backups.directory, holding: name)
        let size = try folder.open(name).entry.size
        return try await accept(.backupRestore, by: account, bytes: size * 10) { [restore] job in
            try await folder.withLock(operation: "restore", wait: .seconds(5)) {
                try await restore.run(.init(file: name.text), under: job.lease) { job.report(JobProgress($0)) }
            }
        }
    }

    /// Brings back what was there before the last restore.
    /// - Throws: ``RestoreError`` where nothing is kept; the same as ``backUp(by:)``.
    public func undoRestore(by account: String) async throws -> Accepted {
        guard try await restore.status().canUndo else { throw RestoreError.nothing("undo", settings.database.database) }
        let folder = try BackupFolder(settings.backups.directory)
        return try await accept(.backupUndo, by: account, bytes: 0) { [restore] job in
            job.report(JobProgress(step: "swap"))
            return try await folder.withLock(operation: "restore undo", wait: .seconds(5)) {
                try await restore.undo(under: job.lease)
            }
        }
    }

    /// What is kept of restores.
    public func restores() async throws -> RestoreStatus { try await restore.status() }

    /// Applies the pending migrations.
    /// - Throws: the same as ``backUp(by:)``.
    public func migrate(by account: String) async throws -> Accepted {
        let size = try await dataBytes()
        return try await accept(.migrate, by: account, bytes: size) { [settings] job in
            try await Migrator(database: settings.database, directory: settings.migrations.directory)
                .up(under: job.lease) { event in JobProgress(event).map(job.report) }
        }
    }

    private var restore: Restore {
        Restore(
            database: settings.database, directory: settings.backups.directory,
            migrations: settings.migrations.directory)
    }

    private func accept(
        _ operation: Job.Operation, by account: String, bytes: Int, _ work: @escaping JobRunner.Work
    ) async throws -> Accepted {
        let id = try await runner.submit(operation, by: account, work)
        let last = try? await pool.withConnection { [store] connection in
            try await connection.run { try store.lastDuration(of: operation, $0) }
        }
        let guess = Duration.seconds(1 + bytes / Self.bytesPerSecond)
        return Accepted(id: id, estimatedSeconds: max(1, Int((last ?? guess).components.seconds)))
    }

    /// Who has the lease; nil for nobody, and where that cannot be told.
    private func holder() async -> LeaseHolder? {
        try? await pool.withConnection { [settings] connection in
            try await connection.run { try Lease.holder(in: settings.database.database, $0) }
        }
    }

    /// What the server says that the tables hold.
    private func dataBytes() async throws -> Int {
        try await pool.withConnection { [settings] connection in
            try await connection.query(
                """
                SELECT CAST(COALESCE(SUM(DATA_LENGTH), 0) AS SIGNED) AS size FROM information_schema.TABLES
                WHERE TABLE_SCHEMA = \(settings.database.database)
                """
            ).first?.int("size") ?? 0
        }
    }
}
