import FoundationEssentials
import Glibc

/// Finds out whose a listening port is, as the kernel tells it: an answer alone may come from a stranger.
enum ListeningPort {
    /// True when the process itself listens on that port of 127.0.0.1.
    static func isHeld(_ port: UInt16, by process: Int32) -> Bool {
        let sockets = listeningSockets(on: port)
        let folder = "/proc/\(process)/fd"
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return descriptors.contains { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + name)
            return target.map { sockets.contains($0) } ?? false
        }
    }

    /// The sockets in state LISTEN (0A), written as the links in `/proc/<pid>/fd` write them.
    private static func listeningSockets(on port: UInt16) -> Set<String> {
        let digits = String(port, radix: 16, uppercase: true)
        let local = "0100007F:" + String(repeating: "0", count: 4 - digits.count) + digits
        guard let table = try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8) else { return [] }
        let rows = table.split(separator: "\n").map { $0.split(separator: " ") }
        return Set(rows.filter { $0.count > 9 && $0[1] == local && $0[3] == "0A" }.map { "socket:[\($0[9])]" })
    }
}
