import Glibc

/// One particular process, told apart from a later one that got the same number.
public struct ProcessIdentity: Codable, Sendable, Hashable {
    /// The process number.
    public let pid: Int32
    /// When it started, in clock ticks since the machine did (field 22 of `/proc/<pid>/stat`).
    public let startTicks: UInt64
    /// Which run of the machine that was.
    public let bootID: String
    /// The program file it runs, nil when that may not be read.
    public let executable: String?

    /// The process of that number as it is now, ended but not yet reaped included; nil when there is none.
    public init?(pid: Int32) {
        guard let status = ProcessStatus(pid: pid) else { return nil }
        self.pid = pid
        startTicks = status.startTicks
        bootID = Self.currentBootID
        executable = Self.executable(of: pid)
    }

    init(pid: Int32, startTicks: UInt64, bootID: String, executable: String?) {
        self.pid = pid
        self.startTicks = startTicks
        self.bootID = bootID
        self.executable = executable
    }

    /// The process that asks.
    public static var current: ProcessIdentity? { ProcessIdentity(pid: getpid()) }

    /// True while this very process runs. One that has ended counts as ended even if nobody has reaped it.
    public var isAlive: Bool {
        guard bootID == Self.currentBootID, let status = ProcessStatus(pid: pid) else { return false }
        guard status.startTicks == startTicks, !status.hasEnded else { return false }
        return executable == nil || executable == Self.executable(of: pid)
    }

    static let currentBootID: String = {
        let text = try? PrivateFile.read("/proc/sys/kernel/random/boot_id")
        return String((text ?? "").prefix { $0 != "\n" })
    }()

    private static func executable(of pid: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            readlink("/proc/\(pid)/exe", bytes.bindMemory(to: CChar.self).baseAddress!, bytes.count)
        }
        guard count > 0 else { return nil }
        let path = String(decoding: buffer[..<count], as: UTF8.self)
        // The kernel adds this once the file was replaced, as an upgrade of the package does.
        let replaced = " (deleted)"
        return path.hasSuffix(replaced) ? String(path.dropLast(replaced.count)) : path
    }
}
