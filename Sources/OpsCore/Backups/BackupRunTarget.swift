import Foundation

/// Where a backup is written: the backup folder, or any other place.
struct BackupRunTarget: Sendable {
    private let folder: BackupFolder
    private let archives: ArchiveFolder
    private let name: String
    /// Nil for a file that was asked for by its path: it is no part of the folder's catalog.
    private let catalog: BackupCatalog?

    init(_ backup: Backup, _ options: Backup.Options) async throws {
        if let output = options.output {
            let (place, name) = try ArchiveFolder.containing(output)
            archives = place
            self.name = name
            folder = try BackupFolder(place.path, creating: false)
            catalog = nil
        } else {
            let folder = try BackupFolder(backup.directory)
            try folder.requireWritable()
            self.folder = folder
            archives = try ArchiveFolder(descriptor: folder.descriptor, path: folder.path)
            try archives.removeStalePartials()
            name =
                BackupName.make(options.kind, date: Date(), database: backup.database.database) { name in
                    folder.information(name.text) != nil
                }.text
            catalog = BackupCatalog(folder: folder, readers: .files)
        }
    }

    /// - Throws: ``FreeSpaceError`` when the backup will probably not fit.
    func requireSpace(for schema: SchemaDump) async throws {
        let ratio = try await catalog?.lastRatio(of: schema.database)
        let needed = FreeSpace.estimate(dataBytes: schema.dataBytes, ratio: ratio)
        try FreeSpace(in: folder, needed: needed).require(in: folder)
    }

    /// The estimate of what is needed may be wrong, and a server whose data lie on a full disk stops.
    func makeWriter() async throws -> ArchiveWriter {
        try await ArchiveWriter(name, in: archives, reserve: FreeSpace.reserve)
    }

    /// Reads the finished file again, and only then lets it be known as a good one; one that is bad, or cannot be made
    /// known, is removed.
    func accept(_ written: ArchiveResult, schema: SchemaDump, jobs: Int) async throws {
        do {
            let file = try ArchiveFile(name, in: archives)
            if let problem = try await written.readBack(file, jobs: jobs).first {
                throw BackupError.notAsWritten(written.path, problem)
            }
            try await makeKnown(schema)
        } catch {
            unlinkat(folder.descriptor, name, 0)
            throw error
        }
    }

    private func makeKnown(_ schema: SchemaDump) async throws {
        guard let catalog, let name = BackupName(name) else { return }
        let file = try folder.open(name)
        try await catalog.noteCreated(file, dataBytes: schema.dataBytes)
        try await catalog.noteVerified(file)
        try await catalog.updateLatest(of: schema.database)
    }
}

extension SchemaDump {
    /// Bytes that the server says its tables have.
    fileprivate var dataBytes: Int { tables.reduce(0) { $0 + $1.dataLength } }
}
