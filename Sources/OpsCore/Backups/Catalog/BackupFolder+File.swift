import Foundation

extension BackupFolder {
    /// What the folder tells of a file, without opening it.
    public struct Entry: Sendable, Equatable {
        public let name: BackupName
        /// Size in bytes.
        public let size: Int
        /// The time of the last change of the content.
        public let modified: Date
        let stamp: Stamp

        init(name: BackupName, _ information: stat) {
            self.name = name
            size = Int(information.st_size)
            stamp = Stamp(information)
            modified = Date(timeIntervalSince1970: Double(stamp.modified) / 1e9)
        }
    }

    /// Tells one state of a file from another: whatever changes or replaces the file changes the stamp, as no program can
    /// set `changed`. A copy has another stamp than the original.
    struct Stamp: Sendable, Hashable, Codable {
        let size: Int
        /// Nanoseconds since 1970.
        let modified: Int
        let changed: Int
        let inode: UInt64

        init(_ information: stat) {
            size = Int(information.st_size)
            modified = information.st_mtim.nanoseconds
            changed = information.st_ctim.nanoseconds
            inode = UInt64(information.st_ino)
        }
    }

    /// A backup that is open for reading; it is closed with the last reference.
    public final class File: Sendable {
        public let entry: Entry
        /// Its descriptor, at offset 0 when it comes from ``BackupFolder/open(_:)``.
        public let descriptor: Int32

        init(entry: Entry, descriptor: Int32) {
            self.entry = entry
            self.descriptor = descriptor
        }

        deinit { close(descriptor) }
    }
}

extension timespec {
    fileprivate var nanoseconds: Int { Int(tv_sec) * 1_000_000_000 + Int(tv_nsec) }
}
