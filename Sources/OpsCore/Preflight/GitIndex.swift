import Foundation

/// The list of files that a git repository tracks, read from its index; no program is started for it.
enum GitIndex {
    /// Whether the repository that a file lies in, if any, tracks it.
    /// - Throws: ``CheckNotPossible`` when there is an index that cannot be read.
    static func contains(_ path: String) throws -> Bool {
        let file = URL(filePath: path).standardizedFileURL
        var folder = file.deletingLastPathComponent()
        while true {
            let git = folder.appending(path: ".git")
            if let index = indexFile(git) {
                let root = folder.path.hasSuffix("/") ? folder.path : folder.path + "/"
                return try names(in: index).contains(String(file.path.dropFirst(root.count)))
            }
            let parent = folder.deletingLastPathComponent().standardizedFileURL
            guard parent.path != folder.path else { return false }
            folder = parent
        }
    }

    /// In a worktree or a submodule `.git` is a file that tells where the folder is.
    private static func indexFile(_ git: URL) -> URL? {
        if let text = try? String(contentsOf: git, encoding: .utf8), text.hasPrefix("gitdir: ") {
            let target = String(text.dropFirst(8)).trimmed
            let folder =
                target.hasPrefix("/") ? URL(filePath: target) : git.deletingLastPathComponent().appending(path: target)
            return folder.appending(path: "index")
        }
        let index = git.appending(path: "index")
        return FileManager.default.fileExists(atPath: index.path) ? index : nil
    }

    private static func names(in index: URL) throws -> Set<String> {
        let unreadable = CheckNotPossible("\(index.path) cannot be read", remedy: "git status")
        guard let data = try? Data(contentsOf: index) else { throw unreadable }
        guard let names = parse([UInt8](data)) else { throw unreadable }
        return names
    }

    /// Versions 2 to 4 of the format; nil for anything else.
    static func parse(_ bytes: [UInt8]) -> Set<String>? {
        func number(_ offset: Int, _ size: Int) -> Int? {
            guard offset + size <= bytes.count else { return nil }
            return bytes[offset..<offset + size].reduce(0) { $0 << 8 | Int($1) }
        }
        guard bytes.starts(with: Array("DIRC".utf8)), let version = number(4, 4), (2...4).contains(version),
            let count = number(8, 4)
        else { return nil }
        var names: Set<String> = []
        var previous: [UInt8] = []
        var offset = 12
        for _ in 0..<count {
            guard let flags = number(offset + 60, 2) else { return nil }
            var start = offset + 62 + (flags & 0x4000 == 0 ? 0 : 2)
            var name: [UInt8] = []
            if version == 4 {
                guard let (dropped, next) = prefixLength(bytes, start), dropped <= previous.count else { return nil }
                name = previous.dropLast(dropped)
                start = next
            }
            guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0) else { return nil }
            name += bytes[start..<end]
            names.insert(String(decoding: name, as: UTF8.self))
            previous = name
            // Up to version 3 an entry is padded with 1 to 8 zeros to a multiple of 8.
            offset = version == 4 ? end + 1 : offset + (end - offset + 8) / 8 * 8
        }
        return names
    }

    /// How much of the previous name an entry of version 4 drops, in git's own encoding of numbers.
    private static func prefixLength(_ bytes: [UInt8], _ start: Int) -> (value: Int, next: Int)? {
        var offset = start
        guard offset < bytes.count else { return nil }
        var value = Int(bytes[offset] & 0x7F)
        while bytes[offset] & 0x80 != 0 {
            offset += 1
            guard offset < bytes.count, value < 1 << 40 else { return nil }
            value = (value + 1) << 7 | Int(bytes[offset] & 0x7F)
        }
        return (value, offset + 1)
    }
}
