import Foundation
import OpsCore

/// Which program this is, and what it uses.
enum ProcessMetrics {
    static let build = Metric(
        "build_info", .gauge, "Which program this is; always 1.",
        [.init(labels: [("version", ToolVersion.current), ("commit", ToolVersion.commit)], value: 1)])

    static func metrics(since start: Date) -> [Metric] {
        [
            Metric("start_time_seconds", "When the shim was started.", start.timeIntervalSince1970.rounded()),
            Metric("resident_memory_bytes", "Memory of the process.", residentBytes),
        ]
    }

    /// The second number of `/proc/self/statm` counts pages (proc(5)).
    private static var residentBytes: Double? {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return fields.flatMap { $0.count > 1 ? Double($0[1]) : nil }.map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
    }
}
