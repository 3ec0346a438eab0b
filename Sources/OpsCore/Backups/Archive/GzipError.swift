/// A gzip file is damaged, cut off, or followed by something else.
public struct GzipError: OperatorError, Equatable {
    /// What is wrong.
    public enum Problem: String, Sendable {
        /// The file does not begin with a gzip member.
        case notGzip = "GZIP_NOT_GZIP"
        /// The file ends inside a member.
        case truncated = "GZIP_TRUNCATED"
        /// A header, the compressed data, or a checksum is wrong.
        case corrupt = "GZIP_CORRUPT"
        /// Something that is no gzip member follows the last one.
        case trailingGarbage = "GZIP_TRAILING_GARBAGE"
    }

    /// What is wrong.
    public let problem: Problem
    /// The file as the caller named it; nil for a stream without a name.
    public let path: String?
    /// Offset in the compressed file: of the member for a wrong checksum, else of the place as near as it is known.
    public let offset: Int
    /// The number of the member in which it happened, counted from 1.
    public let member: Int
    /// What is wrong, in lower case, without the place.
    public let reason: String

    /// Stable, for programs.
    public var code: String { problem.rawValue }
    /// The file, the offset and what is wrong there.
    public var message: String { "\(path.map { "\($0): " } ?? "")byte \(offset), gzip member \(member): \(reason)" }
    /// Bad input.
    public var exitStatus: ExitStatus { .badInput }
}
