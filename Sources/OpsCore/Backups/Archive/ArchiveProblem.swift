/// One thing that is wrong with an archive.
public struct ArchiveProblem: Codable, Sendable, Hashable {
    /// What became of the bytes.
    public enum Kind: String, Codable, Sendable {
        /// They are not in the file.
        case missing
        /// They are other ones than were written.
        case corrupt
        /// They were never written, or cut off: the file has no end.
        case unfinished
    }

    /// The part of the file: `rows 12`, `index`, `trailer`, or `file`.
    public let member: String
    /// The table, view … of that part.
    public let object: String?
    /// What became of it.
    public let kind: Kind
    /// For people, in lower case.
    public let reason: String
}

/// What the verification of an archive has found.
public struct ArchiveVerification: Codable, Sendable, Equatable {
    /// Members that were looked at, structural ones not counted.
    public let members: Int
    /// Everything that is wrong, in the order of the file.
    public let problems: [ArchiveProblem]
    /// True when every byte of the file is the one that was written.
    public var isWhole: Bool { problems.isEmpty }
}

extension ArchiveProblem {
    /// What an error says about the file; nil for one that says nothing, such as a missing permission.
    init?(_ error: ArchiveError) {
        switch error.problem {
        case .missing: kind = .missing
        case .corrupt: kind = .corrupt
        case .unfinished: kind = .unfinished
        default: return nil
        }
        member = error.member ?? "file"
        object = error.object
        reason = error.reason
    }
}

extension ArchiveEntry {
    /// How messages name a member: its kind and its number in the index, counted from 1.
    func name(_ position: Int) -> String { "\(kind.rawValue) \(position + 1)" }
}
