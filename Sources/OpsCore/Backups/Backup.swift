import Foundation

/// Makes backups of one database.
public struct Backup: Sendable {
    /// How a backup is to be made.
    public struct Options: Sendable {
        /// Why it is made, which its name tells; not foreign.
        public var kind = BackupName.Kind.manual
        /// Connections that read at the same time; nil lets the size of the database decide.
        public var jobs: Int?
        public var level = ArchiveLevel.standard
        /// Path of the file; nil for a name of the kind in the backup folder.
        public var output: String?
        /// On a node of a Galera cluster, lets the others go on while this one is locked; needs a privilege for it.
        public var desync = false
        /// What is kept of the scheduled backups once this one is made and verified; nil removes none. It does not apply
        /// to a file outside of the backup folder.
        public var retention: RetentionPolicy?

        public init(
            kind: BackupName.Kind = .manual, jobs: Int? = nil, level: ArchiveLevel = .standard, output: String? = nil,
            desync: Bool = false, retention: RetentionPolicy? = nil
        ) {
            self.kind = kind
            self.jobs = jobs
            self.level = level
            self.output = output
            self.desync = desync
            self.retention = retention
        }
    }

    let database: DatabaseSettings
    let directory: String

    /// - Parameter directory: the backup folder; it is made where only its last part is missing.
    public init(database: DatabaseSettings, directory: String) {
        self.database = database
        self.directory = directory
    }

    /// Makes a backup as the only maintenance operation on the database and in the folder.
    ///
    /// Cancelling the task interrupts the statements on the server. Whatever fails, no file is left.
    /// - Parameter progress: told at each step and for each few megabytes, from any thread, not twice at once.
    /// - Throws: ``BackupError``, ``SchemaError``, ``DatabaseError``, ``ArchiveError``, ``BackupFolderError``,
    ///   ``FreeSpaceError``, ``LeaseError``; `CancellationError`.
    public func create(
        _ options: Options = Options(), progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
    ) async throws -> BackupResult {
        guard options.output == nil else { return try await createLeased(options, progress) }
        let folder = try BackupFolder(directory)
        return try await folder.withLock(operation: "backup") {
            let result = try await createLeased(options, progress)
            guard let retention = options.retention else { return result }
            return await result.pruned(by: retention, in: folder)
        }
    }

    /// Makes a backup for a caller that holds the lock of the folder, and the lease where there is one.
    /// - Parameter lease: is told the sessions that work under it.
    public func create(
        _ options: Options, under lease: Lease?, progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
    ) async throws -> BackupResult {
        let run = BackupRun(backup: self, options: options, lease: lease, meter: BackupProgressMeter(progress))
        do {
            return try await run.carryOut()
        } catch {
            // A statement that was interrupted for it fails in its own words.
            try Task.checkCancellation()
            throw error
        }
    }

    private func createLeased(
        _ options: Options, _ progress: @escaping @Sendable (BackupProgress) -> Void
    ) async throws -> BackupResult {
        do {
            return try await Lease.with(database, owner: LeaseOwner(operation: "backup")) { lease in
                try await create(options, under: lease, progress: progress)
            }
        } catch let error as LeaseError where error.kind == .unavailable {
            var result = try await create(options, under: nil, progress: progress)
            let guardText =
                options.output == nil ? "relying on the lock of its folder" : "and beside it no lock is held"
            result.notes.append("made without the lease, \(guardText): \(error.message)")
            return result
        }
    }
}
