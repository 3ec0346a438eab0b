/// The two fields of `/proc/<pid>/stat` that matter here.
struct ProcessStatus {
    /// True when the process has ended and only waits to be reaped.
    let hasEnded: Bool
    /// Start time in clock ticks since boot.
    let startTicks: UInt64

    init?(pid: Int32) {
        guard let line = try? PrivateFile.read("/proc/\(pid)/stat") else { return nil }
        self.init(line: line)
    }

    /// Parses one line of that file. The second field, the program's name, may hold blanks and parentheses, so the
    /// fields are counted from the last parenthesis.
    init?(line: String) {
        guard let nameEnd = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: nameEnd)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 19, let ticks = UInt64(fields[19]) else { return nil }
        hasEnded = ["Z", "X", "x"].contains(fields[0])
        startTicks = ticks
    }
}
