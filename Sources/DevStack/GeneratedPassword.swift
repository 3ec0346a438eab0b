/// A password made by this package. It never shows up in a description; ask for `value` to get it.
public struct GeneratedPassword: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The password itself: letters, digits, `-` and `_`, so that it needs no quoting in a URL, a shell or SQL.
    public let value: String

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    /// Makes a new one from the system's generator: 24 characters of 6 random bits each.
    public init() {
        var generator = SystemRandomNumberGenerator()
        // The first character is a letter: a leading `-` would read as a flag.
        let first = Self.alphabet[Int.random(in: 0..<52, using: &generator)]
        let rest = (0..<23).map { _ in Self.alphabet[Int.random(in: 0..<64, using: &generator)] }
        value = String([first] + rest)
    }

    /// A password read back from its file; nil when the text was not made by this type.
    init?(stored text: String) {
        let value = text.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        guard value.count >= 16, value.allSatisfy(Self.alphabet.contains) else { return nil }
        self.value = value
    }

    /// The password in that file, or a new one that is stored there.
    static func remembered(in path: String) throws -> GeneratedPassword {
        if let known = try PrivateFile.read(path).flatMap(GeneratedPassword.init(stored:)) { return known }
        let password = GeneratedPassword()
        try PrivateFile.write(password.value + "\n", to: path)
        return password
    }

    /// Always `<redacted>`.
    public var description: String { "<redacted>" }
    /// Shows nothing of the password to `dump` and to debuggers.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
