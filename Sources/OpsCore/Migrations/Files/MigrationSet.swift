import Foundation

/// The files of a migrations folder, in the order of their numbers.
public struct MigrationSet: Sendable, Equatable {
    /// The folder.
    public let directory: String
    /// At least one file, ascending by number; no number twice.
    public let files: [MigrationFile]

    /// Reads the names in `directory`; files that do not end in `.sql` are no migrations, nor are hidden ones.
    /// - Throws: ``MigrationError`` for a missing or empty folder, a bad name, a duplicate number.
    public init(directory: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw MigrationError.missingFolder(directory)
        }
        do {
            try self.init(directory: directory, names: FileManager.default.contentsOfDirectory(atPath: directory))
        } catch let error as CocoaError {
            throw MigrationError.unreadableFolder(directory, error.localizedDescription)
        }
    }

    init(directory: String, names: [String]) throws {
        self.directory = directory
        files =
            try names
            .filter { $0.hasSuffix(".sql") && !$0.hasPrefix(".") }
            .map { try MigrationFile(name: $0, directory: directory) }
            .sorted { ($0.version, $0.name) < ($1.version, $1.name) }
        guard !files.isEmpty else { throw MigrationError.emptyFolder(directory) }
        let duplicates = Dictionary(grouping: files, by: \.version).filter { $0.value.count > 1 }
        guard duplicates.isEmpty else {
            let groups = duplicates.sorted { $0.key < $1.key }.map { $0.value.map(\.name) }
            throw MigrationError.duplicates(groups, directory: directory)
        }
    }

    /// The name of the file with the highest number.
    public var latestFile: String { files[files.count - 1].name }
}
