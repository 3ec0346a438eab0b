import Foundation

/// Whether the next backup fits where it is to be written.
public struct FreeSpace: Sendable, Equatable, Codable {
    /// Bytes that this process may still write there.
    public let available: Int
    /// Bytes that the backup probably takes, with a margin.
    public let needed: Int

    public init(available: Int, needed: Int) {
        self.available = available
        self.needed = needed
    }

    public var isEnough: Bool { available >= needed }

    /// The size of a backup where no earlier one tells the ratio: SQL text is somewhat larger than the data, and gzip
    /// makes a third of it; random bytes are written as hexadecimal digits and stay nearly as large as they were.
    static let defaultRatio = 0.6
    /// Data grows, and the server's own figures of its size are estimates.
    private static let margin = 1.2
    /// Kept free in any case, as a full disk hurts others too.
    static let reserve = 64 << 20

    /// Bytes to ask for before a backup of `dataBytes` of table data.
    /// - Parameter ratio: size of the last archive divided by that of its data; nil when there is none.
    public static func estimate(dataBytes: Int, ratio: Double?) -> Int {
        let ratio = ratio.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? defaultRatio
        let bytes = (Double(max(0, dataBytes)) * ratio * margin).rounded(.up)
        // Half of the range, so that the sum below cannot overflow whatever a server says of its size.
        return Int(min(bytes, Double(Int.max / 2))) + reserve
    }

    /// Looks at the file system of the folder.
    /// - Throws: ``BackupFolderError`` when it cannot be looked at.
    public init(in folder: BackupFolder, needed: Int) throws(BackupFolderError) {
        guard let bytes = Self.bytes(at: folder.descriptor) else {
            throw .system("see the free space of", folder.path, writing: false)
        }
        self.init(available: bytes, needed: needed)
    }

    /// Bytes that this process may still write to the file system of an open file; nil, with `errno`, where that cannot be
    /// told.
    static func bytes(at descriptor: Int32) -> Int? {
        var information = statvfs()
        guard fstatvfs(descriptor, &information) == 0 else { return nil }
        return bytes(information.f_bavail, of: information.f_frsize)
    }

    /// Blocks in bytes. Some file systems without an end tell more than there can be.
    static func bytes(_ blocks: some BinaryInteger, of size: some BinaryInteger) -> Int {
        let (bytes, overflow) = Int(clamping: blocks).multipliedReportingOverflow(by: Int(clamping: size))
        return overflow ? .max : bytes
    }

    /// - Throws: ``FreeSpaceError`` when there is not enough.
    public func require(in folder: BackupFolder) throws(FreeSpaceError) {
        if !isEnough { throw FreeSpaceError(space: self, path: folder.path) }
    }
}
