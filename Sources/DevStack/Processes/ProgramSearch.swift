import FoundationEssentials
import Glibc

/// Finds program files.
enum ProgramSearch {
    /// The caller's search path, with the folders for servers that an ordinary user's path lacks.
    static var path: String {
        let own = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return own + (own.isEmpty ? "" : ":") + "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    }

    /// The first file of that name that can be executed.
    static func find(_ name: String, in path: String) -> String? {
        path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
            .first { access($0, X_OK) == 0 }
    }
}
