import Foundation
import OpsCore
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The built `sysndd-ctl`, run as a process of its own.
public struct Tool: Sendable {
    /// How a run ended.
    public struct Outcome: Sendable {
        /// Exit code; nil when a signal ended it.
        public var exitCode: Int32?
        public var output: String
        public var errorOutput: String

        public init(exitCode: Int32? = nil, output: String = "", errorOutput: String = "") {
            self.exitCode = exitCode
            self.output = output
            self.errorOutput = errorOutput
        }

        /// Standard output as one JSON document.
        public func json() throws -> [String: Any] {
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            guard let object = value as? [String: Any] else { throw CocoaError(.coderReadCorrupt) }
            return object
        }
    }

    /// Its path: the tests' own bundle lies beside it.
    public static let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "sysndd-ctl").path

    /// The variables that a run gets, beside PATH and HOME; nothing else is passed on.
    public var environment: [String: String]
    /// The working directory.
    public var folder: String

    public init(environment: [String: String] = [:], folder: String = NSTemporaryDirectory()) {
        self.environment = environment
        self.folder = folder
    }

    /// A tool that is connected to a database.
    public init(
        database: DatabaseSettings, environment: [String: String] = [:], folder: String = NSTemporaryDirectory()
    ) {
        let url = ["DATABASE_URL": database.url(includingPassword: true)]
        self.init(environment: url.merging(environment) { $1 }, folder: folder)
    }

    /// Runs it to its end. Meanwhile `body` gets its process number; the process is killed when `body` throws.
    public func run(
        _ arguments: String..., meanwhile body: @escaping @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> Outcome {
        try await run(arguments, meanwhile: body)
    }

    /// The same with the arguments as a list, and with another program that runs the tool.
    public func run(
        program: String = Self.path, _ arguments: [String],
        meanwhile body: @escaping @Sendable (Int32) async throws -> Void = { _ in }
    ) async throws -> Outcome {
        let result = try await Subprocess.run(
            .path(FilePath(program)), arguments: Arguments(arguments), environment: .custom(variables),
            workingDirectory: FilePath(folder), input: .none, output: .string(limit: 1 << 24),
            error: .string(limit: 1 << 24)
        ) { execution in
            let process = execution.processIdentifier.value
            do {
                try await body(process)
            } catch {
                kill(process, SIGKILL)
                throw error
            }
        }
        var outcome = Outcome(
            output: result.standardOutput, errorOutput: result.standardError)
        if case .exited(let code) = result.terminationStatus { outcome.exitCode = code }
        return outcome
    }

    private var variables: [Environment.Key: String] {
        let inherited = ProcessInfo.processInfo.environment
        var all = ["PATH": inherited["PATH"] ?? "/usr/bin:/bin", "HOME": folder]
        all.merge(environment) { $1 }
        return Dictionary(uniqueKeysWithValues: all.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
    }
}
