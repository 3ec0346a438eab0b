/// A length of time as people write it: `90s`, `15m`, `1h`, `7d`.
public struct TokenLifetime: Sendable, Equatable {
    public let duration: Duration

    /// One hour.
    public static let hour = TokenLifetime(seconds: 3600)

    private init(seconds: Int) { duration = .seconds(seconds) }

    /// Nil for anything else, for nothing, and for more than a year.
    public init?(_ text: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let last = text.last, let unit = units[last], let count = Int(text.dropLast()),
            (1...366 * 86400 / unit).contains(count)
        else { return nil }
        duration = .seconds(count * unit)
    }
}
