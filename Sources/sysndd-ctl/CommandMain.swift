import ArgumentParser
import Dispatch
import Foundation
import OpsCore
import Synchronization

/// Runs a command as the process's one task, ends it in order on a signal, and turns every error into its message and
/// exit code.
enum CommandMain {
    private struct Signals {
        var received: ExitStatus?
        /// True once the command ends in order on signals by itself.
        var areLeftToCommand = false
    }

    private static let signals = Mutex(Signals())

    /// From now on the running command takes care of signals, as a server does.
    static func leaveSignalsToCommand() { signals.withLock { $0.areLeftToCommand = true } }

    /// Unchecked: the command is touched by the one task that runs it and, after that has ended, by `run` again.
    private struct Parsed: @unchecked Sendable { let command: any ParsableCommand }

    static func run(_ root: any AsyncParsableCommand.Type) async {
        forbidCoreDumps()
        let parsed = Parsed(command: parsed(root))
        let command = parsed.command
        let task = Task { try await execute(parsed.command) }
        let sources = watchSignals { task.cancel() }
        let result = await task.result
        withExtendedLifetime(sources) {}
        switch result {
        case .success: Foundation.exit(signals.withLock { $0.received }?.rawValue ?? 0)
        case .failure(let error): exit(running: error, command, root)
        }
    }

    /// What this process holds in memory includes passwords and keys. Programs that it starts inherit this.
    private static func forbidCoreDumps() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(UInt32(RLIMIT_CORE.rawValue)), &none)
    }

    private static func parsed(_ root: any AsyncParsableCommand.Type) -> any ParsableCommand {
        do {
            return try root.parseAsRoot()
        } catch {
            exit(parsing: error, root)
        }
    }

    private static func execute(_ command: any ParsableCommand) async throws {
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            var command = command
            try command.run()
        }
    }

    /// The first signal cancels the task, which then stops in order; a second one ends the process at once.
    private static func watchSignals(_ cancel: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
        [(SIGINT, ExitStatus.interrupted), (SIGTERM, .terminated)].map { number, status in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                let isFirst: Bool? = signals.withLock { state in
                    guard !state.areLeftToCommand else { return nil }
                    defer { state.received = status }
                    return state.received == nil
                }
                switch isFirst {
                case true: cancel()
                case false: Foundation.exit(status.rawValue)
                case nil: break
                }
            }
            source.resume()
            return source
        }
    }

    /// Help and version are what was asked for; anything else is wrong usage, told as JSON to whoever asked for JSON.
    private static func exit(parsing error: any Error, _ root: any ParsableCommand.Type) -> Never {
        let text = root.fullMessage(for: error)
        if root.exitCode(for: error) == .success {
            Output.write(text, to: .standardOutput)
            Foundation.exit(0)
        }
        switch requestedFormat {
        case .text: Output.write(text, to: .standardError)
        case .json: Output.write(ErrorReport(usage: root.message(for: error), help: text), as: .json)
        }
        Foundation.exit(ExitStatus.usage.rawValue)
    }

    /// The format on the command line: no command holds it when parsing has failed, and some have formats of their own.
    private static var requestedFormat: OutputFormat {
        let arguments = CommandLine.arguments.dropFirst().prefix { $0 != "--" }
        let isJSON =
            arguments.contains("--format=json")
            || zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1 == "json" }
        return isJSON ? .json : .text
    }

    private static func exit(
        running error: any Error, _ command: any ParsableCommand, _ root: any ParsableCommand.Type
    ) -> Never {
        if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
        // Help is asked for, and wrong usage found, while a command runs too; all other errors are plain failures there.
        if root.exitCode(for: error) != .failure { exit(parsing: error, root) }
        let format = (command as? any HasOutputFormat)?.output.format ?? requestedFormat
        let report = ErrorReport(error)
        Output.write(report, as: format)
        Foundation.exit((signals.withLock { $0.received } ?? report.exitStatus).rawValue)
    }
}
