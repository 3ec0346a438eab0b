import FoundationEssentials
import Glibc

/// Folders for files that nobody needs later.
enum TemporaryFolder {
    /// The folder for temporary folders: `TMPDIR`, or else `/tmp`.
    static var root: String {
        let chosen = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        // The watcher over throw-away servers looks for whole lines.
        guard chosen.hasPrefix("/"), !chosen.contains("\n") else { return "/tmp" }
        return chosen.count > 1 && chosen.hasSuffix("/") ? String(chosen.dropLast()) : chosen
    }

    /// Makes a new folder of mode 0700 whose path starts with `prefix`.
    static func make(prefix: String) throws -> String {
        var template = Array((prefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw DevStackError.system("create", prefix + "…") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
