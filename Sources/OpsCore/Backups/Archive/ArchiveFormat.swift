/// The numbers of the archive format; `docs/archive-format.md` describes it byte by byte.
enum ArchiveFormat {
    /// Readers refuse a higher one. They ignore fields that a higher minor version adds.
    static let major = 1
    static let minor = 0

    /// The first line of the signature and of the trailer, in every major version.
    static func firstLine(major: Int = major) -> String { "\(linePrefix)\(padded(major, 3))\n" }
    static let linePrefix = "-- sysndd-ctl archive format "

    /// The first member of every archive.
    static let signature = GzipStored.encode(Array(firstLine().utf8))

    /// The most that the index may inflate to, about a million members.
    static let longestIndex = 256 << 20
    /// The most that the summary may take, compressed or inflated.
    static let longestSummary = 1 << 20
    /// The most that a member may inflate to. A server takes no statement above 1 GiB, and members are cut soon after
    /// they are full.
    static let longestMember = 2 << 30

    /// A number with leading zeros.
    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The major version that a signature or trailer claims in its first line; nil where there is no such line.
    static func claimedMajor(_ text: [UInt8]) -> Int? {
        let line = text.prefix { $0 != UInt8(ascii: "\n") }
        guard line.count == linePrefix.utf8.count + 3, line.starts(with: linePrefix.utf8) else { return nil }
        return Int(String(decoding: line.suffix(3), as: UTF8.self))
    }
}
