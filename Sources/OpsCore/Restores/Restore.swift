import Foundation

/// Restores a database from a backup: nothing of it is touched before the new data are loaded beside it and proven, and what
/// was there can be brought back.
public struct Restore: Sendable {
    /// Where the rows are loaded.
    public enum Mode: String, Sendable, CaseIterable {
        /// Beside the database, which gets them when they are proven.
        case shadow
        /// Over the database itself, where no schema can be made beside it: nobody should use it meanwhile, and what was there
        /// is only in the safety backup.
        case inPlace = "in-place"
    }

    /// How a restore is to be made.
    public struct Options: Sendable {
        /// The backup's name in the backup folder, or a path with a slash in it; nil for the newest one.
        public var file: String?
        /// Sessions that load at the same time; nil lets the size of the archive decide.
        public var jobs: Int?
        /// Another database of the server to restore into; it is made where it is missing.
        public var into: String?
        /// Brings back what was there when a view, routine, trigger or event cannot be made.
        public var undoOnFailure = false
        /// Only these tables, with their triggers; none means all of the backup.
        public var tables: [String] = []
        /// What becomes of definers that the server does not know.
        public var definer = DefinerPolicy.keep
        /// Puts the nearest collation that the server has in the place of MySQL's `utf8mb4_0900_…`.
        public var mapsCollations = false
        public var mode = Mode.shadow

        public init(
            file: String?, jobs: Int? = nil, into: String? = nil, undoOnFailure: Bool = false, mode: Mode = .shadow
        ) {
            self.file = file
            self.jobs = jobs
            self.into = into
            self.undoOnFailure = undoOnFailure
            self.mode = mode
        }
    }

    let database: DatabaseSettings
    let directory: String
    let migrations: String?

    /// - Parameters:
    ///   - directory: the backup folder.
    ///   - migrations: the folder of the migrations, to tell afterwards how many are pending; nil for none.
    public init(database: DatabaseSettings, directory: String, migrations: String? = nil) {
        self.database = database
        self.directory = directory
        self.migrations = migrations
    }

    /// Restores as the only maintenance operation on the database and in the folder.
    ///
    /// Whatever fails before the tables are exchanged, the database is as it was; in place, until the first of its tables is
    /// dropped. Cancelling the task stops it until then;
    /// once the exchange has begun, it is completed.
    /// - Parameter progress: told at each step and for each few megabytes, from any thread, not twice at once.
    /// - Throws: ``RestoreError``, ``ArchiveError``, ``BackupFolderError``, ``LeaseError``, ``DatabaseError`` and, of the
    ///   safety backup, what ``Backup/create(_:progress:)`` throws; `CancellationError`.
    public func run(
        _ options: Options, progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
    ) async throws -> RestoreResult {
        let meter = RestoreProgressMeter(progress)
        return try await sayingInterrupted {
            try await BackupFolder(directory).withLock(operation: "restore") {
                let source = try await wholeSource(options, meter)
                let target = target(options)
                try await makeDatabase(target)
                return try await Lease.with(target, owner: LeaseOwner(operation: "restore")) { lease in
                    try await run(options, meter).carryOut(source, under: lease)
                }
            }
        }
    }

    /// The same for a caller that holds the lock of the folder and the lease of the database, as a job does.
    public func run(
        _ options: Options, under lease: Lease, progress: @escaping @Sendable (RestoreProgress) -> Void = { _ in }
    ) async throws -> RestoreResult {
        let meter = RestoreProgressMeter(progress)
        return try await sayingInterrupted {
            try await run(options, meter).carryOut(try await wholeSource(options, meter), under: lease)
        }
    }

    private func target(_ options: Options) -> DatabaseSettings {
        var target = database
        if let other = options.into { target.database = other }
        return target
    }

    private func run(_ options: Options, _ meter: RestoreProgressMeter) -> RestoreRun {
        RestoreRun(restore: self, database: target(options), options: options, meter: meter)
    }

    private func wholeSource(_ options: Options, _ meter: RestoreProgressMeter) async throws -> RestoreSource {
        let source = try RestoreSource(options.file, directory: directory, database: database.database)
        meter.begin(.verification)
        try await source.requireWhole()
        return source
    }

    private func sayingInterrupted(_ body: () async throws -> RestoreResult) async throws -> RestoreResult {
        do {
            return try await body()
        } catch let error as RestoreError where error.tellsOfChange {
            throw error
        } catch {
            // A statement that was interrupted for it fails in its own words.
            try Task.checkCancellation()
            throw error
        }
    }

    /// On a new server there is none yet.
    private func makeDatabase(_ target: DatabaseSettings) async throws {
        do {
            _ = try await DatabaseConnection(target)
        } catch let error as DatabaseError where error.kind == .unknownDatabase {
            let server = try await DatabaseConnection(target, selectingDatabase: false)
            try await server.execute(
                "CREATE DATABASE IF NOT EXISTS \(identifier: target.database) CHARACTER SET utf8mb4")
        }
    }
}
