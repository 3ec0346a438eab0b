import Foundation

/// The name of a file in a backup folder: one path segment that is safe to open, to show and to put in a header.
///
/// A value exists only for a name that keeps the rules, so whatever takes a `BackupName` needs no checks of its own.
/// Names that begin with a dash are allowed: they are opened beneath the folder's descriptor and never reach the
/// argument list of a program.
public struct BackupName: Sendable, Hashable, CustomStringConvertible {
    /// Why a backup was made; files of other tools, and any other name, are foreign.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case manual, scheduled, foreign
        /// The safety backup that a restore takes first.
        case preRestore = "pre-restore"
        /// The safety backup that a migration takes first.
        case preMigrate = "pre-migrate"
    }

    /// The name itself.
    public let text: String
    /// What the name says about the backup's purpose.
    public let kind: Kind
    /// The moment in the name, UTC; nil for a foreign name. A scheduled name tells minutes, the others seconds.
    public let date: Date?
    /// The database in the name; only scheduled names have one.
    public let database: String?

    public var description: String { text }

    /// The longest name that file systems take, in bytes.
    static let maximumBytes = 255

    /// Reads a name; nil for one that breaks a rule: one path segment that ends `.sql` or `.sql.gz`, with no `/`, `\`,
    /// control character or leading dot.
    public init?(_ text: String) {
        guard Self.isAllowed(text) else { return nil }
        self.text = text
        let parts = BackupNameParts(parsing: text)
        kind = parts?.kind ?? .foreign
        date = parts?.date
        database = parts?.database
    }

    /// True for the names of the links that follow the newest backup, `latest.<db>.sql.gz`.
    public var isLatestLink: Bool { text.hasPrefix("latest.") }
    /// True for a file that is compressed with gzip.
    public var isCompressed: Bool { text.hasSuffix(".gz") }

    private static func isAllowed(_ text: String) -> Bool {
        guard text.hasSuffix(".sql") || text.hasSuffix(".sql.gz"), !text.hasPrefix(".") else { return false }
        guard text.utf8.count <= maximumBytes else { return false }
        return text.unicodeScalars.allSatisfy {
            $0 != "/" && $0 != "\\" && $0.properties.generalCategory != .control
        }
    }
}
