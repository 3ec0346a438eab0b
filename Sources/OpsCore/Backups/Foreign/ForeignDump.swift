import FoundationEssentials
import Glibc

/// What can be told of a dump that another tool made: `.sql`, or `.sql.gz` of any make.
///
/// It takes one pass over the whole file. Memory: the largest statement, which may not be above
/// ``ForeignDump/longestStatement``.
public struct ForeignDump: Codable, Sendable, Equatable {
    /// Who made it, as its header says.
    public enum Tool: String, Codable, Sendable {
        case mysqldump, phpMyAdmin, mydumper
        case mariadbDump = "mariadb-dump"
        /// An archive of this toolkit that was unpacked.
        case sysnddCtl = "sysndd-ctl"
        case unknown
    }

    /// Whether the end of the dump is there.
    public enum Completeness: String, Codable, Sendable {
        /// The mark is there with which this tool ends a dump.
        case complete
        /// The file is damaged, or that mark is missing.
        case incomplete
        /// Nothing tells: the tool marks no end, or is not known.
        case unknown
    }

    /// Who made it.
    public let tool: Tool
    /// Whether the end is there.
    public let completeness: Completeness
    /// Why it is not known to be complete; nil when it is.
    public let reason: String?
    /// Tables that exist once the dump has been loaded: created, and not dropped again like the stand-ins for views.
    public let tableCount: Int
    /// Statements of any kind.
    public let statementCount: Int
    /// Bytes of SQL, without compression.
    public let inflatedBytes: Int
    /// When it was made: from its last line, which tells no time zone and is read as UTC, else the file's time.
    public let createdAt: Date

    /// True where nothing is wrong but for the end, which the tool leaves unmarked: mydumper writes no trailer, so its
    /// files can be checked for damage, and not for whether the last rows are there.
    public var endsUnmarked: Bool { tool == .mydumper && completeness == .unknown }

    /// A server takes no statement above 1 GiB; the rest is room for reading ahead.
    public static let longestStatement = (1 << 30) + (4 << 20)

    /// Reads a file, links followed. Blocks for as long as the reading takes.
    ///
    /// - Throws: ``ByteSourceError`` when the file cannot be read. Damage is no error but an incomplete dump.
    public static func inspect(path: String) throws -> ForeignDump {
        var status = stat()
        guard stat(path, &status) == 0 else { throw ByteSourceError(operation: "open", path: path, number: errno) }
        return try inspect(FileByteSource(path: path), path: path, modified: status.modificationDate)
    }

    /// Reads a descriptor from where it stands; it stays the caller's.
    ///
    /// - Throws: ``ByteSourceError``.
    public static func inspect(descriptor: Int32, path: String) throws -> ForeignDump {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw ByteSourceError(operation: "read", path: path, number: errno)
        }
        let source = ForeignDumpDescriptor(descriptor: descriptor, path: path)
        return try inspect(source, path: path, modified: status.modificationDate)
    }

    private static func inspect(_ file: any ByteSource, path: String, modified: Date) throws -> ForeignDump {
        var scan = ForeignDumpScan(try ForeignDumpSource(file, path: path))
        try scan.run()
        let end = scan.end
        return ForeignDump(
            tool: scan.tool, completeness: end.completeness, reason: end.reason, tableCount: scan.tables.count,
            statementCount: scan.statementCount, inflatedBytes: scan.source.count, createdAt: end.date ?? modified)
    }
}

extension stat {
    fileprivate var modificationDate: Date { Date(timeIntervalSince1970: Double(st_mtim.tv_sec)) }
}
