/// How a check ended.
public enum CheckStatus: String, Codable, Sendable, CaseIterable {
    /// Left out: not asked for, not applicable here, or for people to look at.
    case skip
    case pass
    case warn
    /// The check itself could not run, so nothing is known. Never a pass.
    case error
    case fail

    /// The worse of two ends has the larger rank.
    var rank: Int { Self.allCases.firstIndex(of: self)! }
}

extension CheckStatus: Comparable {
    public static func < (left: CheckStatus, right: CheckStatus) -> Bool { left.rank < right.rank }
}
