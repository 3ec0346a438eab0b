/// What a new password must be like.
enum PasswordPolicy {
    static let description =
        "8 to 50 characters with a lower-case letter, an upper-case letter, a digit and one of !@#$%^&*"

    static func accepts(_ password: String) -> Bool {
        let scalars = password.unicodeScalars
        return (8...50).contains(scalars.count)
            && scalars.contains { ("a"..."z").contains($0) } && scalars.contains { ("A"..."Z").contains($0) }
            && scalars.contains { ("0"..."9").contains($0) }
            && scalars.contains { "!@#$%^&*".unicodeScalars.contains($0) }
    }

    /// A new password from the system's generator, without characters that are easily mixed up.
    static func generate() -> Secret {
        let groups = ["abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!@#$%^&*"].map(Array.init)
        var generator = SystemRandomNumberGenerator()
        let all = groups.flatMap { $0 }
        // One of each group and twelve of any: some 90 bits.
        let chosen =
            groups.compactMap { $0.randomElement(using: &generator) }
            + (0..<12).compactMap { _ in all.randomElement(using: &generator) }
        return Secret(String(chosen.shuffled(using: &generator)))
    }
}
