import Foundation

/// `mysql://user:password@host:port/database?ssl-mode=…&ssl-ca=…&socket=…`; `mariadb` means the same as `mysql`.
///
/// Every part may be missing. Parts are percent-encoded where they hold reserved characters; an IPv6 address stands
/// in brackets. A socket goes with no host, or with `localhost`.
public struct DatabaseURL: Sendable, Equatable {
    /// The account.
    public var user: String?
    /// Its password.
    public var password: Secret?
    /// Without the brackets of an IPv6 address.
    public var host: String?
    /// TCP port, 1 to 65535.
    public var port: Int?
    /// Name of the database.
    public var database: String?
    /// The parameter `ssl-mode`.
    public var tlsMode: TLSMode?
    /// The parameter `ssl-ca`, a path.
    public var tlsCAFile: String?
    /// The parameter `socket`, a path.
    public var socket: String?

    init() {}

    /// The URL as text that ``init(parsing:)`` reads back.
    public func text(includingPassword: Bool) -> String {
        assembled(password: includingPassword ? password.map { Self.encoded($0.exposed) } : nil)
    }

    /// The URL for people to read: `<redacted>` in the place of the password.
    public var redacted: String { assembled(password: password.map { _ in Secret.redacted }) }

    /// The parts by the variable that overrides each.
    var variables: [String: String] {
        let parts: [(SettingKey, String?)] = [
            (.mysqlHost, host), (.mysqlPort, port.map(String.init)), (.mysqlSocket, socket), (.mysqlUser, user),
            (.mysqlPassword, password?.exposed), (.mysqlDatabase, database), (.mysqlTLSMode, tlsMode?.rawValue),
            (.mysqlTLSAuthority, tlsCAFile),
        ]
        return Dictionary(uniqueKeysWithValues: parts.compactMap { key, value in value.map { (key.name, $0) } })
    }

    private func assembled(password: String?) -> String {
        let credentials = (user.map(Self.encoded) ?? "") + (password.map { ":\($0)" } ?? "")
        let place = host.map { $0.contains(":") ? "[\($0)]" : Self.encoded($0) } ?? ""
        let parameters: [(String, String?)] = [
            ("ssl-mode", tlsMode?.rawValue), ("ssl-ca", tlsCAFile), ("socket", socket),
        ]
        let query = parameters.compactMap { name, value in value.map { "\(name)=\(Self.encoded($0, keeping: "/"))" } }
        return "mysql://" + (credentials.isEmpty ? "" : "\(credentials)@") + place + (port.map { ":\($0)" } ?? "")
            + (database.map { "/\(Self.encoded($0))" } ?? "")
            + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    private static func encoded(_ text: String) -> String { encoded(text, keeping: "") }

    private static func encoded(_ text: String, keeping kept: String) -> String {
        let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        return text.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: unreserved + kept)) ?? ""
    }
}

/// Prints without the password.
extension DatabaseURL: CustomStringConvertible {
    /// The same as ``redacted``.
    public var description: String { redacted }
}
