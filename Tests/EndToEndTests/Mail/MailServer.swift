import Foundation
import OpsCore
import Subprocess
import TestSupport
import Testing

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A mail server in a process of its own: one of the programs in `Servers/`, which tell what they hear.
struct MailServer: Sendable {
    enum Kind: String {
        /// Takes mail as servers do.
        case receiving
        /// Misbehaves as told.
        case scripted
        /// Not a mail server but an API whose mail goes to one.
        case compatible
    }

    /// One thing that a server heard.
    struct Event: Decodable, Sendable {
        let event: String
        var port: Int?
        var line: String?
        var encrypted: Bool?
        var address: String?
        var mechanism: String?
        var good: Bool?
        var recipients: [String]?
        var content: String?
    }

    let port: Int
    private let log: String

    /// What it heard so far.
    var events: [Event] { get throws { try Self.events(in: log) } }

    /// Runs one while `body` runs.
    static func with(
        _ kind: Kind, _ options: [String: any Sendable] = [:],
        _ body: @escaping @Sendable (MailServer) async throws -> Void
    ) async throws {
        let text = String(decoding: try JSONSerialization.data(withJSONObject: options), as: UTF8.self)
        try await TestFolder.with { folder in
            let log = folder + "/events"
            try await run(kind, [log, text]) {
                try await eventually(within: .seconds(30)) { try events(in: log).contains { $0.port != nil } }
                let port = try #require(try events(in: log).compactMap(\.port).first)
                try await body(MailServer(port: port, log: log))
            }
        }
    }

    private static func run(
        _ kind: Kind, _ arguments: [String], _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let program = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Servers/\(kind.rawValue).py").path
        _ = try await Subprocess.run(
            // Debian's own interpreter: that is the one with the packages.
            .path("/usr/bin/python3"), arguments: Arguments([program] + arguments), input: .none,
            output: .discarded, error: .discarded
        ) { execution in
            defer { kill(execution.processIdentifier.value, SIGKILL) }
            try await body()
        }
    }

    private static func events(in log: String) throws -> [Event] {
        guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return [] }
        // The last line may not be whole yet.
        return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
    }
}
