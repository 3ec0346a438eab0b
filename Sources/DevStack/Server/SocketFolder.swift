import Glibc

/// The folder of a stack's socket. The path of a socket has at most 107 bytes, the path of a stack any length.
enum SocketFolder {
    private static let longestPath = 107
    private static let socketName = "database.sock"
    private static let shortPrefix = "/tmp/sysndd-run-"

    /// The socket of a prepared stack.
    static func socket(of folder: StackFolder) -> String { "\(target(of: folder) ?? folder.run)/\(socketName)" }

    /// Makes the folder where it is missing: inside the stack or, if that path is too long, in `/tmp` with a link in
    /// the stack that remembers it.
    static func prepare(_ folder: StackFolder, owner: FileOwner?) throws {
        let user = owner?.user ?? geteuid()
        if "\(folder.run)/\(socketName)".utf8.count <= longestPath {
            if target(of: folder) != nil { try remove(folder) }
            return try PrivateFile.makeFolder(folder.run, owner: owner)
        }
        // A link may be older than the last boot, and somebody else may have made a folder of that name since.
        if let target = target(of: folder), PrivateFile.isPrivateFolder(target, of: user) { return }
        try PrivateFile.remove(folder.run)
        let short = try makeShortFolder(owner: owner)
        guard symlink(short, folder.run) == 0 else { throw DevStackError.system("create", folder.run) }
    }

    /// Removes the folder, the short one too.
    static func remove(_ folder: StackFolder) throws {
        if let target = target(of: folder), target.hasPrefix(shortPrefix) { try PrivateFile.remove(target) }
        try PrivateFile.remove(folder.run)
    }

    /// Where the link points, nil if the folder is no link.
    private static func target(of folder: StackFolder) -> String? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = buffer.withUnsafeMutableBytes { bytes in
            readlink(folder.run, bytes.bindMemory(to: CChar.self).baseAddress!, bytes.count)
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    private static func makeShortFolder(owner: FileOwner?) throws -> String {
        let path = try TemporaryFolder.make(prefix: shortPrefix)
        if let owner, chown(path, owner.user, owner.group) != 0 { throw DevStackError.system("give away", path) }
        return path
    }
}
