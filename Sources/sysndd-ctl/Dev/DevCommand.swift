import ArgumentParser
import DevStack
import Foundation
import OpsCore

struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "A private stack for development: database, migrations and shim, without containers.",
        discussion: """
            EXAMPLE
              sysndd-ctl dev up
            """,
        subcommands: [DevUp.self, DevDown.self, DevStatus.self, DevReset.self, DevMail.self])
}

/// Which stack is meant.
struct StackOptions: ParsableArguments {
    @Option(help: "The folder of the stack.")
    var folder = StackFolder.defaultName

    @Option(name: .customLong("dir"), help: "The migrations folder.")
    var migrations = "migrations"

    var stack: Stack {
        get throws {
            guard let executable = Bundle.main.executablePath else {
                throw DevStackError(.programNotFound, "cannot find out which file this program was started from")
            }
            return Stack(
                folder: StackFolder(folder), executable: executable,
                migrations: URL(filePath: migrations).path)
        }
    }
}

struct DevUp: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start what does not run yet, apply what is pending, print the addresses.",
        discussion: """
            EXAMPLE
              sysndd-ctl dev up --folder .sysndd
            """)

    @OptionGroup var options: StackOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let quiet = output.quiet
        let report = try await options.stack.up { Output.note($0, unless: quiet) }
        try Output.write(report, as: output.format) { $0.text + "\n\n" + $0.environmentHint }
    }
}

struct DevDown: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Stop the stack and keep its data.",
        discussion: """
            EXAMPLE
              sysndd-ctl dev down
            """)

    @OptionGroup var options: StackOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let stack = try options.stack
        let wasRunning = try await stack.down()
        Output.note(wasRunning ? "stopped" : "nothing was running", unless: output.quiet)
        if output.format == .json { try Output.write(await stack.report(), as: .json, render: \.text) }
    }
}

struct DevStatus: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what of the stack runs; ends with 1 when not everything does.",
        discussion: """
            EXAMPLE
              sysndd-ctl dev status
            """)

    @OptionGroup var options: StackOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = try await options.stack.report()
        try Output.write(report, as: output.format, render: \.text)
        if !report.isUp { throw ExitCode(ExitStatus.failed.rawValue) }
    }
}

struct DevReset: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Stop the stack and remove its data; the next `dev up` begins anew.",
        discussion: """
            EXAMPLE
              sysndd-ctl dev reset
            """)

    @OptionGroup var options: StackOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let stack = try options.stack
        try await stack.reset()
        Output.note("removed the data of \(stack.folder.path)", unless: output.quiet)
        if output.format == .json { try Output.write(await stack.report(), as: .json, render: \.text) }
    }
}

extension StackReport {
    fileprivate var text: String {
        let place = database.socketPath.map { ", socket \($0)" } ?? ""
        return """
            database   \(database.state.rawValue)\(database.port.map { ", 127.0.0.1:\($0)" } ?? "")\(place)
            shim       \(url.map { "running, \($0)" } ?? "stopped")
            mail       \(mailUrl.map { "running, \($0), takes mail at \(smtpUrl ?? "")" } ?? "stopped")
            """
    }

    fileprivate var environmentHint: String {
        """
        readiness  \(url ?? "")/api/health/ready
        settings   sysndd-ctl migrate status --env-file \(envFile)
        client     mariadb --defaults-file=\(clientFile)
        """ + signInHint
    }

    private var signInHint: String {
        guard let administrator, let administratorPasswordFile else { return "" }
        return "\nsign in    as \(administrator), password in \(administratorPasswordFile)"
    }
}
