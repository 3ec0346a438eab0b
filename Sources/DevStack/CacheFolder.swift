import FoundationEssentials
import Glibc

/// A folder of this user for things that can be made again.
enum CacheFolder {
    /// Makes the folder if it is missing and returns its path: below `XDG_CACHE_HOME` or `~/.cache`, or, where that
    /// cannot be written, in the folder for temporary files.
    static func prepare(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        temporary: String = TemporaryFolder.root
    ) throws -> String {
        let usual = [environment["XDG_CACHE_HOME"], environment["HOME"].map { $0 + "/.cache" }]
            .compactMap { $0 }.filter { $0.hasPrefix("/") }.map { $0 + "/sysndd-ctl/servers" }
        let fallback = "\(temporary)/sysndd-ctl-servers-\(geteuid())"
        for path in usual + [fallback] {
            try? PrivateFile.makeFolder(path)
            // Files planted by somebody else must not end up in our servers.
            if PrivateFile.isPrivateFolder(path, of: geteuid()), access(path, W_OK | X_OK) == 0 { return path }
        }
        throw DevStackError(
            .fileUnusable, "no folder for cached files", hint: "set XDG_CACHE_HOME to one you may write")
    }
}
