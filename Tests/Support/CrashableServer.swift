import DevStack
import Foundation
import Glibc
import OpsCore
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A server that a test kills and starts again on its data and its port. What it has told to be committed is with the
/// operating system by then.
public struct CrashableServer: Sendable {
    /// How to reach it with all rights, without a default database.
    public let settings: DatabaseSettings
    /// Ends it with `SIGKILL`, and returns when it is gone.
    public let kill: @Sendable () async throws -> Void
    /// Starts it again, and returns when it takes logins.
    public let start: @Sendable () async throws -> Void

    /// The engine of `scripts/engines`, or an embedded server of the test's own.
    public static func with(_ target: TestTarget, _ body: (CrashableServer) async throws -> Void) async throws {
        guard target.description == TestTarget.embedded.description else {
            return try await body(engine(target.description, try await target.settings()))
        }
        let server = try await TestServer.start(settings: ["innodb-flush-log-at-trx-commit": "1"])
        do {
            try await body(embedded(server))
        } catch {
            try? await server.stop()
            throw error
        }
        try await server.stop()
    }

    private static func embedded(_ server: TestServer) -> CrashableServer {
        CrashableServer(settings: server.endpoint.rootSettings) {
            guard let process = try await server.server.status().pid else { return }
            _ = Glibc.kill(process, SIGKILL)
            try await eventually { try await server.server.status().pid == nil }
        } start: {
            _ = try await server.server.start()
        }
    }

    private static func engine(_ name: String, _ settings: DatabaseSettings) -> CrashableServer {
        CrashableServer(settings: settings) {
            try await engines("crash", name)
        } start: {
            try await engines("resume", name)
        }
    }

    private static func engines(_ verb: String, _ name: String) async throws {
        let script = URL(filePath: #filePath).appending(path: "../../../scripts/engines").standardized.path
        let result = try await Subprocess.run(
            .path(FilePath(script)), arguments: [verb, name], output: .discarded, error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else { throw Failure(description: result.standardError) }
    }

    /// What the script said.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }
}
