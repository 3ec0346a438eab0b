import Foundation

/// One `NNN_name.sql` file of a migrations folder. The content is read when it is needed, as a stream.
public struct MigrationFile: Sendable, Equatable {
    /// The file's name, which is its key in the ledger.
    public let name: String
    /// The number in front of the name; migrations run in its order.
    public let version: Int
    /// Where the file is.
    public let path: String

    /// - Throws: ``MigrationError`` when `name` does not begin with a number and an underscore.
    init(name: String, directory: String) throws {
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        let rest = name.dropFirst(digits.count)
        guard !digits.isEmpty, rest.hasPrefix("_"), rest.count > "_.sql".count else {
            throw MigrationError.badName(name, directory: directory)
        }
        guard let version = Int(digits) else { throw MigrationError.numberTooLarge(name, directory: directory) }
        self.name = name
        self.version = version
        path = directory + "/" + name
    }
}
