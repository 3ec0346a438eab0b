import FoundationEssentials

/// The last 256 bytes of an archive: where the summary lies, and the line by which dumps are known to be complete.
struct ArchiveTrailer: Sendable, Equatable {
    static let length = 256

    let summary: ArchiveLocation
    /// When the archive was completed, UTC, to the second.
    let completedAt: Date

    /// What the last bytes of a file turn out to be.
    enum Reading: Equatable {
        case trailer(ArchiveTrailer)
        /// A trailer of a later major version.
        case newer(Int)
        /// It was a trailer once.
        case damaged
        /// No trailer at all.
        case none
    }

    /// The member as it stands in the file.
    var bytes: [UInt8] { GzipStored.encode(text) }

    private var text: [UInt8] {
        let offset = ArchiveFormat.padded(summary.offset, 19)
        let length = ArchiveFormat.padded(summary.length, 10)
        let inflated = ArchiveFormat.padded(summary.inflatedLength, 10)
        let lines =
            ArchiveFormat.firstLine() + "-- summary offset \(offset) length \(length) inflated \(inflated)\n"
            + "-- summary sha256 \(summary.sha256)\n" + "\(Self.completion)\(Self.stamp(of: completedAt))\n"
        return Array(lines.utf8)
    }

    private static let completion = "-- Dump completed on "
    private static let textLength = length - GzipStored.overhead

    /// Reads a trailer. Only what ``bytes`` would write again in just the same way is one.
    static func read(_ bytes: ArraySlice<UInt8>) -> Reading {
        guard bytes.count == length, let text = GzipStored.decode(bytes) else {
            return hasLandmark(Array(bytes)) ? .damaged : .none
        }
        guard let major = ArchiveFormat.claimedMajor(text) else { return .none }
        if major > ArchiveFormat.major { return .newer(major) }
        guard let trailer = ArchiveTrailer(text: text), trailer.text == text else { return .damaged }
        return .trailer(trailer)
    }

    /// A single wrong byte cannot spoil both landmarks; in a file that was cut off, neither is in its place, unless so
    /// little is left that the first one is the signature's.
    private static func hasLandmark(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == length, !bytes.starts(with: ArchiveFormat.signature) else { return false }
        let start = GzipStored.prefixLength
        return bytes[start...].starts(with: ArchiveFormat.linePrefix.utf8)
            || bytes[(start + textLength - completion.utf8.count - 20)...].starts(with: completion.utf8)
    }

    private init?(text: [UInt8]) {
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        guard lines.count == 4 else { return nil }
        let place = lines[1].split(separator: " ")
        let digest = lines[2].split(separator: " ")
        guard place.count == 8, digest.count == 4, let offset = Int(place[3]), let length = Int(place[5]),
            let inflated = Int(place[7]), let date = Self.date(of: lines[3].dropFirst(Self.completion.count))
        else { return nil }
        self.init(
            summary: ArchiveLocation(
                offset: offset, length: length, inflatedLength: inflated, sha256: String(digest[3])),
            completedAt: date)
    }

    init(summary: ArchiveLocation, completedAt: Date) {
        self.summary = summary
        self.completedAt = Date(timeIntervalSince1970: completedAt.timeIntervalSince1970.rounded(.down))
    }

    /// `2024-02-29 23:59:59`, always 19 characters.
    private static func stamp(of date: Date) -> String {
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space)
        let text = date.formatted(style.year().month().day().time(includingFractionalSeconds: false))
        return text.utf8.count == 19 ? text : "9999-12-31 23:59:59"
    }

    private static func date(of stamp: Substring) -> Date? {
        try? Date(String(stamp).replacing(" ", with: "T") + "Z", strategy: .iso8601)
    }
}
