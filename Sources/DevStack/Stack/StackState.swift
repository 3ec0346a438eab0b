import FoundationEssentials

/// Choices that a stack keeps from one start to the next.
public struct StackState: Codable, Sendable, Equatable {
    /// The port of the database server on 127.0.0.1.
    public var databasePort: UInt16?
    /// The port of the HTTP shim on 127.0.0.1.
    public var apiPort: UInt16?
    /// The port of the mail capture's SMTP server on 127.0.0.1.
    public var smtpPort: UInt16?
    /// The port of the mail capture's HTTP server on 127.0.0.1.
    public var mailPort: UInt16?

    /// Nothing chosen yet.
    public init() {}

    /// What is remembered in that folder; empty when nothing is.
    ///
    /// - Throws: `DevStackError` with code `file_unusable` when the file holds something else.
    public static func load(from folder: StackFolder) throws -> StackState {
        guard let text = try PrivateFile.read(folder.state) else { return StackState() }
        do {
            return try JSONDecoder().decode(StackState.self, from: Data(text.utf8))
        } catch {
            throw DevStackError(
                .fileUnusable, "\(folder.state) is not what this program wrote",
                hint: "remove that file and try again: ports are then chosen anew")
        }
    }

    /// Changes what is remembered; safe against other processes that do so at the same time.
    @discardableResult
    public static func update(in folder: StackFolder, _ change: (inout StackState) -> Void) throws -> StackState {
        try FileLock.withShortLock(folder.stateLock) {
            let before = try load(from: folder)
            var state = before
            change(&state)
            guard state != before else { return state }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try PrivateFile.write(String(decoding: try encoder.encode(state), as: UTF8.self) + "\n", to: folder.state)
            return state
        }
    }
}
