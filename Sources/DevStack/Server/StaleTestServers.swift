import FoundationEssentials
import Glibc

/// Finds what throw-away servers left behind: their owner and their watcher were killed together.
enum StaleTestServers {
    /// Ends and removes every throw-away server in `root` whose owner does not run any more.
    static func remove(in root: String) async {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        for name in names where name.hasPrefix(TestServer.folderPrefix) {
            let folder = StackFolder("\(root)/\(name)")
            guard isOurs(folder), hasLostOwner(folder) else { continue }
            // Another process may be at the same work; whoever comes later finds nothing to do.
            _ = try? await EmbeddedServer(folder: folder, options: ServerOptions(stopGrace: .zero)).stop()
            try? SocketFolder.remove(folder)
            try? PrivateFile.remove(folder.path)
        }
    }

    private static func isOurs(_ folder: StackFolder) -> Bool {
        guard let found = PrivateFile.information(folder.path) else { return false }
        return found.st_mode & S_IFMT == S_IFDIR && (geteuid() == 0 || found.st_uid == geteuid())
    }

    private static func hasLostOwner(_ folder: StackFolder) -> Bool {
        if let owner = try? DetachedProcess.load(from: TestServer.ownerFile(in: folder)) { return !owner.isRunning }
        // No owner on record: it is being made right now, or its maker was killed at that very moment.
        let made = PrivateFile.information(folder.path)?.st_mtim.tv_sec ?? time(nil)
        return time(nil) - made > 60
    }
}
