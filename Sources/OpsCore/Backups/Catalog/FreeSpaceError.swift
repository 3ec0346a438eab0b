import Foundation

/// The next backup would probably not fit.
public struct FreeSpaceError: OperatorError, Equatable {
    public let space: FreeSpace
    public let path: String

    public var code: String { "INSUFFICIENT_STORAGE" }
    public var exitStatus: ExitStatus { .cannotWrite }
    public var message: String {
        "\(path) has \(Self.text(space.available)) left, and the backup needs about \(Self.text(space.needed))"
    }
    public var hint: String? {
        "free some space there, remove old backups with sysndd-ctl backup prune, or set BACKUP_DIR to another folder"
    }

    private static func text(_ bytes: Int) -> String { bytes.formatted(.byteCount(style: .binary)) }
}
