import FoundationEssentials
import Glibc

/// Who shall own a file; only root can give files away.
struct FileOwner: Sendable, Equatable {
    let user: uid_t
    let group: gid_t
}

/// Files that only their owner may read: mode 0600 in folders of mode 0700.
enum PrivateFile {
    /// Replaces the file in one step: a reader sees the old text or the new one, never a part.
    static func write(_ text: String, to path: String, owner: FileOwner? = nil) throws {
        // A name of its own for every writer: two of them must not meet in one file.
        let staging = "\(path).new-\(UInt32.random(in: 0...UInt32.max))"
        let file = open(staging, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw DevStackError.system("create", staging) }
        defer { close(file) }
        do {
            if let owner, fchown(file, owner.user, owner.group) != 0 { throw DevStackError.system("give away", path) }
            try writeAll(Array(text.utf8), to: file, path: path)
            guard fsync(file) == 0, rename(staging, path) == 0 else { throw DevStackError.system("write", path) }
        } catch {
            unlink(staging)
            throw error
        }
    }

    /// The text of a file, nil when there is no such file.
    static func read(_ path: String) throws -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw DevStackError.system("read", path)
        }
        defer { close(file) }
        return String(decoding: try readAll(file, path: path), as: UTF8.self)
    }

    /// Opens a log for appending and returns its descriptor, which is closed when another program is executed.
    static func openLog(_ path: String) throws -> Int32 {
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw DevStackError.system("open", path) }
        return file
    }

    /// Makes the folder, and its parents, if it is missing; sets its mode to 0700 and its owner.
    static func makeFolder(_ path: String, owner: FileOwner? = nil) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DevStackError(.fileUnusable, "cannot create \(path)", hint: "check the folder that it lies in")
        }
        guard chmod(path, 0o700) == 0 else { throw DevStackError.system("protect", path) }
        if let owner, chown(path, owner.user, owner.group) != 0 { throw DevStackError.system("give away", path) }
    }

    /// Removes a file or a whole folder; one that is not there is no error.
    static func remove(_ path: String) throws {
        guard exists(path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            if exists(path) { throw DevStackError(.fileUnusable, "cannot remove \(path)", hint: "remove it by hand") }
        }
    }

    /// True for anything of that name, a dangling symbolic link too.
    static func exists(_ path: String) -> Bool { information(path) != nil }

    /// What lies at that path, without following a symbolic link; nil when nothing does.
    static func information(_ path: String) -> stat? {
        var information = stat()
        return lstat(path, &information) == 0 ? information : nil
    }

    /// True for a real folder, not a link to one, that belongs to `user` and that nobody else may enter.
    static func isPrivateFolder(_ path: String, of user: uid_t) -> Bool {
        guard let found = information(path) else { return false }
        return found.st_mode & S_IFMT == S_IFDIR && found.st_uid == user && found.st_mode & 0o077 == 0
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32, path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw DevStackError.system("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func readAll(_ file: Int32, path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw DevStackError.system("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
