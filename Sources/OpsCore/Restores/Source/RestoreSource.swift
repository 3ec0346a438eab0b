import Foundation

/// The backup that is restored: one open file from the verification to the last row, whatever happens to its name.
struct RestoreSource: Sendable {
    let path: String
    private let file: BackupFolder.File
    /// Nil for a file outside of the backup folder.
    private let catalog: BackupCatalog?
    /// Another tool's dump.
    let isForeign: Bool

    /// - Parameter name: a name in the folder, or a path with a slash in it; nil for the newest backup of the database.
    /// - Throws: ``BackupFolderError``, ``RestoreError``.
    init(_ name: String?, directory: String, database: String) throws {
        if let name, name.contains("/") {
            let url = URL(filePath: name)
            let folder = try BackupFolder(url.deletingLastPathComponent().path, creating: false)
            file = try folder.open(try BackupFolder.name(url.lastPathComponent))
            catalog = nil
            path = name
        } else {
            let folder = try BackupFolder(directory, creating: false)
            guard let wanted = try name.map(BackupFolder.name) ?? folder.latest(of: database) else {
                throw RestoreError.noLatest(database, in: directory)
            }
            file = try folder.open(wanted)
            catalog = BackupCatalog(folder: folder, readers: .files)
            path = "\(directory)/\(wanted.text)"
        }
        isForeign = Self.isForeign(file.descriptor, path)
    }

    private static func isForeign(_ descriptor: Int32, _ path: String) -> Bool {
        do {
            _ = try ArchiveReader(descriptor: descriptor, path: path)
            return false
        } catch {
            return (error as? ArchiveError)?.problem == .foreign
        }
    }

    func open() throws -> ArchiveReader { try ArchiveReader(descriptor: file.descriptor, path: path) }

    /// The descriptor of the file, which stays this value's.
    var descriptor: Int32 { file.descriptor }

    /// Looks at every byte of an archive. The dump of another tool is looked at when it is surveyed.
    /// - Throws: ``ArchiveError`` or ``RestoreError`` unless all are those that were written.
    func requireWhole() async throws {
        guard !isForeign else { return }
        let found = try await ArchiveReader.verify(descriptor: file.descriptor, path: path, depth: .hashes)
        guard let problem = found.problems.first else {
            try? await catalog?.noteVerified(file)
            return
        }
        try? await catalog?.noteDamaged(file)
        throw RestoreError.damaged(path, problem)
    }
}

extension RestoreError {
    static func noLatest(_ database: String, in directory: String) -> Self {
        Self(
            "BACKUP_NOT_FOUND", "\(directory) holds no complete manual or scheduled backup of \(database)",
            hint: "list them with: sysndd-ctl backup list", exit: .badInput)
    }

    static func damaged(_ path: String, _ problem: ArchiveProblem) -> Self {
        let object = problem.object.map { " (\($0))" } ?? ""
        return Self(
            "BACKUP_DAMAGED", "\(path) is damaged: \(problem.member)\(object): \(problem.reason); nothing was touched",
            hint: "use another backup, see: sysndd-ctl backup list", exit: .badInput)
    }
}
