import Foundation

/// Remembers, in the backup folder, how often in a row an operation has failed, so that a success can be told as the end
/// of it. A folder that cannot be written remembers nothing, and only that is lost.
struct NoticeMemory: Sendable {
    private static let fileName = ".notices.json"

    /// Failures in a row, by database, and for anything but a backup by operation too.
    private typealias State = [String: Int]

    let directory: String
    let database: String
    /// Nil for a backup.
    var operation: String?

    var failures: Int { load()[key] ?? 0 }

    func noteSuccess() { change { $0[key] = nil } }

    func noteFailure() { change { $0[key, default: 0] += 1 } }

    private var key: String { operation.map { "\(database) \($0)" } ?? database }

    private var file: URL { URL(filePath: directory).appending(path: Self.fileName) }

    private func load() -> State {
        (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(State.self, from: $0) } ?? [:]
    }

    private func change(_ body: (inout State) -> Void) {
        let before = load()
        var state = before
        body(&state)
        guard state != before, let data = try? JSONEncoder().encode(state) else { return }
        let staging = file.path + ".\(UInt64.random(in: 0 ... .max))"
        guard FileManager.default.createFile(atPath: staging, contents: data, attributes: [.posixPermissions: 0o600])
        else { return }
        if rename(staging, file.path) != 0 { unlink(staging) }
    }
}
