import Foundation

/// Proves a backup: restores it into a scratch schema, compares every row with what the archive says, and drops it again.
///
/// Everything is made but events, because the server would run them.
public struct RestoreProof: Sendable {
    let database: DatabaseSettings
    let directory: String
    private var schemas: RestoreSchemas { RestoreSchemas(database: database) }

    /// - Parameters:
    ///   - database: the server to do it on; the scratch schema gets a name beside this database.
    ///   - directory: the backup folder.
    public init(database: DatabaseSettings, directory: String) {
        self.database = database
        self.directory = directory
    }

    /// Looks at every byte of a backup, as ``BackupVerifier`` does, and proves it when nothing is wrong.
    /// - Throws: what ``BackupVerifier/verify(_:)`` throws; ``RestoreError``, ``LeaseError``, ``DatabaseError``.
    public func verify(
        _ name: BackupName, jobs: Int? = nil, progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
    ) async throws -> BackupVerifier.Finding {
        let folder = try BackupFolder(directory, creating: false)
        var finding = try await BackupVerifier(folder: folder).verify(name)
        guard finding.ok else { return finding }
        let file = try folder.open(name)
        let reader = try ArchiveReader(descriptor: file.descriptor, path: name.text)
        let proof = try await folder.withLock(operation: "prove") { try await prove(reader, jobs, progress) }
        try await BackupCatalog(folder: folder, readers: .files).noteProven(file, restoreMs: proof.restoreMs)
        finding.proven = proof
        return finding
    }

    /// Makes a backup and proves it; only then older ones are removed. A backup that is not proven stays where it is, and so
    /// does everything else.
    public func create(
        _ options: Backup.Options, backup: @escaping @Sendable (BackupProgress) -> Void = { _ in },
        progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
    ) async throws -> BackupResult {
        var making = options
        making.retention = nil
        var result = try await Backup(database: database, directory: directory).create(making, progress: backup)
        if options.output == nil, let name = BackupName((result.file as NSString).lastPathComponent) {
            result.proven = try await verify(name, jobs: options.jobs, progress: progress).proven
        } else {
            result.proven = try await prove(ArchiveReader(path: result.file), options.jobs, progress)
        }
        guard options.output == nil, let retention = options.retention else { return result }
        return await result.pruned(by: retention, inFolder: directory)
    }

    private func prove(
        _ reader: ArchiveReader, _ jobs: Int?, _ progress: @escaping @Sendable (RestoreProgress) -> Void
    ) async throws -> BackupResult.Proof {
        try await Lease.with(database, owner: LeaseOwner(operation: "prove")) { lease in
            // Whoever made these holds the lease no more.
            for stale in try await schemas.find(.prove) { try await schemas.drop(stale) }
            let name = try await schemas.freeName(.prove)
            try await schemas.make(name)
            do {
                let proof = try await restore(reader, into: name, jobs, lease, RestoreProgressMeter(progress))
                try await schemas.drop(name)
                return proof
            } catch {
                // The error that is on its way is the one to tell; the next proof drops what is left.
                try? await schemas.drop(name)
                try Task.checkCancellation()
                throw error
            }
        }
    }

    private func restore(
        _ reader: ArchiveReader, into name: RestoreSchemaName, _ jobs: Int?, _ lease: Lease,
        _ meter: RestoreProgressMeter
    ) async throws -> BackupResult.Proof {
        let clock = ContinuousClock()
        let start = clock.now
        let index = try await BlockingCall.run { try reader.index() }
        let server = try await DatabaseConnection(schemas.settings(name)).serverInfo()
        let jobs = jobs ?? ShadowLoader.jobs(for: index, processors: ProcessInfo.processInfo.activeProcessorCount)
        let loader = ShadowLoader(
            reader: reader, index: index, schema: schemas.settings(name), server: server, jobs: jobs, meter: meter)
        try await loader.loadTables { try await lease.cover($0) }
        meter.begin(.comparison)
        let comparison = ShadowComparison(
            index: index, path: reader.path, schema: schemas.settings(name), server: server, jobs: jobs)
        try await comparison.run { try await lease.cover($0) }
        try await loader.loadObjects([.package, .routine, .view, .trigger])
        return BackupResult.Proof(
            at: Date().formatted(.iso8601), restoreMs: start.duration(to: clock.now).milliseconds)
    }
}
