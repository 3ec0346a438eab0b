import Glibc

/// The system account that a private server runs under.
struct ServerAccount: Equatable {
    /// What the server is told with `user`, nil when the starter is an ordinary user.
    let name: String?
    /// Who gets the server's files, nil for whoever makes them.
    let owner: FileOwner?
    /// Something that the operator should know about the choice.
    let note: String?

    /// The account for a server in that folder.
    ///
    /// An ordinary user runs it as himself. Root runs it as `preferred`, if there is such an account and it can reach
    /// the folder, or else as root.
    static func choose(for folder: StackFolder, preferred: String) -> ServerAccount {
        guard geteuid() == 0 else { return ServerAccount(name: nil, owner: nil, note: nil) }
        guard let owner = owner(named: preferred) else {
            return asRoot("there is no user \(preferred)")
        }
        if let barrier = firstBarrier(above: folder.path, for: owner) {
            return asRoot("\(preferred) may not enter \(barrier)")
        }
        return ServerAccount(name: preferred, owner: owner, note: nil)
    }

    /// The first folder above `path` that the account may not enter.
    static func firstBarrier(above path: String, for owner: FileOwner) -> String? {
        let parts = path.split(separator: "/").dropLast()
        return (0...parts.count).lazy.map { "/" + parts.prefix($0).joined(separator: "/") }
            .first { folder in
                // A folder that is still to be made will be 0755 or so; the server's own is given to the account.
                guard let found = PrivateFile.information(folder) else { return false }
                let needed: mode_t =
                    found.st_uid == owner.user ? 0o100 : found.st_gid == owner.group ? 0o010 : 0o001
                return found.st_mode & needed == 0
            }
    }

    private static func asRoot(_ reason: String) -> ServerAccount {
        ServerAccount(
            name: "root", owner: FileOwner(user: 0, group: 0), note: "the database server runs as root: \(reason)")
    }

    private static func owner(named name: String) -> FileOwner? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return FileOwner(user: entry.pw_uid, group: entry.pw_gid)
    }
}
