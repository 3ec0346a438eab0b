import Foundation

/// A new migration file: the next number, and a text that shows how to guard a statement and how to prove it.
public struct MigrationTemplate: Sendable {
    /// The file that was made.
    public struct Created: Codable, Sendable, Equatable {
        /// Its path.
        public let file: String
        public let version: Int
    }

    private let path: String
    private let version: Int
    private let name: String

    /// - Parameter directory: made if it is missing.
    /// - Throws: ``MigrationError`` for a name with other characters than letters, digits and underscores, and for a
    ///   folder whose files are not in order.
    public init(name: String, directory: String) throws {
        let words = name.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
        guard !words.isEmpty, words.utf8.allSatisfy(Self.isAllowed) else {
            throw MigrationError(
                "MIGRATION_NAME_INVALID", "\(name) cannot be part of a file name",
                hint: "use letters, digits and underscores, such as add_gene_notes", exit: .usage)
        }
        version = try Self.nextVersion(in: directory)
        let digits = String(version)
        self.name = String(repeating: "0", count: max(0, 3 - digits.count)) + digits + "_" + words + ".sql"
        path = directory + "/" + self.name
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func nextVersion(in directory: String) throws -> Int {
        do {
            return (try MigrationSet(directory: directory).files.last?.version ?? -1) + 1
        } catch let error as MigrationError where error.code == "MIGRATIONS_FOLDER_EMPTY" {
            return 0
        } catch let error as MigrationError where error.code == "MIGRATIONS_FOLDER_MISSING" {
            return 0
        }
    }

    /// Writes the file; one that is there is never overwritten.
    public func write() throws -> Created {
        do {
            let folder = URL(filePath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
        } catch {
            throw MigrationError(
                "MIGRATION_NOT_WRITTEN", "cannot write \(path): \(error.localizedDescription)", exit: .cannotWrite)
        }
        return Created(file: path, version: version)
    }

    private var text: String {
        """
        -- \(name): say here what changes and why.
        --
        -- A verify line is a SELECT that must return one true row once this file is applied:
        -- sysndd: verify SELECT COUNT(*) = 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'example' AND COLUMN_NAME = 'note'

        -- Every statement is guarded, so that the file can run twice, on MySQL and on MariaDB.
        SET @statement = IF(
            (SELECT COUNT(*) FROM information_schema.COLUMNS
              WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'example' AND COLUMN_NAME = 'note') = 0,
            'ALTER TABLE example ADD COLUMN note TEXT NULL',
            'DO 0');
        PREPARE guarded FROM @statement;
        EXECUTE guarded;
        DEALLOCATE PREPARE guarded;

        """
    }
}
