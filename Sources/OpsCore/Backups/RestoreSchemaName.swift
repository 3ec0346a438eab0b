import Crypto
import Foundation

/// The name of a schema that a restore makes beside a database: `<db>__restore_20260131040506`.
struct RestoreSchemaName: Sendable, Equatable {
    enum Role: String, Sendable, CaseIterable {
        /// Where a backup is proven; nobody else uses it.
        case prove
        /// Where the tables are loaded before they are moved into the database.
        case restore
        /// Where the tables are that were in the database before.
        case before
    }

    let role: Role
    /// The moment in the name, fourteen digits.
    let stamp: String
    let text: String

    private static let time = BackupNameTime(pattern: "YYYYMMDDhhmmss")
    /// Servers take names of 64 characters.
    private static let longestStem = 40

    init(_ role: Role, of database: String, stamp: String) {
        self.role = role
        self.stamp = stamp
        text = Self.prefix(role, database) + stamp
    }

    init(_ role: Role, of database: String, at date: Date = Date()) {
        self.init(role, of: database, stamp: Self.time.text(date))
    }

    /// Reads a name; nil for every schema that is none of these, or belongs to another database.
    init?(_ text: String, of database: String) {
        for role in Role.allCases {
            let prefix = Self.prefix(role, database)
            guard text.hasPrefix(prefix) else { continue }
            let stamp = text.dropFirst(prefix.count)
            guard Self.time.date(stamp) != nil else { continue }
            self.init(role, of: database, stamp: String(stamp))
            return
        }
        return nil
    }

    /// Every such schema that the account sees, the oldest first.
    static func all(of database: String, _ session: MariaDBHandle) throws -> [Self] {
        try session.query("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA")
            .compactMap { $0.text(0) }.compactMap { Self($0, of: database) }
            .sorted { ($0.stamp, $0.text) < ($1.stamp, $1.text) }
    }

    /// A name that is too long is cut, and told apart from others by a hash of the whole.
    private static func prefix(_ role: Role, _ database: String) -> String {
        var stem = database
        if database.unicodeScalars.count > longestStem {
            let mark = SHA256.hash(data: Array(database.utf8)).hexadecimal.prefix(8)
            stem = database.clipped(longestStem - 9) + "_" + mark
        }
        return "\(stem)__\(role.rawValue)_"
    }
}
