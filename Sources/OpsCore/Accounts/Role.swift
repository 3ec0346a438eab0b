/// What an account may do; each role may also do what those before it may.
public enum Role: String, Sendable, Codable, CaseIterable, Comparable {
    case viewer = "Viewer"
    case reviewer = "Reviewer"
    case curator = "Curator"
    case administrator = "Administrator"

    /// The role of that name, whatever the case of its letters.
    public init?(name: String) {
        guard let role = Self.allCases.first(where: { $0.rawValue.caseInsensitiveEquals(name) }) else { return nil }
        self = role
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
}
