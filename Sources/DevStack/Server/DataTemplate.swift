import FoundationEssentials
import Glibc

/// A freshly initialised data folder, made once per user and server version, of which every server gets a copy.
///
/// It holds no password; the start statements set those of the copy.
struct DataTemplate {
    let programs: ServerPrograms
    /// A folder that `CacheFolder.prepare` returned, or one like it.
    let cache: String

    /// Raised when the way of making a template changes.
    private static let edition = 1
    private static let stagingSuffix = ".partial-"

    /// Removes copies to `target` that were never finished.
    static func removeUnfinishedCopies(of target: String) throws {
        let parts = target.split(separator: "/")
        let folder = "/" + parts.dropLast().joined(separator: "/")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where name.hasPrefix((parts.last ?? "") + stagingSuffix) {
            try? PrivateFile.remove("\(folder)/\(name)")
        }
    }

    /// Copies the template to `target`, which must not exist; it appears in one step, complete.
    func copy(to target: String, owner: FileOwner?) async throws {
        let source = try await prepare()
        // A name of its own for every attempt: a `cp` that outlived its killed starter must not get into this copy.
        let staging = try TemporaryFolder.make(prefix: target + Self.stagingSuffix)
        try await Command.run("cp", ["-a", "--reflink=auto", "-T", "--", source, staging])
        if let owner {
            try await Command.run("chown", ["-R", "--", "\(owner.user):\(owner.group)", staging])
        }
        guard rename(staging, target) == 0 else { throw DevStackError.system("create", target) }
    }

    /// The template's path; makes it if it is missing.
    func prepare() async throws -> String {
        let version = try await programs.version()
        let name = version.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".+-_".contains($0)) ? $0 : "_" }
        let path = "\(cache)/template-\(Self.edition)-\(String(name))"
        if PrivateFile.exists(path) { return path }
        try await FileLock.withLock(cache + "/template.lock", timeout: .seconds(120)) {
            if !PrivateFile.exists(path) { try await make(path) }
        }
        return path
    }

    private func make(_ path: String) async throws {
        removeOldAttempts()
        let staging = try TemporaryFolder.make(prefix: cache + "/partial-")
        defer { try? PrivateFile.remove(staging) }
        let data = staging + "/data"
        let temporary = staging + "/tmp"
        for folder in [data, temporary] { try PrivateFile.makeFolder(folder) }
        let arguments = installerArguments(data: data, temporary: temporary)
        try await Command.run(programs.installer, arguments, environment: ServerEnvironment.values)
        try await Command.run("chmod", ["-R", "u=rwX,go=", "--", data])
        // Once in the life of a template: after a power failure no file of it may be found empty.
        try await Command.run("sync", ["-f", data])
        guard rename(data, path) == 0 else { throw DevStackError.system("create", path) }
    }

    /// Removes what killed attempts left behind; an installer that outlived its starter is left alone.
    private func removeOldAttempts() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []
        for path in names.filter({ $0.hasPrefix("partial-") }).map({ "\(cache)/\($0)" }) {
            let changed = PrivateFile.information(path)?.st_mtim.tv_sec ?? time(nil)
            if time(nil) - changed > 600 { try? PrivateFile.remove(path) }
        }
    }

    private func installerArguments(data: String, temporary: String) -> [String] {
        // `--force`: without it, a machine whose own name does not resolve is refused.
        let fixed = [
            "--no-defaults", "--force", "--skip-test-db", "--skip-name-resolve",
            "--auth-root-authentication-method=normal", "--innodb-log-file-size=4M", "--datadir=\(data)",
            "--tmpdir=\(temporary)",
        ]
        let layout = OptionFile.layout.map { "--\($0)=\($1)" }
        return fixed + layout + (geteuid() == 0 ? ["--user=root"] : [])
    }
}
