/// What the value of a setting must look like.
public enum SettingType: Sendable, Equatable {
    /// Text on one line.
    case text
    /// Any text of at least so many bytes.
    case secret(minimumBytes: Int)
    /// A host name or address.
    case host
    /// The path of a file or folder.
    case path
    /// A URL with http or https; whether it may hold a user name and a password.
    case webURL(allowingUser: Bool)
    /// One mail address, with or without a display name.
    case mailAddress
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A whole number of seconds.
    case seconds(ClosedRange<Int>)
    /// Yes or no.
    case boolean
    /// One of a few words; case does not matter, and `_` is taken for `-`.
    case choice([String])
    /// Origins of web pages, separated by commas.
    case origins
    /// Addresses and networks, separated by commas.
    case networks
    /// A text that ``CronSchedule`` reads.
    case schedule
    /// A URL that ``DatabaseURL`` reads.
    case databaseURL

    /// What would be valid, in words that follow "give".
    public var expectation: String {
        switch self {
        case .text: "text on one line"
        case .secret(let minimum): minimum > 0 ? "at least \(minimum) bytes" : "text"
        case .host: "a host name or address without scheme, port or path"
        case .path: "a path"
        case .webURL(let allowingUser):
            "a URL that begins with http:// or https://" + (allowingUser ? "" : " and holds no user name")
        case .mailAddress: "a mail address such as name@example.org"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .seconds(let range): "a whole number of seconds from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true, false, 1, 0, yes, no, on or off"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .origins: "* or origins such as https://example.org, separated by commas"
        case .networks: "addresses or networks such as 10.0.0.0/8, separated by commas"
        case .schedule: "five fields of cron such as '0 3 * * *', in UTC"
        case .databaseURL: "a URL such as mysql://user:password@host:3306/database"
        }
    }

    /// Whether a list may be given in YAML; its items are joined by commas.
    var isList: Bool { self == .origins || self == .networks }
}
