import Foundation

/// A backup folder, or a file in it, cannot be used as asked.
public struct BackupFolderError: OperatorError, Equatable {
    /// What the failure means to a caller that has to decide something.
    public enum Kind: String, Sendable {
        case invalidName, notFound, isLink, busy, missingFolder, unreadable, unwritable, noSpace
    }

    public let kind: Kind
    public let message: String
    public let hint: String?

    init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    public var code: String {
        switch kind {
        case .invalidName: "INVALID_FILENAME"
        case .notFound: "BACKUP_NOT_FOUND"
        case .isLink: "CANNOT_DELETE_SYMLINK"
        case .busy: "BACKUP_FOLDER_BUSY"
        case .missingFolder: "BACKUP_FOLDER_MISSING"
        case .unreadable: "BACKUP_FOLDER_UNREADABLE"
        case .unwritable: "BACKUP_FOLDER_UNWRITABLE"
        case .noSpace: "INSUFFICIENT_STORAGE"
        }
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .invalidName, .isLink: .usage
        case .notFound: .badInput
        case .busy: .busy
        case .missingFolder: .badSettings
        case .unreadable: .failed
        case .unwritable, .noSpace: .cannotWrite
        }
    }

    /// The text of the name is quoted with its control characters made visible.
    static func invalidName(_ text: String) -> Self {
        Self(
            .invalidName, "\(text.prefix(100).debugDescription) is no name of a backup",
            hint: "give the name of a file in the backup folder that ends .sql or .sql.gz, without a path")
    }

    static func notFound(_ name: BackupName, in path: String) -> Self {
        Self(.notFound, "\(path) holds no backup \(name)", hint: "list them with: sysndd-ctl backup list")
    }

    static func noLatest(of database: String, in path: String) -> Self {
        Self(
            .notFound, "\(path) holds no complete backup of \(database)",
            hint: "list them with: sysndd-ctl backup list")
    }

    static func isLink(_ name: BackupName) -> Self {
        Self(.isLink, "\(name) is a link, not a backup", hint: "name the backup that it points to")
    }

    static func busy(_ path: String, holder: String) -> Self {
        Self(
            .busy, "another operation works in the backup folder \(path): \(holder)",
            hint: "wait until it has ended and try again")
    }

    /// The failure of the system call that has just set `errno`.
    static func system(_ action: String, _ path: String, writing: Bool = true, errno number: Int32 = errno) -> Self {
        let message = "cannot \(action) \(path): \(String(cString: strerror(number)).lowercased())"
        return switch number {
        case ENOSPC, EDQUOT: Self(.noSpace, message, hint: "free some space there, or set BACKUP_DIR to another folder")
        case EACCES, EPERM, EROFS:
            Self(writing ? .unwritable : .unreadable, message, hint: "check its owner and mode, and BACKUP_DIR")
        case ENOENT, ENOTDIR:
            Self(.missingFolder, message, hint: "make the folder that it lies in, or set BACKUP_DIR to another one")
        default: Self(writing ? .unwritable : .unreadable, message)
        }
    }
}
